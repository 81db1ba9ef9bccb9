import {
  BatonError,
  type CallOptions,
  type ClaimRequest,
  isEnded,
  type Job,
  type JobLease,
  type JobStore,
  type JsonValue,
  type Runtime,
  type Signal,
} from '@baton/core';
import { createFreezer } from './freeze.js';
import { goesBefore, matchesQuery } from './job-order.js';
import { createMemoryLedger } from './ledger.js';
import type { Held, Row, Stay } from './stored-job.js';

/** What `createMemoryStore` is made with. */
export interface MemoryStoreOptions {
  readonly runtime: Runtime;
}

/** A `JobStore` whose workers can be made to die. */
export interface MemoryStore extends JobStore {
  /** Lets go of everything that the worker held, as the death of its process would. Nothing where it hasn't joined. */
  crash(worker: string): void;
}

const noLimit = Number.POSITIVE_INFINITY;

/**
 * A `JobStore` that lasts as long as its object. It waits for microtasks only, so that it runs under a virtual
 * clock. What it is given and what it gives is frozen.
 */
export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  const { clock, id: newId } = options.runtime;
  const freeze = createFreezer();
  const ledger = createMemoryLedger();
  const rows = new Map<string, Row>();
  const open = new Set<Row>();
  const held = new Set<Row>();
  const newest = new Map<string, Row>();
  const stays = new Map<string, Stay>();
  const served = new Map<string, number>();
  const keys = new Map<string, Held>();
  const settings = new Map<string, { readonly value: JsonValue; readonly version: number }>();
  let claims = 0;
  let signalsLeft = 0;

  const letGo = (row: Row): void => {
    row.held = null;
    held.delete(row);
  };
  const leave = (stay: Stay): void => {
    if (stays.get(stay.worker) === stay) stays.delete(stay.worker);
    for (const row of [...held]) if (row.held?.by === stay) letGo(row);
    for (const [key, { by }] of keys) if (by === stay) keys.delete(key);
  };
  const stayOf = (worker: string): Stay => {
    const stay = stays.get(worker);
    if (stay) return stay;
    throw new BatonError('INTERNAL', `Worker ${worker} asks for work without having joined.`, {
      details: { worker },
      adapter: 'memory',
    });
  };
  const rowOf = (lease: JobLease): Row => {
    const row = rows.get(lease.job.id);
    if (row?.held && row.fence === lease.fence) return row;
    throw new BatonError('LEASE_LOST', `Job ${lease.job.id} is no longer held under fence ${lease.fence}.`, {
      details: { job: lease.job.id, fence: lease.fence },
      adapter: 'memory',
    });
  };
  const pick = ({ caps, job }: ClaimRequest, stay: Stay): Row | null => {
    const isHeld = ({ held }: Row): boolean => held !== null && (held.by === stay || held.until > clock.now());
    const leased = [...held].filter(isHeld);
    const { byProject, worker: ofWorker = noLimit, total = noLimit } = caps;
    if (leased.length >= total || leased.filter(({ held }) => held?.by === stay).length >= ofWorker) return null;
    const taken = new Map<string, number>();
    for (const { job } of leased) taken.set(job.project, (taken.get(job.project) ?? 0) + 1);
    const hasRoom = (project: string): boolean =>
      Object.hasOwn(byProject, project) && (taken.get(project) ?? 0) < (byProject[project] ?? noLimit);
    const now = clock.now();
    let best: Row | null = null;
    for (const row of open) {
      if (row.job.wakeAt > now || isHeld(row) || !hasRoom(row.job.project)) continue;
      if (job !== undefined && row.job.id !== job) continue;
      if (best === null || goesBefore(row.job, best.job, served)) best = row;
    }
    return best;
  };

  return {
    spec: 'job-store/1',
    id: 'memory',
    crash(worker) {
      const stay = stays.get(worker);
      if (stay) leave(stay);
    },
    async join(worker, call) {
      begin(call);
      if (stays.has(worker)) {
        throw new BatonError('CONFLICT', `A worker named ${worker} is at work already.`, {
          details: { actual: worker },
          adapter: 'memory',
        });
      }
      const stay: Stay = { worker };
      stays.set(worker, stay);
      return { [Symbol.asyncDispose]: async () => leave(stay) };
    },
    async enqueue(request, call) {
      begin(call);
      const last = newest.get(request.dedupeKey);
      if (last && (request.supersedes !== last.job.id || !isEnded(last.job.phase))) {
        return { job: last.job, created: false };
      }
      if (!last && request.supersedes !== null) {
        throw new BatonError('NOT_FOUND', `There is no job ${request.supersedes} of ${request.dedupeKey} to follow.`, {
          details: { resource: `job ${request.supersedes}` },
          adapter: 'memory',
        });
      }
      if (rows.has(request.id)) {
        throw new BatonError('CONFLICT', `There is a job ${request.id} already, for another issue.`, {
          details: { actual: request.id },
          adapter: 'memory',
        });
      }
      const now = clock.now();
      const { id, dedupeKey, requestHash, project, issueKey, issueCreatedAt, branch, priority, data } = request;
      const fixed = { id, dedupeKey, requestHash, project, issueKey, issueCreatedAt, branch, priority, data };
      const begun = { phase: 'queued', outcome: null, wait: null, attempt: 1, round: 0 } as const;
      const sequence = rows.size + 1;
      const job: Job = freeze({ ...fixed, ...begun, wakeAt: now, createdAt: now, sequence, updatedAt: now });
      const row: Row = { job, fence: 0, held: null, journal: [], signals: [], seenSignal: 0 };
      rows.set(id, row);
      open.add(row);
      newest.set(dedupeKey, row);
      return { job, created: true };
    },
    async claim(request, call) {
      begin(call);
      const stay = stayOf(request.worker);
      const row = pick(request, stay);
      if (!row) return null;
      row.fence += 1;
      row.held = { by: stay, until: clock.now() + request.leaseMs };
      held.add(row);
      claims += 1;
      served.set(row.job.project, claims);
      return Object.freeze({ job: row.job, fence: row.fence });
    },
    async confirm(lease, leaseMs, call) {
      begin(call);
      const row = rowOf(lease);
      if (row.held) row.held = { by: row.held.by, until: clock.now() + leaseMs };
    },
    async record(lease, change, call) {
      begin(call);
      const row = rowOf(lease);
      if (isEnded(row.job.phase)) throw ended(row.job);
      ledger.settle(row.job.id, change.settled ?? []);
      for (const { type, data, at } of change.entries) {
        row.journal.push(Object.freeze({ seq: row.journal.length + 1, at, type, data: freeze(data) }));
      }
      if (change.consumed.length > 0) {
        row.signals = row.signals.filter(({ signal }) => !change.consumed.includes(signal.id));
      }
      const { requestHash, project, phase, outcome, wait, attempt, round, priority, wakeAt, data } = change.state;
      const now = clock.now();
      const state = { requestHash, project, phase, outcome, wait, attempt, round, priority, data: freeze(data) };
      const unseen = row.signals.some(({ number }) => number > row.seenSignal);
      // Whoever recorded knew nothing of such a signal: it must not be put to sleep with the job.
      const dueAt = unseen ? Math.min(wakeAt, now) : wakeAt;
      row.job = Object.freeze({ ...row.job, ...state, wakeAt: dueAt, updatedAt: now });
      if (isEnded(phase)) open.delete(row);
      return Object.freeze({ job: row.job, fence: row.fence });
    },
    async release(lease, call) {
      begin(call);
      const row = rows.get(lease.job.id);
      if (row && row.fence === lease.fence) letGo(row);
    },
    async hold(key, worker, forMs, call) {
      begin(call);
      const by = stayOf(worker);
      const holder = keys.get(key);
      if (holder && holder.by !== by && holder.until > clock.now()) return false;
      if (forMs <= 0) keys.delete(key);
      else keys.set(key, { by, until: clock.now() + forMs });
      return forMs > 0;
    },
    async get(id, call) {
      begin(call);
      return rows.get(id)?.job ?? null;
    },
    async *list(query, call) {
      begin(call);
      let left = query.limit ?? Number.POSITIVE_INFINITY;
      for (const { job } of [...rows.values()].reverse()) {
        if (left <= 0) return;
        begin(call);
        if (!matchesQuery(job, query)) continue;
        left -= 1;
        yield job;
      }
    },
    async *journal(jobId, after, call) {
      begin(call);
      for (const entry of rows.get(jobId)?.journal.slice(Math.max(0, after)) ?? []) {
        begin(call);
        yield entry;
      }
    },
    async forgetJournals(endedBefore, call) {
      begin(call);
      const old = [...rows.values()].filter(
        ({ job, journal }) => isEnded(job.phase) && job.updatedAt < endedBefore && journal.length > 0,
      );
      for (const { journal } of old) journal.length = 0;
      return old.length;
    },
    async signal(jobId, request, call) {
      begin(call);
      const row = rows.get(jobId);
      if (!row) {
        throw new BatonError('NOT_FOUND', `There is no job ${jobId}.`, {
          details: { resource: `job ${jobId}` },
          adapter: 'memory',
        });
      }
      if (isEnded(row.job.phase)) throw ended(row.job);
      const now = clock.now();
      signalsLeft += 1;
      const signal: Signal = freeze({ id: newId('signal'), type: request.type, data: request.data, at: now });
      row.signals = [...row.signals, { number: signalsLeft, signal }];
      row.job = Object.freeze({ ...row.job, wakeAt: now, updatedAt: now });
    },
    async signals(lease, call) {
      begin(call);
      const row = rowOf(lease);
      row.seenSignal = row.signals.at(-1)?.number ?? row.seenSignal;
      return Object.freeze(row.signals.map(({ signal }) => signal));
    },
    async pendingSignals(jobId, call) {
      begin(call);
      return Object.freeze((rows.get(jobId)?.signals ?? []).map(({ signal }) => signal));
    },
    async readFact(key, call) {
      begin(call);
      return settings.get(key) ?? null;
    },
    async writeFact(key, value, expectedVersion, call) {
      begin(call);
      if ((settings.get(key)?.version ?? null) !== expectedVersion) return false;
      settings.set(key, freeze({ value, version: (expectedVersion ?? 0) + 1 }));
      return true;
    },
    async reserve(lease, request, call) {
      begin(call);
      return ledger.reserve(rowOf(lease).job.id, request.id, request.amounts);
    },
    async spent(query, call) {
      begin(call);
      return ledger.spent(query);
    },
  };
}

function begin(call: CallOptions | undefined): void {
  call?.signal?.throwIfAborted();
}

function ended(job: Job): BatonError<'CONFLICT'> {
  return new BatonError('CONFLICT', `Job ${job.id} has ended: ${job.outcome ?? job.phase}.`, {
    details: { actual: job.phase },
    adapter: 'memory',
  });
}
