import { BatonError, type CallOptions } from '@baton/core';
import type { Git } from '../git/git.js';
import { findTreeEntry } from './read-tree-file.js';
import { checkedId } from './remotes.js';

/** Stands in decoded text for bytes that were none. */
const replacement = '\uFFFD';

/** A text file of a commit. Null only where the commit has nothing of that path: see `WorkspaceProvider.readText`. */
export async function readCommitFile(
  git: Git,
  vault: string,
  { commit, path, maxBytes }: { readonly commit: string; readonly path: string; readonly maxBytes: number },
  options?: CallOptions,
): Promise<string | null> {
  const found = await findTreeEntry(git, vault, { tree: checkedId(commit), path }, options);
  if (found === null) return null;
  const where = `${JSON.stringify(path)} of commit ${commit.slice(0, 7)}`;
  if (!found.regular)
    throw unreadable(path, where, 'is no regular file', 'Put a file in the place of what stands there.');
  if (found.bytes > maxBytes) {
    throw new BatonError('TOO_LARGE', `${where} has ${found.bytes} bytes; at most ${maxBytes} are read.`, {
      details: { resource: path, limit: 'bytes', allowed: maxBytes },
      adapter: 'git-worktree',
      fix: 'Make it shorter.',
    });
  }
  const { stdout } = await git({ argv: ['cat-file', 'blob', found.id], gitDir: vault }, options);
  if (stdout.includes(replacement)) throw unreadable(path, where, 'is no UTF-8 text', 'Save it as UTF-8.');
  return stdout;
}

function unreadable(resource: string, where: string, why: string, fix: string): BatonError<'UNREADABLE'> {
  return new BatonError('UNREADABLE', `${where} ${why}.`, { details: { resource }, adapter: 'git-worktree', fix });
}
