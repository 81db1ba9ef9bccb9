import type { BranchHistory, CallOptions, GitRemote } from '@baton/core';
import { BatonError } from '@baton/core';
import type { Git } from '../git/git.js';
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
  const show = ['log', '-z', '--first-parent', `-n${mostCommits}`, '--format=%H%n%T%n%P%n%B'] as const;
  const { stdout } = await git({ argv: [...show, '--end-of-options', `${left}..${head}`], gitDir: vault }, options);
  const tree = await git({ argv: ['rev-parse', '--verify', `${left}^{tree}`], gitDir: vault }, options);
  const commits: BranchHistory['commits'][number][] = [];
  for (const each of stdout.split('\0').filter((told) => told !== '')) {
    const [id = '', of = '', parents = '', ...message] = each.split('\n');
    const made = { id, tree: of, message: message.join('\n') };
    commits.push(
      (await isUpdate(git, vault, { tree: of, parents: parents.split(' '), base }, options))
        ? { ...made, isUpdate: true }
        : made,
    );
  }
  return { base: { commit: left, tree: tree.stdout.trim() }, commits };
}

/** Whether a commit merges in what the other branch has, and is what git makes of both by itself. */
async function isUpdate(
  git: Git,
  vault: string,
  { tree, parents, base }: { readonly tree: string; readonly parents: readonly string[]; readonly base: string },
  options?: CallOptions,
): Promise<boolean> {
  const [ours, theirs, ...others] = parents;
  if (ours === undefined || theirs === undefined || others.length > 0) return false;
  const ancestry = ['merge-base', '--is-ancestor', theirs, base] as const;
  if ((await git({ argv: ancestry, gitDir: vault, accept: [1] }, options)).exitCode !== 0) return false;
  const merge = ['merge-tree', '--write-tree', '--no-messages', '--name-only', ours, theirs] as const;
  const { exitCode, stdout } = await git({ argv: merge, gitDir: vault, accept: [1] }, options);
  return exitCode === 0 && stdout.split('\n')[0] === tree;
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
