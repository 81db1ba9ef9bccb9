import type { CallOptions } from '@baton/core';
import type { Git } from './git.js';

const mostBytes = 2 ** 20;

/** A regular file of a tree, from git's objects alone. Null where there is none, or it is too long. */
export async function readTreeFile(
  git: Git,
  vault: string,
  { tree, path }: { readonly tree: string; readonly path: string },
  options?: CallOptions,
): Promise<string | null> {
  // Git refuses to look these up, and no tree can hold them.
  if (path.split('/').some((name) => name === '..' || name === '')) return null;
  const argv = ['ls-tree', '-z', '--long', '--full-tree', tree, '--', path] as const;
  const { stdout } = await git({ argv, gitDir: vault, env: { GIT_LITERAL_PATHSPECS: '1' } }, options);
  const [, id = '', size = ''] = /^100(?:644|755) blob ([0-9a-f]+) +(\d+)\t/.exec(stdout) ?? [];
  if (id === '' || Number(size) > mostBytes) return null;
  return (await git({ argv: ['cat-file', 'blob', id], gitDir: vault }, options)).stdout;
}
