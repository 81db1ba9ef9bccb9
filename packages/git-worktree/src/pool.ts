import { rm, statfs } from 'node:fs/promises';
import type { AdapterHost, CallOptions, Runtime, WorkspaceKey } from '@baton/core';
import type { Checkouts, Place } from './checkout.js';
import type { Layout } from './layout.js';
import { createKeyedLock } from './lock.js';
import { isOwnerAlive, readOwner } from './owner.js';
import type { Confinement } from './policy.js';
import { listRecords, moveRecord, readRecord, type SlotRecord, sweepRecords, writeRecord } from './records.js';
import type { Setup } from './setup.js';
import { exists } from './vault.js';

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
   * brought there, or a new one.
   */
  take(key: WorkspaceKey, wanted: Wanted, options?: CallOptions): Promise<SlotRecord>;
  /**
   * Takes a key's checkout back: as a spare where one is missing, else it is deleted. Goes on in the background.
   * Without a confinement no setup can run, so a project that has one gets no spare of it.
   */
  giveBack(key: WorkspaceKey, confinement: Confinement | null): Promise<void>;
  /** Makes spares in the background until there are as many as wanted, all of them at the base. */
  refill(wanted: Wanted): void;
  /** Deletes what processes left half made that no longer live. */
  sweep(): Promise<void>;
  /** Resolves once nothing goes on in the background. */
  idle(): Promise<void>;
  /** Ends what goes on in the background. */
  close(): Promise<void>;
}

/** What `createPool` works with. */
export interface PoolParts {
  readonly layout: Layout;
  readonly checkouts: Checkouts;
  readonly setup: Setup;
  readonly spares: number;
  readonly runtime: Runtime;
  readonly log: AdapterHost['log'];
}

/** Spares are a luxury: none is made where less than this is free. */
const leastFreeBytes = 1024 ** 3;

const closed: Confinement = { readable: [], network: [], maxMemoryBytes: null, maxProcesses: null };

/** Makes the pool of one state directory. Its state is on disk: another process sees the same. */
export function createPool(parts: PoolParts): Pool {
  const { layout, checkouts, setup, runtime, log } = parts;
  const closing = new AbortController();
  const tasks = new Set<Promise<void>>();
  const filling = createKeyedLock();

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
    record: SlotRecord,
    { baseCommit, confinement }: Wanted,
    step: 'create' | 'renew',
    options: CallOptions,
  ): Promise<SlotRecord> => {
    const making = layout.making(record.slot);
    try {
      await writeRecord(making, { ...record, owner: readOwner() });
      await checkouts[step](record, baseCommit, options);
      const setUpFor = await setup.keyOf(record.repository, baseCommit, options);
      await setup.run(record, baseCommit, confinement, options);
      const ready = { ...record, baseCommit, setUpFor, ready: true, usedAt: runtime.clock.now(), owner: readOwner() };
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
      if (!(await exists(layout.worktree(spare.slot)))) {
        await discard(spare, layout.spare(spare.slot));
        continue;
      }
      if (!(await moveRecord(layout.spare(spare.slot), taken))) continue;
      const record = { ...spare, usedAt: runtime.clock.now() };
      await writeRecord(taken, record);
      await checkouts.repair(record);
      return record;
    }
    let made: SlotRecord | null = null;
    for (const spare of found) {
      if (!(await moveRecord(layout.spare(spare.slot), layout.making(spare.slot)))) continue;
      made = await prepare(spare, wanted, 'renew', options);
      break;
    }
    made ??= await prepare(fresh(wanted.repository, wanted.baseCommit), wanted, 'create', options);
    await moveRecord(layout.making(made.slot), taken);
    return made;
  };

  const fill = async (wanted: Wanted): Promise<void> => {
    const options = { signal: closing.signal };
    for (const spare of await spares(wanted.repository)) {
      if (isAsWanted(spare, wanted)) continue;
      if (!(await moveRecord(layout.spare(spare.slot), layout.making(spare.slot)))) continue;
      const moved = await prepare(spare, wanted, 'renew', options);
      await moveRecord(layout.making(moved.slot), layout.spare(moved.slot));
    }
    while ((await spares(wanted.repository)).length < parts.spares) {
      const { bavail, bsize } = await statfs(layout.root);
      if (bavail * bsize < leastFreeBytes) {
        log('warn', 'no spare checkout is made: the disk is nearly full', { path: layout.root });
        return;
      }
      const made = await prepare(fresh(wanted.repository, wanted.baseCommit), wanted, 'create', options);
      await moveRecord(layout.making(made.slot), layout.spare(made.slot));
    }
  };

  return {
    take,
    async giveBack(key, confinement) {
      const taken = layout.taken(key);
      const record = await readRecord(taken);
      if (record === null) return;
      await moveRecord(taken, layout.making(record.slot));
      background('taking a checkout back', () =>
        filling(record.repository, async () => {
          const making = layout.making(record.slot);
          const isWanted = !closing.signal.aborted && (await spares(record.repository)).length < parts.spares;
          const canBeSetUp = confinement !== null || setup.isCurrent(null);
          if (!isWanted || !canBeSetUp || !(await exists(layout.worktree(record.slot))))
            return await discard(record, making);
          const { repository, baseCommit } = record;
          const wanted = { repository, baseCommit, confinement: confinement ?? closed };
          await prepare(record, wanted, 'renew', { signal: closing.signal });
          await moveRecord(making, layout.spare(record.slot));
        }),
      );
    },
    refill(wanted) {
      if (parts.spares === 0) return;
      background('making spare checkouts', () =>
        filling(wanted.repository, () => fill(wanted), { signal: closing.signal }),
      );
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
    async idle() {
      while (tasks.size > 0) await Promise.all(tasks);
    },
    async close() {
      closing.abort(new Error('The workspace provider was closed.'));
      while (tasks.size > 0) await Promise.all(tasks);
    },
  };
}
