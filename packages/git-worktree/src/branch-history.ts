import type { BranchHistory, CallOptions, GitRemote } from '@baton/core';
import { BatonError } from '@baton/core';
import type { Git } from './git.js';
import { createRemotes } from './remotes.js';

/** Of a longer one the newest are told. */
const mostCommits = 100;

/** What a branch of a remote has beyond another one: see `WorkspaceProvider.readBranch`. */
export async function readBranchHistory(
  git: Git,
  vault: string,
  { remote, branch, onto }: { readonly remote: GitRemote; readonly branch: string; readonly onto: string },
  options?: CallOptions,
): Promise<BranchHistory | null> {
  const remotes = createRemotes(git, vault);
  if ((await remotes.head({ remote, branch }, options)) === null) return null;
  const base = await remotes.fetch({ remote, branch: onto, readableBy: 'commands' }, options);
  const head = await fetchIfThere(() => remotes.fetch({ remote, branch }, options));
  if (head === null) return null;
  const merged = await git({ argv: ['merge-base', base, head], gitDir: vault, accept: [1] }, options);
  const left = merged.stdout.trim();
  if (left === '') return null;
  const show = ['log', '-z', '--first-parent', `-n${mostCommits}`, '--format=%H%n%T%n%B'] as const;
  const { stdout } = await git({ argv: [...show, '--end-of-options', `${left}..${head}`], gitDir: vault }, options);
  const tree = await git({ argv: ['rev-parse', '--verify', `${left}^{tree}`], gitDir: vault }, options);
  return {
    base: { commit: left, tree: tree.stdout.trim() },
    commits: stdout
      .split('\0')
      .filter((each) => each !== '')
      .map((each) => {
        const [id = '', of = '', ...message] = each.split('\n');
        return { id, tree: of, message: message.join('\n') };
      }),
  };
}

/** It may have been deleted since it was looked for. */
async function fetchIfThere(fetch: () => Promise<string>): Promise<string | null> {
  try {
    return await fetch();
  } catch (error) {
    if (BatonError.is(error, 'NOT_FOUND')) return null;
    throw error;
  }
}
