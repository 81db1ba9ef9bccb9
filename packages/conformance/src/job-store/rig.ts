import assert from 'node:assert/strict';
import {
  BatonError,
  type BatonErrorCode,
  type ClaimCaps,
  type ClaimRequest,
  type EnqueueRequest,
  type Job,
  type JobChange,
  type JobLease,
  type JobState,
  type JobStore,
} from '@baton/core';
import type { ContractCase, Rig } from '../contract.js';
import type { ManualClock } from '../manual-clock.js';

/** The world around a store. It is empty when a case begins. */
export interface JobStoreRig extends Rig {
  readonly store: JobStore;
  /** The store judges time by it. */
  readonly clock: ManualClock;
  /** The same data as another process would open it: a connection of its own, where the store has such a thing. */
  reopen(): Promise<JobStore>;
  /** Lets go of all that holds this worker's place, as the death of its process would. Its handles stay as they are. */
  kill(worker: string): Promise<void>;
}

/** A demand on a job store. */
export type JobStoreCase = ContractCase<JobStoreRig>;

/** How long leases last in these cases. */
export const leaseMs = 60_000;

/** A job of project `web` whose names follow from its id. */
export function request(id: string, over: Partial<EnqueueRequest> = {}): EnqueueRequest {
  return {
    id,
    supersedes: null,
    dedupeKey: `web/tracker/${id}`,
    requestHash: `request of ${id}`,
    project: 'web',
    issueKey: id.toUpperCase(),
    issueCreatedAt: 0,
    branch: `baton/${id}`,
    priority: null,
    data: { from: id },
    ...over,
  };
}

/** Enqueues a job that must be new. */
export async function seed(store: JobStore, id: string, over: Partial<EnqueueRequest> = {}): Promise<Job> {
  const { job, created } = await store.enqueue(request(id, over));
  assert.equal(created, true, `job ${id} was to be created`);
  return job;
}

/** A claim that no cap narrows, of the projects `api`, `docs` and `web`. */
export function claimAs(worker: string, caps: Partial<ClaimCaps> = {}): ClaimRequest {
  return { worker, leaseMs, caps: { total: 100, byProject: { api: 100, docs: 100, web: 100 }, ...caps } };
}

/** Claims a job that must be there. */
export async function take(store: JobStore, worker: string, caps: Partial<ClaimCaps> = {}): Promise<JobLease> {
  const lease = await store.claim(claimAs(worker, caps));
  assert.ok(lease, `${worker} was to get a job`);
  return lease;
}

/** A change to this state that appends one entry of type `noted`. */
export function change(job: Job, over: Partial<JobState> = {}, consumed: readonly string[] = []): JobChange {
  const { requestHash, project, phase, outcome, wait, attempt, round, priority, wakeAt, data } = job;
  const state = { requestHash, project, phase, outcome, wait, attempt, round, priority, wakeAt, data, ...over };
  return { entries: [{ type: 'noted', data: { phase: state.phase }, at: 1 }], state, consumed };
}

/** Ends a held job as merged. */
export async function end(store: JobStore, lease: JobLease): Promise<void> {
  await store.release(await store.record(lease, change(lease.job, { phase: 'done', outcome: 'merged' })));
}

/** All of it. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  return Array.fromAsync(items);
}

/** The call must be refused with this code. */
export async function refuses(code: BatonErrorCode, call: Promise<unknown>): Promise<BatonError> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(BatonError.is(error), `expected ${code}, got ${error === null ? 'an answer' : String(error)}`);
  assert.equal(error.code, code, error.message);
  return error;
}
