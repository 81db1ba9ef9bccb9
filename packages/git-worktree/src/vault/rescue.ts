import { BatonError, type CallOptions, type WorkspaceKey } from '@baton/core';
import type { Git } from '../git/git.js';
import { listBaseHeads } from './base-store.js';
import type { KnownTrees } from './known-trees.js';
import { identity, remoteRefs } from './remotes.js';

/** What is kept of one attempt. */
export interface RescueRequest {
  readonly vault: string;
  readonly key: WorkspaceKey;
  readonly baseCommit: string;
  readonly attempt: Attempt;
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

/** Signed commits of an attempt stand below here, by what was asked for: each is signed once. */
export function signedRefs(key: WorkspaceKey): string {
  return `refs/baton/signed/${key.job}/${key.attempt}`;
}

/** Where an attempt's rescued work stands. */
export function rescueRef(key: WorkspaceKey): string {
  return `refs/baton/rescue/${key.job}/${key.attempt}`;
}

/** What the vault holds of an attempt. */
export interface Attempt {
  /** The newest commit, where one was made and not let go since. */
  readonly head: KeptCommit | null;
  readonly rescued: KeptCommit | null;
  /** Commits that were pushed, by the refs that keep them. */
  readonly pushed: ReadonlyMap<string, string>;
  /** The refs of its signed commits. */
  readonly signed: readonly string[];
}

interface KeptCommit {
  readonly commit: string;
  readonly tree: string;
}

/** Reads what the vault holds of an attempt. */
export async function readAttempt(git: Git, vault: string, key: WorkspaceKey, options?: CallOptions): Promise<Attempt> {
  const format = '--format=%(refname) %(objectname) %(tree)';
  const argv = [
    'for-each-ref',
    format,
    headRef(key),
    rescueRef(key),
    `${pushedRefs(key)}/`,
    `${signedRefs(key)}/`,
  ] as const;
  const { stdout } = await git({ argv, gitDir: vault }, options);
  const found = stdout.split('\n').map((line) => line.split(' '));
  const at = (ref: string): KeptCommit | null => {
    const [, commit, tree] = found.find(([name]) => name === ref) ?? [];
    return commit === undefined || tree === undefined ? null : { commit, tree };
  };
  const pushed = found.filter(([name = '']) => name.startsWith(`${pushedRefs(key)}/`));
  return {
    head: at(headRef(key)),
    rescued: at(rescueRef(key)),
    pushed: new Map(pushed.map(([name = '', commit = '']) => [name, commit])),
    signed: found.flatMap(([name = '']) => (name.startsWith(`${signedRefs(key)}/`) ? [name] : [])),
  };
}

/** The rescue ref of an attempt in whichever of these vaults has it, or null. */
export async function findRescue(
  git: Git,
  vaults: readonly string[],
  key: WorkspaceKey,
  options?: CallOptions,
): Promise<string | null> {
  for (const vault of vaults) {
    if ((await readAttempt(git, vault, key, options)).rescued !== null) return rescueRef(key);
  }
  return null;
}

/**
 * Keeps what no remote has under `refs/baton/rescue/<job>/<attempt>`; its name, or null where there is nothing.
 * What an earlier rescue kept stays reachable from the new one.
 */
export async function rescueWork(
  { git, trees }: { readonly git: Git; readonly trees: KnownTrees },
  request: RescueRequest,
  options?: CallOptions,
): Promise<string | null> {
  const { vault, key, baseCommit, attempt } = request;
  const ref = rescueRef(key);
  const baseTree = await trees.of(vault, baseCommit, options);
  if (baseTree === null) throw unreadable(vault, baseCommit);
  const head = attempt.head ?? { commit: baseCommit, tree: baseTree };
  const tree = request.tree ?? head.tree;
  const isHeld = tree === head.tree || tree === baseTree;
  if (isHeld && (head.commit === baseCommit || (await isOnRemote(git, request, head.commit, options)))) return null;

  const before = attempt.rescued;
  if (before?.tree === tree) return ref;
  const parents = before === null || before.commit === head.commit ? [head.commit] : [head.commit, before.commit];
  const message = `Rescued work of ${key.job}\n`;
  const kept =
    isHeld && before === null ? head.commit : await commitTree(git, request, tree, parents, message, options);
  await git({ argv: ['update-ref', ref, kept], gitDir: vault }, options);
  return ref;
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
  { vault, attempt }: RescueRequest,
  commit: string,
  options?: CallOptions,
): Promise<boolean> {
  if ([...attempt.pushed.values()].includes(commit)) return true;
  const bases = await listBaseHeads(git, vault, options);
  const known = [...attempt.pushed.keys(), `--glob=${remoteRefs}/*`, ...bases];
  const argv = ['rev-list', '--max-count=1', commit, '--not', ...known, '--'] as const;
  const { stdout } = await git({ argv, gitDir: vault }, options);
  return stdout.trim() === '';
}
