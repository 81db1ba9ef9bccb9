import { pathOfBytes } from '@baton/adapter-kit';
import type { CallOptions } from '@baton/core';
import type { Git } from '../git/git.js';

const mostBytes = 2 ** 20;

/** What stands at a path of a tree. */
export interface TreeEntry {
  /** `blob`, or what else git keeps: a directory is a `tree`, a nested repository a `commit`. */
  readonly type: string;
  /** A file that is neither a link nor anything but a file. */
  readonly regular: boolean;
  readonly id: string;
  /** Zero where it is no file. */
  readonly bytes: number;
}

/** The entry of a tree, or of a commit's tree, from git's objects alone. Null where there is none. */
export async function findTreeEntry(
  git: Git,
  vault: string,
  { tree, path }: { readonly tree: string; readonly path: string },
  options?: CallOptions,
): Promise<TreeEntry | null> {
  // Git refuses to look these up, and no tree can hold them.
  if (path.split('/').some((name) => name === '..' || name === '')) return null;
  const argv = ['ls-tree', '-z', '--long', '--full-tree', tree, '--', path] as const;
  const { stdout } = await git({ argv, gitDir: vault, env: { GIT_LITERAL_PATHSPECS: '1' } }, options);
  const [, mode = '', type = '', id = '', size = ''] = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t/.exec(stdout) ?? [];
  if (id === '') return null;
  return { type, regular: type === 'blob' && mode.startsWith('100'), id, bytes: size === '-' ? 0 : Number(size) };
}

/** Every path of a tree, from git's objects alone. */
export async function listTreePaths(
  git: Git,
  vault: string,
  tree: string,
  options?: CallOptions,
): Promise<readonly string[]> {
  const argv = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', tree] as const;
  const { stdout } = await git({ argv, gitDir: vault, encoding: 'latin1' }, options);
  return stdout.split('\0').slice(0, -1).map(pathOfBytes);
}

/** A regular file of a tree, from git's objects alone. Null where there is none, or it is too long. */
export async function readTreeFile(
  git: Git,
  vault: string,
  file: { readonly tree: string; readonly path: string },
  options?: CallOptions,
): Promise<string | null> {
  const found = await findTreeEntry(git, vault, file, options);
  if (found === null || !found.regular || found.bytes > mostBytes) return null;
  return (await git({ argv: ['cat-file', 'blob', found.id], gitDir: vault }, options)).stdout;
}
