import { lstat, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions } from '@baton/core';
import { pathOf } from '../bounds/snapshot-bounds.js';
import type { Place } from '../checkout/checkout.js';
import type { Git } from '../git/git.js';
import type { Layout } from '../vault/layout.js';
import { type Attributes, readAttributes } from './attributes.js';
import type { TreeChange } from './changes.js';

/** The base of a checkout as its own attributes have it. */
export interface BaseForms {
  /** What the base's `.gitattributes` say of names (git's bytes, as latin1). */
  attributes(names: readonly string[]): Promise<ReadonlyMap<string, Attributes>>;
  /** Those of these whose files are byte for byte what a checkout of the base writes. */
  untouched(changes: readonly TreeChange[]): Promise<readonly TreeChange[]>;
}

/** Reads the base into an index and a directory of its own, which are gone afterwards. */
export async function readBaseForms<T>(
  { git, layout }: { readonly git: Git; readonly layout: Layout },
  { slot, repository }: Place,
  baseCommit: string,
  task: (base: BaseForms) => Promise<T>,
  options?: CallOptions,
): Promise<T> {
  const root = layout.worktree(slot);
  const directory = join(layout.trash, `${slot}.base`);
  // A checkout of its own, so that the attributes which stand in the other one have no say.
  const forms = join(directory, 'forms');
  const where = { gitDir: layout.vault(repository), workTree: forms, index: join(directory, 'index') };
  await rm(directory, { recursive: true, force: true });
  await mkdir(forms, { recursive: true });
  try {
    await git({ argv: ['read-tree', baseCommit], ...where }, options);
    return await task({
      attributes: (names) => readAttributes(git, where, names, options),
      async untouched(changes) {
        const argv = ['checkout-index', '--quiet', '-z', '--stdin'] as const;
        const input = changes.map(({ name }) => `${name}\0`).join('');
        await git({ argv, ...where, input, encoding: 'latin1' }, options);
        const found: TreeChange[] = [];
        for (const change of changes) {
          options?.signal?.throwIfAborted();
          if (await areEqual(pathOf(root, change.name), pathOf(forms, change.name))) found.push(change);
        }
        return found;
      },
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function areEqual(one: Buffer, other: Buffer): Promise<boolean> {
  const [first, second] = [await lstat(one), await lstat(other)];
  if (!first.isFile() || !second.isFile() || first.size !== second.size) return false;
  return (await readFile(one)).equals(await readFile(other));
}
