import { BatonError, type BranchHistory } from '@baton/core';
import type { MemoryCommit, MemoryRemote, MemoryTree } from './remote.js';

/** What the workspaces of one repository share. */
export interface MemoryVault {
  readonly store: MemoryRemote;
  /** Commits that some remote is known to have. */
  readonly pushed: Set<string>;
  /** The newest commit made, by job and attempt. */
  readonly heads: Map<string, string>;
  usedAt: number;
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
  const newest = ancestorsOf(store, head).has(other) ? other : null;
  const commits: BranchHistory['commits'][number][] = [];
  for (let id: string | undefined = head; id !== undefined; ) {
    const found: MemoryCommit | undefined = store.commits.get(id);
    if (!found) return null;
    if (shared.has(id)) {
      const base = newest ?? id;
      return { base: { commit: base, tree: store.commits.get(base)?.tree ?? '' }, commits: commits.slice(0, 100) };
    }
    const [ours, theirs] = found.parents;
    const merged =
      ours === undefined || theirs === undefined || !shared.has(theirs) ? null : mergeOf(store, ours, theirs);
    commits.push({
      ...{ id, tree: found.tree, message: found.message },
      ...(merged === found.tree ? { isUpdate: true } : {}),
    });
    id = ours;
  }
  return null;
}

/** The tree that two commits come to by themselves, file by file; null where both changed one. */
export function mergeOf(store: MemoryRemote, ours: string, theirs: string): string | null {
  const base = [...ancestorsOf(store, ours)].find((each) => ancestorsOf(store, theirs).has(each)) ?? theirs;
  const [left, right, before] = [ours, theirs, base].map((each) => filesAt(store, each)) as [
    MemoryTree,
    MemoryTree,
    MemoryTree,
  ];
  const merged = new Map(left);
  for (const path of new Set([...right.keys(), ...before.keys()])) {
    if (right.get(path) === before.get(path)) continue;
    if (left.get(path) !== before.get(path) && left.get(path) !== right.get(path)) return null;
    const text = right.get(path);
    if (text === undefined) merged.delete(path);
    else merged.set(path, text);
  }
  return store.addTree(merged);
}
