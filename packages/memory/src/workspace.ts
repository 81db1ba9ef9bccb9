import type { CallOptions, GitRemote, Runtime, WorkspaceKey, WorkspaceProvider, WorkspaceRequest } from '@baton/core';
import { BatonError } from '@baton/core';
import { type Checkout, createCheckoutHandle, nameOf } from './checkout.js';
import { createKeptWork } from './kept-work.js';
import { NotedFiles } from './noted-files.js';
import type { MemoryProcess, MemoryProgram } from './program.js';
import { createMemoryRemote, type MemoryRemote } from './remote.js';
import { createRemoteRefs } from './remote-refs.js';
import { stillClock } from './still-clock.js';
import { subjectsOf } from './subjects.js';
import { isIgnored } from './tree-changes.js';
import { copyHistory, filesAt, historyOf, type MemoryVault } from './vault.js';

/** How in-memory workspaces are made. */
export interface MemoryWorkspacesOptions {
  /** Reached by `GitRemote.url`. */
  readonly remotes: readonly MemoryRemote[];
  /** Gives `usedAt`, durations and time limits. Default: everything happens at instant 0, without time limits. */
  readonly runtime?: Runtime;
  /** What `exec` and `spawn` start, by the first word of the argument vector. Default: nothing can be started. */
  readonly programs?: Readonly<Record<string, MemoryProgram>>;
}

/**
 * A `WorkspaceProvider` without a disk. It outlives the engines of a test, so that one can be thrown away and
 * another started over the same checkouts. Nothing in it waits for a timer of the machine.
 */
export interface MemoryWorkspaces extends WorkspaceProvider {
  /** The checkout's files by path, ignored ones included, for a test to read and edit. Throws where there is no such checkout. */
  files(key: WorkspaceKey): Map<string, string>;
  /** Commit by rescue ref. */
  readonly rescueRefs: ReadonlyMap<string, string>;
  /** The files of a commit that a vault holds, a rescued one among them, or null. */
  filesOf(commit: string): ReadonlyMap<string, string> | null;
  /** Kills every running command, as the end of the daemon's process would. */
  crash(): void;
}

/** Makes in-memory workspaces over in-memory remotes. */
export function createMemoryWorkspaces(options: MemoryWorkspacesOptions): MemoryWorkspaces {
  const { programs = {} } = options;
  const clock = options.runtime?.clock ?? stillClock;
  const vaults = new Map<string, MemoryVault>();
  const checkouts = new Map<string, Checkout>();
  const rescueRefs = new Map<string, string>();

  const vaultOf = (repository: string): MemoryVault => {
    const vault = vaults.get(repository) ?? {
      store: createMemoryRemote({}, repository),
      pushed: new Set(),
      heads: new Map(),
      usedAt: 0,
    };
    vault.usedAt = clock.now();
    vaults.set(repository, vault);
    return vault;
  };
  const remoteAt = (remote: GitRemote): MemoryRemote => {
    const found = options.remotes.find((each) => each.url === remote.url);
    if (!found) throw new BatonError('UNAVAILABLE', `There is no remote at ${remote.url}.`, { details: {} });
    return found;
  };

  const treeOf = (checkout: Checkout): string => {
    const ignore = checkout.files.get('.gitignore') ?? '';
    const store = vaultOf(checkout.repository).store;
    const tracked = filesAt(store, checkout.baseCommit);
    return store.addTree(
      new Map([...checkout.files].filter(([path]) => tracked.has(path) || !isIgnored(path, ignore))),
    );
  };
  const setFiles = (checkout: Checkout, tree: ReadonlyMap<string, string>): void => {
    const ignore = checkout.files.get('.gitignore') ?? '';
    for (const path of [...checkout.files.keys()]) if (!isIgnored(path, ignore)) checkout.files.delete(path);
    for (const [path, text] of tree) checkout.files.set(path, text);
    checkout.files.forget();
    checkout.loaded = tree;
  };

  const rescue = (checkout: Checkout): string | null => {
    const vault = vaultOf(checkout.repository);
    const { job, attempt, role } = checkout.key;
    if (role === 'verify') return null;
    const ref = rescueRef(checkout.key);
    const head = vault.heads.get(`${job}/${attempt}`) ?? checkout.baseCommit;
    const headTree = vault.store.commits.get(head)?.tree;
    const tree = treeOf(checkout);
    const baseTree = vault.store.commits.get(checkout.baseCommit)?.tree;
    const held = tree === headTree || tree === baseTree;
    if (held && (head === checkout.baseCommit || vault.pushed.has(head))) return null;
    const before = rescueRefs.get(ref);
    const parents = before === undefined || before === head ? [head] : [head, before];
    const same = before !== undefined && vault.store.commits.get(before)?.tree === tree;
    if (!same) {
      rescueRefs.set(ref, held ? head : vault.store.addCommit({ tree, parents, message: `Rescued work of ${job}` }));
    }
    return ref;
  };

  const open = (request: WorkspaceRequest): { checkout: Checkout; reused: boolean } => {
    const { store } = vaultOf(request.repository);
    if (!store.commits.has(request.baseCommit)) {
      throw new BatonError('NOT_FOUND', `The commit ${request.baseCommit} isn't in ${request.repository}.`, {
        details: { resource: request.baseCommit },
      });
    }
    const usedAt = clock.now();
    const id = nameOf(request.key);
    const found = checkouts.get(id);
    if (found) {
      for (const process of found.running) process.kill();
      found.running.clear();
      const reused = found.baseCommit === request.baseCommit;
      if (!reused) {
        rescue(found);
        found.files.clear();
        found.baseCommit = request.baseCommit;
        setFiles(found, filesAt(store, request.baseCommit));
      }
      found.usedAt = usedAt;
      return { checkout: found, reused };
    }
    const { repository, key, baseCommit } = request;
    const loaded = filesAt(store, baseCommit);
    const files = new NotedFiles();
    const checkout = { key, repository, baseCommit, usedAt, files, loaded, running: new Set<MemoryProcess>() };
    setFiles(checkout, loaded);
    checkouts.set(id, checkout);
    return { checkout, reused: false };
  };

  return {
    spec: 'workspace/1',
    id: 'memory',
    rescueRefs,
    files(key) {
      const checkout = checkouts.get(nameOf(key));
      if (!checkout) throw new Error(`There is no workspace ${nameOf(key)}.`);
      return checkout.files;
    },
    filesOf(commit) {
      const vault = [...vaults.values()].find((each) => each.store.commits.has(commit));
      return vault ? filesAt(vault.store, commit) : null;
    },
    crash() {
      for (const checkout of checkouts.values()) for (const process of checkout.running) process.kill();
      for (const checkout of checkouts.values()) checkout.running.clear();
    },
    async fetch(request, call) {
      call?.signal?.throwIfAborted();
      const remote = remoteAt(request.remote);
      const commit = remote.branches.get(request.branch);
      if (commit === undefined) {
        throw new BatonError('NOT_FOUND', `The remote has no branch ${request.branch}.`, {
          details: { resource: request.branch },
        });
      }
      const vault = vaultOf(request.repository);
      for (const each of copyHistory(remote, vault.store, commit)) vault.pushed.add(each);
      return commit;
    },
    async readText({ repository, commit, path, maxBytes }, call) {
      call?.signal?.throwIfAborted();
      const files = filesAt(vaultOf(repository).store, commit);
      const text = files.get(path);
      if (text === undefined) {
        // Only files are kept here: what lies below a path makes a directory of it.
        if (![...files.keys()].some((each) => each.startsWith(`${path}/`))) return null;
        throw new BatonError('UNREADABLE', `${JSON.stringify(path)} is no regular file.`, {
          details: { resource: path },
        });
      }
      const bytes = new TextEncoder().encode(text).length;
      if (bytes <= maxBytes) return text;
      throw new BatonError('TOO_LARGE', `${JSON.stringify(path)} has ${bytes} bytes; at most ${maxBytes} are read.`, {
        details: { resource: path, limit: 'bytes', allowed: maxBytes },
      });
    },
    async readSubjects({ repository, commit, most }, call) {
      call?.signal?.throwIfAborted();
      return subjectsOf(vaultOf(repository).store, commit, most);
    },
    async open(request, call) {
      call?.signal?.throwIfAborted();
      const { checkout, reused } = open(request);
      const { repository } = checkout;
      return createCheckoutHandle(
        { vault: vaultOf(repository), programs, clock, remoteAt, treeOf, setFiles, rescue },
        checkout,
        reused,
      );
    },
    async *list(call?: CallOptions) {
      call?.signal?.throwIfAborted();
      for (const { key, usedAt } of [...checkouts.values()]) yield { key, usedAt };
    },
    async remove(key, call) {
      call?.signal?.throwIfAborted();
      const checkout = checkouts.get(nameOf(key));
      const ref = `refs/baton/rescue/${key.job}/${key.attempt}`;
      if (!checkout) return key.role === 'work' && rescueRefs.has(ref) ? ref : null;
      for (const process of checkout.running) process.kill();
      const kept = rescue(checkout);
      checkouts.delete(nameOf(key));
      return kept;
    },
    async measureGrowth(job, call) {
      call?.signal?.throwIfAborted();
      let sum = 0;
      for (const checkout of checkouts.values()) {
        if (checkout.key.job !== job) continue;
        for (const [path, text] of checkout.files) if (checkout.loaded.get(path) !== text) sum += text.length;
      }
      return sum;
    },
    async readBranch({ repository, remote: { url }, branch, onto }, call) {
      call?.signal?.throwIfAborted();
      const remote = remoteAt({ url });
      const [head, other] = [remote.branches.get(branch), remote.branches.get(onto)];
      if (head === undefined || other === undefined) return null;
      const vault = vaultOf(repository);
      for (const each of [head, other]) for (const id of copyHistory(remote, vault.store, each)) vault.pushed.add(id);
      return historyOf(vault.store, head, other);
    },
    ...createRemoteRefs(remoteAt, clock),
    ...createKeptWork({ vaults, checkouts, rescueRefs, remotes: options.remotes }),
  };
}

function rescueRef({ job, attempt }: WorkspaceKey): string {
  return `refs/baton/rescue/${job}/${attempt}`;
}
