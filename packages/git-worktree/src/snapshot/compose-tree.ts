import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOfPath } from '@baton/adapter-kit';
import type { CallOptions } from '@baton/core';
import type { Git } from '../git/git.js';
import type { Layout } from '../vault/layout.js';

/** A tree, and which of its paths are to be as another has them. */
export interface Composition {
  readonly tree: string;
  readonly from: string;
  readonly paths: readonly string[];
}

/**
 * `Workspace.compose`, in an index of its own: neither the checkout nor its index is touched, and nothing is read
 * but objects. Names are git's bytes, as latin1, and never patterns.
 */
export async function composeTree(
  git: Git,
  layout: Layout,
  { slot, repository }: { readonly slot: string; readonly repository: string },
  { tree, from, paths }: Composition,
  options?: CallOptions,
): Promise<string> {
  const gitDir = layout.vault(repository);
  const directory = join(layout.trash, `${slot}.compose`);
  const where = { gitDir, index: join(directory, 'index') };
  const names = new Set(paths.map((path) => bytesOfPath(path).toString('latin1')));
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  try {
    const argv = ['ls-tree', '-r', '-z', '--full-tree', from] as const;
    const { stdout } = await git({ argv, gitDir, encoding: 'latin1' }, options);
    // Each entry is `<mode> <type> <id>` TAB `<path>` (git-ls-tree(1)), which `--index-info` reads too.
    const kept = stdout.split('\0').filter((entry) => names.has(entry.slice(entry.indexOf('\t') + 1)));
    await git({ argv: ['read-tree', tree], ...where }, options);
    // First all go, so that none stands in the way of another: a file may have become a directory.
    const gone = [...names].map((name) => `0 ${'0'.repeat(tree.length)}\t${name}`);
    const input = [...gone, ...kept].map((entry) => `${entry}\0`).join('');
    await git({ argv: ['update-index', '-z', '--index-info'], ...where, input, encoding: 'latin1' }, options);
    return (await git({ argv: ['write-tree'], ...where }, options)).stdout.trim();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
