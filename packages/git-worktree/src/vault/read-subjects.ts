import type { CallOptions } from '@baton/core';
import type { Git } from '../git/git.js';
import { checkedId } from './remotes.js';

/** What the newest commits say of themselves: see `WorkspaceProvider.readSubjects`. */
export async function readSubjects(
  git: Git,
  vault: string,
  { commit, most }: { readonly commit: string; readonly most: number },
  options?: CallOptions,
): Promise<readonly string[]> {
  const argv = ['log', '-z', '--no-merges', `-n${most}`, '--format=%s', '--end-of-options', checkedId(commit)] as const;
  const { stdout } = await git({ argv, gitDir: vault }, options);
  // Between commits stands a NUL; of a commit without a message, nothing stands between two.
  return stdout === '' ? [] : stdout.replace(/\0$/, '').split('\0');
}
