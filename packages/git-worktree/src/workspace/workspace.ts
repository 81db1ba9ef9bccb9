import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { collectOutput } from '@baton/adapter-kit';
import type {
  CallOptions,
  Command,
  Overlay,
  RunningCommand,
  Runtime,
  Sandbox,
  Workspace,
  WorkspaceRequest,
} from '@baton/core';
import { BatonError } from '@baton/core';
import { type Checkouts, unknownTree } from '../checkout/checkout.js';
import { policyOf } from '../checkout/sandbox-policy.js';
import type { CommitTree } from '../commit/commit-tree.js';
import type { Commits } from '../commit/commits.js';
import type { KeyedLock } from '../git/lock.js';
import { readRecord, writeRecord } from '../records/records.js';
import type { SlotRecord } from '../records/slot-record.js';
import type { Layers } from '../setup/layers.js';
import { isOwnDirectory } from '../setup/own-directory.js';
import type { Setup } from '../setup/setup.js';
import { composeTree } from '../snapshot/compose-tree.js';
import { type SnapshotParts, takeSnapshot, writeSnapshot } from '../snapshot/snapshot.js';
import { listTreePaths, readTreeFile } from '../vault/read-tree-file.js';
import { checkedId, createRemotes } from '../vault/remotes.js';
import { pushedRefs, readAttempt, rescueWork } from '../vault/rescue.js';
import { readContained, writeContained } from './contained-files.js';
import type { Growth } from './growth.js';
import type { InUse } from './in-use.js';
import { readByCommand } from './read-by-command.js';
import { removeStrays } from './remove-strays.js';
import { type Renewed, readProducts, renewCheckout } from './renew-checkout.js';

/** What a workspace works with. */
export interface WorkspaceParts extends SnapshotParts {
  readonly commits: Commits;
  readonly commitTree: CommitTree;
  readonly checkouts: Checkouts;
  readonly layers: Layers;
  readonly setup: Setup;
  readonly sandbox: Sandbox;
  readonly runtime: Runtime;
  /** One thing at a time happens in a checkout. */
  readonly lock: KeyedLock;
  /** Commands under way, by slot: shared by every handle of a checkout. */
  readonly running: Map<string, Set<RunningCommand>>;
  readonly inUse: InUse;
  readonly growth: Growth;
  /** What checkouts of the role `verify` were made of, by slot: by the last `renew`, of whichever handle. */
  readonly renewed: Map<string, Renewed>;
}

/** A handle of a checkout that was taken. */
export function createWorkspace(
  parts: WorkspaceParts,
  record: SlotRecord,
  request: WorkspaceRequest,
  reused: boolean,
): Workspace {
  const { git, layout, comparison, commits, checkouts, setup, sandbox, runtime, lock } = parts;
  const { slot, repository, baseCommit } = record;
  const { key } = request;
  const vault = layout.vault(repository);
  const root = layout.worktree(slot);
  const policy = policyOf(layout, record, request.sandbox);
  const remotes = createRemotes(git, vault);
  const alone = <T>(task: () => Promise<T>, options?: CallOptions): Promise<T> => lock(slot, task, options);

  const conflict = (message: string, fix?: string): BatonError<'CONFLICT'> =>
    new BatonError('CONFLICT', message, {
      details: {},
      adapter: 'git-worktree',
      ...(fix === undefined ? {} : { fix }),
    });
  const refuseRunning = (before: string): void => {
    if ((parts.running.get(slot)?.size ?? 0) === 0) return;
    throw conflict(
      `A command still runs in the checkout ${root}.`,
      `Wait for the command, or dispose of it, before ${before}.`,
    );
  };
  const known = async (tree: string, options?: CallOptions): Promise<string> => {
    const found = await parts.trees.of(vault, checkedId(tree), options);
    if (found === null) throw unknownTree(record, tree);
    return found;
  };
  const start = async (command: Command, options?: CallOptions): Promise<RunningCommand> => {
    options?.signal?.throwIfAborted();
    const running = parts.running.get(slot) ?? new Set();
    parts.running.set(slot, running);
    if (running.size === 0) parts.inUse.mark(slot);
    const entry = reserve(running, () => {
      if (running.size > 0) return;
      parts.running.delete(slot);
      parts.inUse.clear(slot);
    });
    try {
      const overlays = await standing(parts.renewed.get(slot)?.overlays ?? []);
      return entry.fill(
        await sandbox.spawn(command, overlays.length === 0 ? policy : { ...policy, overlays }, options),
      );
    } catch (error) {
      entry.free();
      throw error;
    }
  };

  /** A command before may have taken a place away, or left a link to anywhere on the way to it. */
  const standing = async (overlays: readonly Overlay[]): Promise<readonly Overlay[]> => {
    const found = await Promise.all(overlays.map(({ path }) => isOwnDirectory(root, relative(root, path))));
    return overlays.filter((_, at) => found[at]);
  };
  const isOverlaid = (path: string): boolean =>
    parts.renewed.get(slot)?.overlays.some((each) => resolve(root, path).startsWith(`${each.path}/`)) ?? false;

  return {
    key,
    baseCommit,
    reused,
    root,
    scratch: layout.scratch(slot),
    async exec(command, options) {
      const running = await start(command, options);
      return await collectOutput(running, command, { ...options, clock: runtime.clock });
    },
    async spawn(command, options) {
      const running = await start(command, options);
      const dispose = (): void => void Promise.resolve(running[Symbol.asyncDispose]()).catch(() => undefined);
      options?.signal?.addEventListener('abort', dispose, { once: true });
      void running.exit.then(() => options?.signal?.removeEventListener('abort', dispose));
      if (options?.signal?.aborted) dispose();
      return running;
    },
    async readFile(path, options) {
      options?.signal?.throwIfAborted();
      return isOverlaid(path) ? await readByCommand(start, path, options) : await readContained(root, path);
    },
    async writeFile(path, data, options) {
      options?.signal?.throwIfAborted();
      if (isOverlaid(path)) throw conflict(`${JSON.stringify(path)} is what the setup made: it is not written to.`);
      await writeContained(root, path, data);
    },
    snapshot: (options) =>
      alone(async () => {
        refuseRunning('taking a snapshot');
        return await takeSnapshot(parts, record, baseCommit, options);
      }, options),
    diff: (tree, options) => comparison.diff(vault, baseCommit, checkedId(tree), options),
    load: (tree, options) =>
      alone(async () => {
        const setUpFor = await setup.keyOf(repository, checkedId(tree), options);
        await checkouts.load(record, tree, options);
        await removeStrays(parts, record, options);
        const current = await readRecord(layout.taken(key));
        if (current === null || current.setUpFor === setUpFor) return;
        if (setUpFor === (await setup.keyOf(repository, baseCommit, options))) {
          // It asks for no more than the base, and the code that it would run is an agent's: the base's own has the network.
          await checkouts.renew(record, baseCommit, options);
          await setup.run(record, baseCommit, { ...request.sandbox, trusted: true }, options);
          await checkouts.load(record, tree, options);
        } else await setup.run(record, tree, { ...request.sandbox, trusted: false }, options);
        await writeRecord(layout.taken(key), { ...current, setUpFor });
      }, options),
    renew: (tree, options) =>
      alone(async () => {
        if (key.role !== 'verify') throw conflict(`The checkout ${root} holds an agent's work: it is never made new.`);
        refuseRunning('making the checkout new');
        parts.renewed.delete(slot);
        parts.renewed.set(slot, await renewCheckout(parts, record, checkedId(tree), request.sandbox, options));
        parts.growth.renew(slot, runtime.clock.now());
      }, options),
    altered: (options) => alone(() => checkouts.altered(record, options), options),
    restored: (options) => alone(() => checkouts.restored(record, options), options),
    setupProducts: (options) =>
      alone(async () => {
        const renewed = parts.renewed.get(slot);
        if (renewed === undefined) return { unseen: [], outdated: [], ofChange: false };
        return await readProducts(parts, record, renewed, options);
      }, options),
    textOf: (tree, path, options) => readTreeFile(git, vault, { tree: checkedId(tree), path }, options),
    pathsOf: (tree, options) => listTreePaths(git, vault, checkedId(tree), options),
    compose: ({ tree, from, paths }, options) =>
      alone(async () => {
        const composition = { tree: await known(tree, options), from: await known(from, options), paths };
        return await composeTree(git, layout, record, composition, options);
      }, options),
    commit: (request, options) => commits.make(vault, key, request, options),
    remoteHead: (request, options) => remotes.head(request, options),
    push(request, options) {
      const name = createHash('sha1').update(request.branch).digest('hex');
      return remotes.push({ ...request, keptBy: `${pushedRefs(key)}/${name}` }, options);
    },
    rescue: (options) =>
      alone(async () => {
        // What a check leaves behind is nobody's work.
        if (key.role === 'verify') return null;
        const tree = await writeSnapshot(parts, record, baseCommit, options);
        const attempt = await readAttempt(git, vault, key, options);
        return await rescueWork(parts, { vault, key, baseCommit, attempt, tree, at: runtime.clock.now() }, options);
      }, options),
    handOver: (options) =>
      alone(async () => {
        refuseRunning('handing the checkout over');
        await checkouts.disarm(record, options);
      }, options),
  };
}

interface Reservation {
  fill(running: RunningCommand): RunningCommand;
  free(): void;
}

/** Counts a command from before its start until nothing of it is left. `onLeft` is told then. */
function reserve(running: Set<RunningCommand>, onLeft: () => void): Reservation {
  let started: RunningCommand | null = null;
  const begun = Promise.withResolvers<void>();
  const left = (): void => {
    if (running.delete(counted)) onLeft();
  };
  const counted: RunningCommand = {
    get stdin() {
      return inner().stdin;
    },
    get stdout() {
      return inner().stdout;
    },
    get stderr() {
      return inner().stderr;
    },
    get exit() {
      return inner().exit;
    },
    async [Symbol.asyncDispose]() {
      // One that is just being started is ended as soon as it is.
      await begun.promise;
      await started?.[Symbol.asyncDispose]();
      left();
    },
  };
  const inner = (): RunningCommand => {
    if (started === null) throw new TypeError('The command was not started.');
    return started;
  };
  running.add(counted);
  return {
    fill(command) {
      started = command;
      begun.resolve();
      return counted;
    },
    free() {
      begun.resolve();
      left();
    },
  };
}
