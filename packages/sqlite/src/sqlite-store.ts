import type { AdapterHost, CallOptions, JobStore, Runtime } from '@baton/core';
import { confirmLease, enqueueJob, getJob, recordChange, releaseJob } from './change-job.js';
import { claimJob } from './claim-job.js';
import { createDatabase, type DatabaseOptions } from './database.js';
import { diagnoseStore } from './diagnose.js';
import { readFact, writeFact } from './facts.js';
import { forgetJournals } from './forget-journals.js';
import { holdKey } from './hold-key.js';
import { getSpent, reserveSpend } from './ledger.js';
import { listJobs, listJournal } from './list-jobs.js';
import { migrations } from './schema.js';
import { leaveSignal, listPendingSignals, listSignals, seeSignals } from './signals.js';
import { createWorkerLocks, type WorkerLocks } from './worker-lock.js';
import { createWorkers } from './workers.js';

/** What `createSqliteStore` is made with. */
export interface SqliteStoreOptions {
  /** The file, absolute; made by the first call, with its directory. On a local disk: SQLite's log needs shared memory. */
  readonly path: string;
  readonly runtime: Runtime;
  /** Told of migrations. Default: nobody is. */
  readonly log?: AdapterHost['log'];
}

/** What tests put in the place of the usual. */
export interface Seams extends Pick<DatabaseOptions, 'onPrepare' | 'onOpen' | 'patienceMs'> {
  readonly migrations?: readonly string[];
  readonly wrapLocks?: (locks: WorkerLocks) => WorkerLocks;
}

/**
 * A `JobStore` in one SQLite file, shared by the processes of one machine. What a call has recorded is on the
 * disk when it resolves: neither `kill -9` nor a power failure takes it back. Leases alone may be older after a
 * power failure, which no holder outlives.
 */
export function createSqliteStore(options: SqliteStoreOptions): JobStore {
  return createStoreWith(options, {});
}

/** `createSqliteStore`, with seams. */
export function createStoreWith(options: SqliteStoreOptions, seams: Seams): JobStore {
  const { path, runtime, log } = options;
  const { clock } = runtime;
  const { wrapLocks = (locks) => locks, ...rest } = seams;
  const steps = seams.migrations ?? migrations;
  const workers = createWorkers(wrapLocks(createWorkerLocks(`${path}-workers`)));
  const database = createDatabase({
    path,
    nextId: () => runtime.id('draft'),
    now: () => new Date(clock.now()).toISOString(),
    isAtWork: workers.isAnyAlive,
    onMigrated: (backup) => log?.('info', `The store was taken to version ${steps.length}.`, { path, backup }),
    ...rest,
    migrations: steps,
  });
  const leave = async (stays: readonly number[]): Promise<void> => {
    try {
      await database.writeLightly(undefined, (connection) => {
        for (const stay of stays) workers.leave(connection, stay, clock.now());
      });
    } catch (error) {
      // Without its lock a worker counts as dead, which lets go of its leases just as well.
      for (const stay of stays) workers.abandon(stay);
      log?.('warn', 'A worker could not sign off; it counts as dead instead.', { path, reason: String(error) });
    }
  };
  return {
    spec: 'job-store/1',
    id: 'sqlite',
    async join(worker, call) {
      let stay: number | null = null;
      try {
        // A stay means nothing once the machine was down; a lease that names it is written after it, so is lost first.
        const joined = await database.writeLightly(call, (connection) => {
          stay = workers.join(connection, worker, clock.now());
          return stay;
        });
        let left: Promise<void> | null = null;
        return {
          [Symbol.asyncDispose]: () => {
            left ??= leave([joined]);
            return left;
          },
        };
      } catch (error) {
        if (stay !== null) workers.abandon(stay);
        throw error;
      }
    },
    enqueue: (request, call) => database.write(call, (connection) => enqueueJob(connection, request, clock.now())),
    // Leases end with the machine: they need not outlast a power failure.
    claim: (request, call) =>
      database.writeLightly(call, (connection) => claimJob(connection, workers, request, clock.now())),
    confirm: (lease, leaseMs, call) =>
      database.writeLightly(call, (connection) => confirmLease(connection, lease, clock.now() + leaseMs)),
    record: (lease, change, call) =>
      database.write(call, (connection) => recordChange(connection, lease, change, clock.now())),
    release: (lease, call) => database.writeLightly(call, (connection) => releaseJob(connection, lease, clock.now())),
    // As leases do, they end with the machine.
    hold: (key, worker, forMs, call) =>
      database.writeLightly(call, (connection) => holdKey(connection, workers, { key, worker, forMs }, clock.now())),
    get: (id, call) => database.read(call, (connection) => getJob(connection, id)),
    list: (query, call) => listJobs(database, query, call),
    journal: (jobId, after, call) => listJournal(database, jobId, after, call),
    signal: (jobId, { type, data }, call) =>
      database.write(call, (connection) =>
        leaveSignal(connection, jobId, { id: runtime.id('signal'), type, data, at: clock.now() }),
      ),
    forgetJournals: (endedBefore, call) => forgetJournals(database, endedBefore, call),
    async signals(lease, call) {
      const { signals, unseen } = await database.read(call, (connection) => listSignals(connection, lease));
      if (unseen) {
        await database.writeLightly(call, (connection) => seeSignals(connection, unseen.job, unseen.last, lease.fence));
      }
      return signals;
    },
    pendingSignals: (jobId, call) => database.read(call, (connection) => listPendingSignals(connection, jobId)),
    readFact: (key, call) => database.read(call, (connection) => readFact(connection, key)),
    writeFact: (key, value, expectedVersion, call) =>
      database.write(call, (connection) => writeFact(connection, key, value, expectedVersion)),
    reserve: (lease, { id, amounts }, call) =>
      database.write(call, (connection) => reserveSpend(connection, lease, id, amounts)),
    spent: (query, call) => database.read(call, (connection) => getSpent(connection, query)),
    async *diagnose(call?: CallOptions) {
      for (const line of diagnoseStore(path, steps.length)) {
        call?.signal?.throwIfAborted();
        yield line;
      }
    },
    async close() {
      if (workers.own.length > 0) await leave(workers.own);
      database.close();
    },
  };
}
