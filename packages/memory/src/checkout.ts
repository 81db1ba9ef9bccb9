import { collectOutput } from '@baton/adapter-kit';
import type { CallOptions, Clock, Command, GitRemote, Workspace, WorkspaceKey } from '@baton/core';
import { BatonError } from '@baton/core';
import type { NotedFiles } from './noted-files.js';
import { type MemoryProcess, type MemoryProgram, startProgram } from './program.js';
import type { MemoryRemote } from './remote.js';
import { mapTreeChanges, mapTreeDiff } from './tree-changes.js';
import { copyHistory, filesAt, type MemoryVault } from './vault.js';

/** What is kept of one workspace, whoever holds a handle of it. */
export interface Checkout {
  readonly key: WorkspaceKey;
  readonly repository: string;
  readonly files: NotedFiles;
  readonly running: Set<MemoryProcess>;
  baseCommit: string;
  usedAt: number;
  /** What tracked files were when it was brought to a tree last. */
  loaded: ReadonlyMap<string, string>;
}

/** What a handle works with. */
export interface CheckoutParts {
  readonly vault: MemoryVault;
  readonly programs: Readonly<Record<string, MemoryProgram>>;
  readonly clock: Clock;
  readonly remoteAt: (remote: GitRemote) => MemoryRemote;
  readonly treeOf: (checkout: Checkout) => string;
  readonly setFiles: (checkout: Checkout, tree: ReadonlyMap<string, string>) => void;
  readonly rescue: (checkout: Checkout) => string | null;
}

/** A handle of a checkout in memory. */
export function createCheckoutHandle(parts: CheckoutParts, checkout: Checkout, reused: boolean): Workspace {
  const { vault, programs, clock, remoteAt, treeOf, setFiles, rescue } = parts;
  const { key, baseCommit, files } = checkout;
  const root = `/memory/${nameOf(key)}`;
  const { store } = vault;
  const tree = (id: string): ReadonlyMap<string, string> => {
    const found = store.trees.get(id);
    if (!found) throw new BatonError('NOT_FOUND', `There is no tree ${id} here.`, { details: { resource: id } });
    return found;
  };
  const start = async (command: Command, call?: CallOptions): Promise<MemoryProcess> => {
    call?.signal?.throwIfAborted();
    const process = startProgram(programs, command, { key, files, root });
    checkout.running.add(process);
    const kill = (): void => process.kill();
    call?.signal?.addEventListener('abort', kill, { once: true });
    if (call?.signal?.aborted) kill();
    void process.exit.then(() => call?.signal?.removeEventListener('abort', kill));
    return {
      ...process,
      async [Symbol.asyncDispose]() {
        await process[Symbol.asyncDispose]();
        checkout.running.delete(process);
      },
    };
  };
  return {
    key,
    baseCommit,
    reused,
    root,
    scratch: `/memory/scratch/${nameOf(key)}`,
    spawn: start,
    async exec(command, call) {
      call?.signal?.throwIfAborted();
      return await collectOutput(await start(command), command, { ...call, clock });
    },
    async readFile(path, call) {
      call?.signal?.throwIfAborted();
      const text = files.get(inside(root, path));
      return text === undefined ? null : new TextEncoder().encode(text);
    },
    async writeFile(path, data, call) {
      call?.signal?.throwIfAborted();
      const target = inside(root, path);
      if (target === '.git' || target.startsWith('.git/')) throw outside(path);
      files.set(target, typeof data === 'string' ? data : new TextDecoder().decode(data));
    },
    async snapshot(call) {
      call?.signal?.throwIfAborted();
      if (checkout.running.size > 0) {
        throw conflict('A command still runs in the workspace.');
      }
      const id = treeOf(checkout);
      return { tree: id, changes: mapTreeChanges(filesAt(store, baseCommit), tree(id)) };
    },
    async diff(id, call) {
      call?.signal?.throwIfAborted();
      return mapTreeDiff(filesAt(store, baseCommit), tree(id));
    },
    async load(id, call) {
      call?.signal?.throwIfAborted();
      setFiles(checkout, tree(id));
    },
    async renew(id, call) {
      call?.signal?.throwIfAborted();
      if (key.role !== 'verify') throw conflict("The checkout holds an agent's work: it is never made new.");
      if (checkout.running.size > 0) throw conflict('A command still runs in the workspace.');
      const wanted = tree(id);
      files.clear();
      setFiles(checkout, wanted);
    },
    async altered(call) {
      call?.signal?.throwIfAborted();
      return [...checkout.loaded].flatMap(([path, text]) => (files.get(path) === text ? [] : [path])).sort();
    },
    async restored(call) {
      call?.signal?.throwIfAborted();
      return [...checkout.loaded]
        .flatMap(([path, text]) => (files.touched.has(path) && files.get(path) === text ? [path] : []))
        .sort();
    },
    async setupProducts(call) {
      call?.signal?.throwIfAborted();
      return { unseen: [], outdated: [], ofChange: false };
    },
    async textOf(id, path, call) {
      call?.signal?.throwIfAborted();
      const text = tree(id).get(path) ?? null;
      return text === null || text.length > 2 ** 20 ? null : text;
    },
    async pathsOf(id, call) {
      call?.signal?.throwIfAborted();
      return [...tree(id).keys()];
    },
    async compose(request, call) {
      call?.signal?.throwIfAborted();
      const [composed, from] = [new Map(tree(request.tree)), tree(request.from)];
      for (const path of request.paths) composed.delete(path);
      for (const path of request.paths) {
        const text = from.get(path);
        if (text === undefined) continue;
        for (const other of [...composed.keys()]) {
          if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) composed.delete(other);
        }
        composed.set(path, text);
      }
      return store.addTree(composed);
    },
    async commit(request, call) {
      call?.signal?.throwIfAborted();
      tree(request.tree);
      const { tree: id, parents, message } = request;
      const commit = store.addCommit({ tree: id, parents, message });
      vault.heads.set(`${key.job}/${key.attempt}`, commit);
      return commit;
    },
    async remoteHead(request, call) {
      call?.signal?.throwIfAborted();
      return remoteAt(request.remote).branches.get(request.branch) ?? null;
    },
    async push(request, call) {
      call?.signal?.throwIfAborted();
      const remote = remoteAt(request.remote);
      const actual = remote.branches.get(request.branch) ?? null;
      if (actual !== request.commit && actual !== request.expected) {
        throw new BatonError('CONFLICT', `The remote branch ${request.branch} isn't where it was expected.`, {
          details: {
            ...(request.expected === null ? {} : { expected: request.expected }),
            ...(actual === null ? {} : { actual }),
          },
        });
      }
      const declined = actual === request.commit ? null : remote.declines;
      if (declined !== null) {
        throw new BatonError('PERMISSION_DENIED', `${remote.url} turned the push away: ${declined}`, {
          details: { resource: remote.url, declined },
          fix: 'Change the rule.',
        });
      }
      for (const commit of copyHistory(store, remote, request.commit)) vault.pushed.add(commit);
      remote.branches.set(request.branch, request.commit);
    },
    async rescue(call) {
      call?.signal?.throwIfAborted();
      return rescue(checkout);
    },
  };
}

/** A key as one word. */
export function nameOf(key: WorkspaceKey): string {
  return `${key.job}-${key.attempt}-${key.role}`;
}

function inside(root: string, path: string): string {
  const absolute = path.startsWith('/') ? path : `${root}/${path}`;
  const segments: string[] = [];
  for (const segment of absolute.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const resolved = `/${segments.join('/')}`;
  if (!resolved.startsWith(`${root}/`)) throw outside(path);
  return resolved.slice(root.length + 1);
}

function conflict(message: string): BatonError<'CONFLICT'> {
  return new BatonError('CONFLICT', message, { details: {} });
}

function outside(path: string): BatonError<'PERMISSION_DENIED'> {
  return new BatonError('PERMISSION_DENIED', `The path ${path} is outside the workspace.`, {
    details: { resource: path },
  });
}
