import { rm, statfs } from 'node:fs/promises';
import type { AdapterHost, CallOptions, Runtime, WorkspaceKey } from '@baton/core';
import type { Checkouts, Place } from '../checkout/checkout.js';
import type { Confinement } from '../checkout/sandbox-policy.js';
import { createQuiet } from '../git/idle-timer.js';
import { isStanding } from '../git/is-standing.js';
import { isOwnerAlive, readOwner } from '../records/owner.js';
import { listRecords, moveRecord, readRecord, sweepRecords, writeRecord } from '../records/records.js';
import type { SlotRecord } from '../records/slot-record.js';
import type { Setup } from '../setup/setup.js';
import type { Layout } from '../vault/layout.js';
import { createRerun } from './rerun.js';

/** Which checkout is wanted. */
export interface Wanted {
  readonly repository: string;
  readonly baseCommit: string;
  readonly confinement: Confinement;
}

/** Checkouts that stand ready, and how they come and go. */
export interface Pool {
  /**
   * Gives a key a checkout at the base, set up: a spare that stands there already (no git at all), a spare
   * brought there, or a new one. Once it is quiet, spares are made until there are as many as wanted.
   */
  take(key: WorkspaceKey, wanted: Wanted, options?: CallOptions): Promise<SlotRecord>;
  /**
   * Takes a key's checkout back, in the background: made as new, it is a spare. More of them than wanted are kept
   * for the next one who asks, and deleted once it is quiet. It is deleted at once where no spares are wanted, the
   * disk is nearly full, or the project has a setup and nothing is known of what that may reach.
   */
  giveBack(key: WorkspaceKey): Promise<void>;
  /** Deletes a key's checkout, for its room: that is free again where the trash is settled. */
  discard(key: WorkspaceKey): Promise<void>;
  /** Deletes what processes left half made that no longer live. */
  sweep(): Promise<void>;
  /** Doesn't wait for quiet, and resolves once nothing goes on in the background. */
  idle(): Promise<void>;
  /** Ends what goes on in the background. */
  close(): Promise<void>;
}

/** What `createPool` works with. */
export interface PoolParts {
  readonly layout: Layout;
  readonly checkouts: Checkouts;
  /** The same at low priority. */
  readonly inBackground: Checkouts;
  readonly setup: Setup;
  readonly spares: number;
  readonly runtime: Runtime;
  readonly log: AdapterHost['log'];
}

/** Spares are a luxury: none is made where less than this is free. */
const leastFreeBytes = 1024 ** 3;

/**
 * To make a spare takes the disk and the cores from a job that has just begun, so it waits until no checkout has
 * come or gone for so long.
 */
const quietMs = 3_000;

const closed: Confinement = { readable: [], network: [], maxMemoryBytes: null, maxProcesses: null };

/** For spares: the job that was there last must not be told what is refused to the setup of a checkout that isn't its own. */
function withoutListener({ onRefused: _onRefused, ...confinement }: Confinement): Confinement {
  return confinement;
}

/** Makes the pool of one state directory. Its state is on disk: another process sees the same. */
export function createPool(parts: PoolParts): Pool {
  const { layout, checkouts, inBackground, setup, runtime, log } = parts;
  const closing = new AbortController();
  const tasks = new Set<Promise<void>>();
  const quiet = createQuiet(runtime.clock, quietMs);
  /** What was asked for last, by repository: spares are made for the next one who asks for the same. */
  const latest = new Map<string, Wanted>();

  const background = (name: string, task: () => Promise<void>): void => {
    const running = task().catch((error: unknown) => {
      if (!closing.signal.aborted) log('warn', `${name} failed`, { error: String(error) });
    });
    tasks.add(running);
    void running.finally(() => tasks.delete(running));
  };

  const discard = async (place: Place, recordPath: string): Promise<void> => {
    await checkouts.discard(place);
    await rm(recordPath, { force: true });
  };

  /** Makes a checkout ready under a record in `making`, and gives it up where that fails. */
  const prepare = async (
    by: Checkouts,
    record: SlotRecord,
    { baseCommit, confinement }: Wanted,
    step: 'create' | 'renew',
    options: CallOptions,
  ): Promise<SlotRecord> => {
    const making = layout.making(record.slot);
    try {
      await writeRecord(making, { ...record, owner: readOwner() });
      await by[step](record, baseCommit, options);
      const setUpFor = await setup.keyOf(record.repository, baseCommit, options);
      await setup.run(record, baseCommit, { ...confinement, trusted: true }, options);
      const now = runtime.clock.now();
      const ready = { ...record, baseCommit, setUpFor, ready: true, readyAt: now, usedAt: now, owner: readOwner() };
      await writeRecord(making, ready);
      return ready;
    } catch (error) {
      await discard(record, making).catch((failure: unknown) => {
        log('warn', 'a checkout could not be deleted', { slot: record.slot, error: String(failure) });
      });
      throw error;
    }
  };

  const fresh = (repository: string, baseCommit: string): SlotRecord => ({
    version: 1,
    slot: runtime.id('worktree'),
    repository,
    baseCommit,
    setUpFor: null,
    ready: false,
    usedAt: runtime.clock.now(),
    owner: readOwner(),
  });

  /** A record that can't be read is left where it is, and counts for nothing. */
  const readOr = (path: string): Promise<SlotRecord | null> =>
    readRecord(path).catch((error: unknown) => {
      log('warn', 'the record of a checkout can not be read', { path, error: String(error) });
      return null;
    });
  const spares = async (repository: string): Promise<readonly SlotRecord[]> => {
    const found: SlotRecord[] = [];
    for (const name of await listRecords(layout.spareDirectory)) {
      const record = await readOr(layout.spare(name.slice(0, -'.json'.length)));
      if (record?.repository === repository) found.push(record);
    }
    return found;
  };
  const isAsWanted = (spare: SlotRecord, { baseCommit }: Wanted): boolean =>
    spare.baseCommit === baseCommit && setup.isCurrent(spare.setUpFor);

  const take = async (key: WorkspaceKey, wanted: Wanted, options: CallOptions = {}): Promise<SlotRecord> => {
    const found = await spares(wanted.repository);
    const taken = layout.taken(key);
    for (const spare of found.filter((each) => isAsWanted(each, wanted))) {
      if (!(await isStanding(layout.worktree(spare.slot)))) {
        await discard(spare, layout.spare(spare.slot));
        continue;
      }
      if (!(await moveRecord(layout.spare(spare.slot), taken))) continue;
      const record = { ...spare, usedAt: runtime.clock.now() };
      await writeRecord(taken, record);
      await checkouts.repair(record, options);
      return record;
    }
    let made: SlotRecord | null = null;
    for (const spare of found) {
      if (!(await moveRecord(layout.spare(spare.slot), layout.making(spare.slot)))) continue;
      made = await prepare(checkouts, spare, wanted, 'renew', options);
      break;
    }
    made ??= await prepare(checkouts, fresh(wanted.repository, wanted.baseCommit), wanted, 'create', options);
    await moveRecord(layout.making(made.slot), taken);
    return made;
  };

  const hasRoom = async (): Promise<boolean> => {
    const { bavail, bsize } = await statfs(layout.root);
    return bavail * bsize >= leastFreeBytes;
  };
  /** One step towards so many spares as are wanted, all of them at the base; false where none is left to take. */
  const improve = async (repository: string, wanted: Wanted | null): Promise<boolean> => {
    const options = { signal: closing.signal };
    const found = await spares(repository);
    const stale = wanted === null ? undefined : found.find((each) => !isAsWanted(each, wanted));
    const surplus = found.length > parts.spares ? (stale ?? found[0]) : undefined;
    if (surplus !== undefined) {
      const making = layout.making(surplus.slot);
      if (await moveRecord(layout.spare(surplus.slot), making)) await discard(surplus, making);
      return true;
    }
    if (wanted === null) return false;
    if (stale !== undefined) {
      if (!(await moveRecord(layout.spare(stale.slot), layout.making(stale.slot)))) return true;
      const moved = await prepare(inBackground, stale, wanted, 'renew', options);
      await moveRecord(layout.making(moved.slot), layout.spare(moved.slot));
      return true;
    }
    if (found.length >= parts.spares) return false;
    if (!(await hasRoom())) {
      log('warn', 'no spare checkout is made: the disk is nearly full', { path: layout.root });
      return false;
    }
    const made = await prepare(inBackground, fresh(repository, wanted.baseCommit), wanted, 'create', options);
    await moveRecord(layout.making(made.slot), layout.spare(made.slot));
    return true;
  };
  const bringInOrder = createRerun(async (repository) => {
    do await quiet.wait(closing.signal);
    while (await improve(repository, latest.get(repository) ?? null));
  });
  /** Brings the spares of a repository in order, whenever nothing else is asked for. */
  const tidy = (repository: string): void => {
    if (parts.spares > 0) background('making spare checkouts', () => bringInOrder(repository));
  };

  return {
    async take(key, wanted, options) {
      quiet.touch();
      latest.set(wanted.repository, { ...wanted, confinement: withoutListener(wanted.confinement) });
      const taken = await take(key, wanted, options);
      quiet.touch();
      tidy(wanted.repository);
      return taken;
    },
    async giveBack(key) {
      quiet.touch();
      const taken = layout.taken(key);
      const record = await readRecord(taken);
      if (record === null) return;
      await moveRecord(taken, layout.making(record.slot));
      background('taking a checkout back', async () => {
        const { slot, repository, baseCommit } = record;
        const making = layout.making(slot);
        const last = latest.get(repository) ?? null;
        const canBeSetUp = last !== null || setup.isCurrent(null);
        const isWanted = parts.spares > 0 && !closing.signal.aborted && canBeSetUp && (await hasRoom());
        if (!isWanted || !(await isStanding(layout.worktree(slot)))) return await discard(record, making);
        const wanted = last ?? { repository, baseCommit, confinement: closed };
        await prepare(checkouts, record, wanted, 'renew', { signal: closing.signal });
        await moveRecord(making, layout.spare(slot));
        tidy(repository);
      });
    },
    async discard(key) {
      quiet.touch();
      const record = await readRecord(layout.taken(key));
      if (record === null) return;
      await moveRecord(layout.taken(key), layout.making(record.slot));
      await discard(record, layout.making(record.slot));
    },
    async sweep() {
      for (const each of [layout.makingDirectory, layout.spareDirectory, layout.takenDirectory]) {
        await sweepRecords(each, runtime.clock.now());
      }
      for (const name of await listRecords(layout.makingDirectory)) {
        const path = layout.making(name.slice(0, -'.json'.length));
        const record = await readOr(path);
        if (record !== null && !isOwnerAlive(record.owner)) await discard(record, path);
      }
    },
    idle: () =>
      quiet.without(async () => {
        while (tasks.size > 0) await Promise.all(tasks);
      }),
    async close() {
      closing.abort(new Error('The workspace provider was closed.'));
      while (tasks.size > 0) await Promise.all(tasks);
    },
  };
}
