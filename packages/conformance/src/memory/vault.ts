import { BatonError, type BranchHistory } from '@baton/core';
import type { MemoryCommit, MemoryRemote, MemoryTree } from './remote.js';
import { mergeTrees } from './tree-changes.js';

/** What the workspaces of one repository share. */
export interface MemoryVault {
  readonly store: MemoryRemote;
  /** Commits that some remote is known to have. */
  readonly pushed: Set<string>;
  /** The newest commit made, by job and attempt. */
  readonly heads: Map<string, string>;
}

/** The files of a commit. */
export function filesAt(store: MemoryRemote, commit: string): MemoryTree {
  const found = store.commits.get(commit);
  const tree = found && store.trees.get(found.tree);
  if (!tree) {
    throw new BatonError('NOT_FOUND', `There is no commit ${commit} here.`, { details: { resource: commit } });
  }
  return tree;
}

/** Every commit that leads to this one, itself included, newest first as far as parents tell. */
export function ancestorsOf(store: MemoryRemote, commit: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [commit];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...(store.commits.get(next)?.parents ?? []));
  }
  return seen;
}

/** Copies a commit with its history; the ids of all of it. */
export function copyHistory(from: MemoryRemote, to: MemoryRemote, commit: string): ReadonlySet<string> {
  filesAt(from, commit);
  const history = ancestorsOf(from, commit);
  for (const id of history) {
    const each = from.commits.get(id);
    const tree = each && from.trees.get(each.tree);
    if (!each || !tree) continue;
    to.trees.set(each.tree, tree);
    to.commits.set(id, each);
  }
  return history;
}

/** What a commit has beyond another, by first parents. Null where they share nothing. */
export function historyOf(store: MemoryRemote, head: string, other: string): BranchHistory | null {
  const shared = ancestorsOf(store, other);
  const commits: BranchHistory['commits'][number][] = [];
  for (let id: string | undefined = head; id !== undefined; ) {
    const found: MemoryCommit | undefined = store.commits.get(id);
    if (!found) return null;
    if (shared.has(id)) return { base: { commit: id, tree: found.tree }, commits: commits.slice(0, 100) };
    commits.push({ id, tree: found.tree, message: found.message });
    [id] = found.parents;
  }
  return null;
}

/** The commits that lead to `commit` and not to `onto`, on top of `onto`; null where one doesn't apply. */
export function rebaseCommits(store: MemoryRemote, commit: string, onto: string): string | null {
  const upstream = ancestorsOf(store, onto);
  if (upstream.has(commit)) return onto;
  if (ancestorsOf(store, commit).has(onto)) return commit;
  const ours: string[] = [];
  for (let next: string | undefined = commit; next !== undefined && !upstream.has(next); ) {
    ours.unshift(next);
    next = store.commits.get(next)?.parents[0];
  }
  let head = onto;
  for (const id of ours) {
    const each = store.commits.get(id);
    const parent = each?.parents[0];
    if (!each || parent === undefined) return null;
    const merged = mergeTrees(filesAt(store, parent), filesAt(store, head), filesAt(store, id));
    if (!merged) return null;
    const tree = store.addTree(merged);
    if (tree === store.commits.get(head)?.tree) continue;
    head = store.addCommit({ tree, parents: [head], message: each.message });
  }
  return head;
}
