import { BatonError, type CallOptions, type WorkspaceKey } from '@baton/core';
import type { Git } from './git.js';
import { identity, remoteRefs } from './remotes.js';

/** What is kept of one attempt. */
export interface RescueRequest {
  readonly vault: string;
  readonly key: WorkspaceKey;
  readonly baseCommit: string;
  /** The checkout as it is, or null where only commits count. */
  readonly tree: string | null;
  readonly at: number;
}

/** The newest commit of an attempt stands here, so that it is found again. */
export function headRef(key: WorkspaceKey): string {
  return `refs/baton/commits/${key.job}/${key.attempt}`;
}

/** Commits of an attempt that were pushed stand below here. */
export function pushedRefs(key: WorkspaceKey): string {
  return `refs/baton/pushed/${key.job}/${key.attempt}`;
}

/** Where an attempt's rescued work stands. */
export function rescueRef(key: WorkspaceKey): string {
  return `refs/baton/rescue/${key.job}/${key.attempt}`;
}

/** The rescue ref of an attempt in whichever of these vaults has it, or null. */
export async function findRescue(
  git: Git,
  vaults: readonly string[],
  key: WorkspaceKey,
  options?: CallOptions,
): Promise<string | null> {
  for (const vault of vaults) {
    const [found] = await resolve(git, vault, [`${rescueRef(key)}^{commit}`], options);
    if (found) return rescueRef(key);
  }
  return null;
}

/** Forgets an attempt's commits, once they are pushed or rescued: refs must not pile up with the jobs. */
export async function forgetCommits(git: Git, vault: string, key: WorkspaceKey, options?: CallOptions): Promise<void> {
  const argv = ['for-each-ref', '--format=delete %(refname)', headRef(key), `${pushedRefs(key)}/`] as const;
  const { stdout } = await git({ argv, gitDir: vault }, options);
  if (stdout !== '') await git({ argv: ['update-ref', '--stdin'], gitDir: vault, input: stdout }, options);
}

/**
 * Keeps what no remote has under `refs/baton/rescue/<job>/<attempt>`; its name, or null where there is nothing.
 * What an earlier rescue kept stays reachable from the new one.
 */
export async function rescueWork(git: Git, request: RescueRequest, options?: CallOptions): Promise<string | null> {
  const { vault, key, baseCommit } = request;
  const ref = rescueRef(key);
  const names = [
    `${headRef(key)}^{commit}`,
    `${headRef(key)}^{tree}`,
    `${baseCommit}^{tree}`,
    `${ref}^{commit}`,
    `${ref}^{tree}`,
  ];
  const [ownHead = null, ownTree = null, baseTree = null, before = null, beforeTree = null] = await resolve(
    git,
    vault,
    names,
    options,
  );
  if (baseTree === null) throw unreadable(vault, baseCommit);
  const head = ownHead ?? baseCommit;
  const headTree = ownTree ?? baseTree;
  const tree = request.tree ?? headTree;
  const isHeld = tree === headTree || tree === baseTree;
  if (isHeld && (head === baseCommit || (await isOnRemote(git, request, head, options)))) return null;

  if (beforeTree === tree) return ref;
  const parents = before === null || before === head ? [head] : [head, before];
  const message = `Rescued work of ${key.job}\n`;
  const kept = isHeld && before === null ? head : await commitTree(git, request, tree, parents, message, options);
  await git({ argv: ['update-ref', ref, kept], gitDir: vault }, options);
  return ref;
}

/** Object ids by name, in order; null for what isn't there. */
async function resolve(
  git: Git,
  vault: string,
  names: readonly string[],
  options?: CallOptions,
): Promise<readonly (string | null)[]> {
  const argv = ['cat-file', '--batch-check=%(objectname)'] as const;
  const { stdout } = await git({ argv, gitDir: vault, input: names.map((each) => `${each}\n`).join('') }, options);
  return stdout.split('\n').map((line) => (/^[0-9a-f]{40}$/.test(line) ? line : null));
}

function unreadable(vault: string, commit: string): BatonError<'NOT_FOUND'> {
  return new BatonError('NOT_FOUND', `The commit ${commit} can't be read from ${vault}.`, {
    details: { resource: commit },
    adapter: 'git-worktree',
  });
}

async function commitTree(
  git: Git,
  { vault, at }: RescueRequest,
  tree: string,
  parents: readonly string[],
  message: string,
  options?: CallOptions,
): Promise<string> {
  const argv = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'] as const;
  const env = identity('Baton', 'baton@localhost', at);
  return (await git({ argv, gitDir: vault, input: message, env }, options)).stdout.trim();
}

async function isOnRemote(
  git: Git,
  { vault, key }: RescueRequest,
  commit: string,
  options?: CallOptions,
): Promise<boolean> {
  const known = [`--glob=${pushedRefs(key)}/*`, `--glob=${remoteRefs}/*`] as const;
  const argv = ['rev-list', '--max-count=1', commit, '--not', ...known, '--'] as const;
  const { stdout } = await git({ argv, gitDir: vault }, options);
  return stdout.trim() === '';
}
