import type { AdapterHost, CallOptions, RunningCommand, Workspace, WorkspaceRequest } from '@baton/core';
import { BatonError } from '@baton/core';
import { isStanding } from '../git/is-standing.js';
import type { Signer } from '../git/signing.js';
import { readRecord, writeRecord } from '../records/records.js';
import type { SlotRecord } from '../records/slot-record.js';
import { nameOfKey } from '../vault/layout.js';
import { refuseSubmodules, type Submodules } from '../vault/submodules.js';
import type { Pool } from './pool.js';
import type { Renewed } from './renew-checkout.js';
import type { Rescues } from './rescues.js';
import { createWorkspace, type WorkspaceParts } from './workspace.js';

/** Hands checkouts out, and knows what runs in them. */
export interface Opening {
  /** As `WorkspaceProvider.open` promises. */
  open(request: WorkspaceRequest, options?: CallOptions): Promise<Workspace>;
  /** Nothing that was begun in a slot's checkout before goes on beside what is begun now. */
  vacate(slot: string): Promise<void>;
  /** Ends every command that was begun in a checkout here. */
  endAll(): Promise<void>;
}

/** What `createOpening` works with. */
export interface OpeningParts extends Omit<WorkspaceParts, 'running' | 'renewed'> {
  /** Null where a base that pins submodules is worked all the same. */
  readonly submodules: Submodules | null;
  readonly rescues: Rescues;
  readonly pool: Pool;
  readonly signer: Signer;
  /** Makes sure that the vault of a repository is there; its path. */
  readonly vaultOf: (repository: string, options?: CallOptions) => Promise<string>;
  readonly log: AdapterHost['log'];
}

interface Found {
  readonly record: SlotRecord;
  readonly reused: boolean;
}

/** Hands out the checkouts of one state directory. */
export function createOpening(parts: OpeningParts): Opening {
  const { layout, log, lock, runtime, checkouts, setup, pool, rescues, inUse } = parts;
  const running = new Map<string, Set<RunningCommand>>();
  const renewed = new Map<string, Renewed>();

  const endCommands = async (slot: string): Promise<void> => {
    for (const each of running.get(slot) ?? []) await each[Symbol.asyncDispose]();
  };
  const vacate = async (slot: string): Promise<void> => {
    await endCommands(slot);
    await inUse.ensureFree(slot);
  };
  /** Finds the checkout of a key again; null where there is none, or where it vanished. */
  const find = async (request: WorkspaceRequest, options?: CallOptions): Promise<Found | null> => {
    const path = layout.taken(request.key);
    const record = await readRecord(path);
    if (record === null) return null;
    if (record.repository !== request.repository) {
      throw new BatonError('INTERNAL', `${nameOfKey(request.key)} is a workspace of ${record.repository}.`, {
        details: {},
      });
    }
    if (!(await isStanding(layout.worktree(record.slot)))) {
      log('warn', 'a checkout vanished and is made again', { path: layout.worktree(record.slot) });
      await pool.giveBack(request.key);
      return null;
    }
    await vacate(record.slot);
    await checkouts.repair(record, options);
    if (record.ready && record.baseCommit === request.baseCommit) {
      const used = { ...record, usedAt: runtime.clock.now() };
      await writeRecord(path, used);
      return { record: used, reused: true };
    }
    await checkouts.confirm(record.repository, request.baseCommit, options);
    if (request.key.role === 'work') await rescues.keep(request.key, record, options);
    const moving = { ...record, ready: false, baseCommit: request.baseCommit, usedAt: runtime.clock.now() };
    const setUpFor = await setup.keyOf(record.repository, request.baseCommit, options);
    await writeRecord(path, moving);
    await checkouts.renew(record, request.baseCommit, options);
    await setup.run(record, request.baseCommit, { ...request.sandbox, trusted: true }, options);
    const moved = { ...moving, ready: true, readyAt: runtime.clock.now(), setUpFor };
    await writeRecord(path, moved);
    return { record: moved, reused: false };
  };

  /** The checkout of a key: found again, or taken from the pool. */
  const take = async (request: WorkspaceRequest, options?: CallOptions): Promise<Found> => {
    const { repository, baseCommit, key } = request;
    const found = await find(request, options);
    if (found?.reused) return found;
    const wanted = { repository, baseCommit, confinement: request.sandbox };
    const record = found?.record ?? (await pool.take(key, wanted, options));
    // It was of the commands of whoever had the slot before, and went with that.
    renewed.delete(record.slot);
    // Nothing but the setup has run in it yet.
    if (key.role === 'verify' && record.setUpFor !== null) {
      await parts.layers.capture(record, record.setUpFor, { base: record.setUpFor, tree: baseCommit }, options);
    }
    parts.growth.begin(record.slot, runtime.clock.now());
    return { record, reused: false };
  };

  return {
    vacate,
    async open(request, options) {
      const { repository, baseCommit, key } = request;
      await parts.signer.refuseReadable(request.sandbox.readable);
      const vault = await parts.vaultOf(repository, options);
      await checkouts.confirm(repository, baseCommit, options);
      const pinned = (await parts.submodules?.of(vault, baseCommit, options)) ?? [];
      if (pinned.length > 0) throw refuseSubmodules(repository, pinned);
      return await lock(
        nameOfKey(key),
        async () => {
          const { record, reused } = await take(request, options);
          return createWorkspace({ ...parts, running, renewed }, record, request, reused);
        },
        options,
      );
    },
    async endAll() {
      for (const slot of [...running.keys()]) await endCommands(slot);
    },
  };
}
