import { pathOfBytes } from '@baton/adapter-kit';
import type { CallOptions, Change } from '@baton/core';
import type { Git } from '../git/git.js';
import type { AlsoAt } from '../vault/symlinks.js';
import type { Attributes } from './attributes.js';
import type { TreeChange } from './changes.js';

/** What changes are described by, beside git's objects. */
export interface Describing {
  readonly attributes: ReadonlyMap<string, Attributes>;
  readonly alsoAt: AlsoAt;
}

/** Changes as the contract has them: with the lengths of contents, with filters, and with the links that lead there. */
export async function describeChanges(
  git: Git,
  vault: string,
  changes: readonly TreeChange[],
  { attributes, alsoAt }: Describing,
  options?: CallOptions,
): Promise<readonly Change[]> {
  const sizes = await sizesOf(git, vault, changes, options);
  return changes.map((change) => {
    const { name, oldName, oldId, id, mode, ...rest } = change;
    const path = pathOfBytes(name);
    const oldPath = oldName === null ? null : pathOfBytes(oldName);
    const linked = [...new Set([...(oldPath === null ? [] : alsoAt(oldPath)), ...alsoAt(path)])].slice(0, mostLinked);
    const isNewFile = id !== oldId && mode !== null && mode.startsWith('100');
    return {
      ...rest,
      path,
      oldPath,
      mode,
      bytes: sizes.get(id) ?? 0,
      oldBytes: sizes.get(oldId) ?? 0,
      // Git itself gives only files to filters.
      filter: isNewFile ? (attributes.get(name)?.filter ?? null) : null,
      ...(linked.length > 0 && { alsoAt: linked }),
    };
  });
}

/** As the contract says. */
const mostLinked = 100;

async function sizesOf(
  git: Git,
  vault: string,
  changes: readonly TreeChange[],
  options?: CallOptions,
): Promise<ReadonlyMap<string, number>> {
  const sides = changes.flatMap(({ id, mode, oldId, oldMode }) => [
    { id, mode },
    { id: oldId, mode: oldMode },
  ]);
  // The commit of a nested repository isn't ours to read.
  const ids = [...new Set(sides.filter(({ mode }) => mode !== null && mode !== '160000').map(({ id }) => id))];
  if (ids.length === 0) return new Map();
  const argv = ['cat-file', '--batch-check=%(objectsize)'] as const;
  const { stdout } = await git({ argv, gitDir: vault, input: ids.map((id) => `${id}\n`).join('') }, options);
  const lines = stdout.split('\n');
  return new Map(ids.map((id, at) => [id, Number(lines[at]) || 0]));
}
