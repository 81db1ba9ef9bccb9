import {
  BatonError,
  endedPhases,
  type Job,
  type JobLease,
  type JobOutcome,
  type JobPhase,
  type JsonValue,
  openPhases,
  type WaitReason,
} from '@baton/core';
import type { Connection } from './connection.js';

/** A line of the table `jobs`, as far as jobs are read from it. */
export interface JobRow {
  readonly number: number;
  readonly id: string;
  readonly dedupe_key: string;
  readonly request_hash: string;
  readonly project: string;
  readonly issue_key: string;
  readonly issue_created_at: number;
  readonly branch: string;
  readonly phase: JobPhase;
  readonly outcome: JobOutcome | null;
  readonly wait: WaitReason | null;
  readonly attempt: number;
  readonly round: number;
  readonly priority: number | null;
  readonly wake_at: number;
  readonly data: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly entries: number;
  readonly seen_signal: number;
  readonly fence: number;
}

/** The columns of `JobRow`, for statements. */
export const jobColumns = `number, id, dedupe_key, request_hash, project, issue_key, issue_created_at, branch, phase, outcome, wait, attempt,
  round, priority, wake_at, data, created_at, updated_at, entries, seen_signal, fence`;

const selectHeld = `SELECT ${jobColumns} FROM jobs WHERE id = :job AND fence = :fence AND stay IS NOT NULL`;

/** Where a job goes when nobody holds it any more. */
export const freePlace = `CASE WHEN phase IN (${endedPhases.map((each) => `'${each}'`).join(', ')}) THEN 'ended'
  WHEN wake_at <= :now THEN 'due' ELSE 'asleep' END`;

const phases: ReadonlySet<string> = new Set([...openPhases, ...endedPhases]);

/** The job of a line. A `SyntaxError`, which `mapError` knows, where the line is damaged. */
export function mapJob(row: JobRow): Job {
  if (!phases.has(row.phase)) throw new SyntaxError(`${JSON.stringify(row.phase)} is no phase of a job.`);
  return {
    id: row.id,
    dedupeKey: row.dedupe_key,
    requestHash: row.request_hash,
    project: row.project,
    issueKey: row.issue_key,
    issueCreatedAt: row.issue_created_at,
    branch: row.branch,
    phase: row.phase,
    outcome: row.outcome,
    wait: row.wait,
    attempt: row.attempt,
    round: row.round,
    priority: row.priority,
    wakeAt: row.wake_at,
    data: parseJson(row.data),
    createdAt: row.created_at,
    sequence: row.number,
    updatedAt: row.updated_at,
  };
}

/** The line of a job that is still held by this lease, be it over its time. `LEASE_LOST` where it isn't. */
export function getHeld(connection: Connection, lease: JobLease): JobRow {
  return connection.get<JobRow>(selectHeld, { job: lease.job.id, fence: lease.fence }) ?? leaseLost(lease);
}

/** Refuses. */
export function leaseLost(lease: JobLease): never {
  const { fence, job } = lease;
  throw new BatonError('LEASE_LOST', `Job ${job.id} is no longer held under fence ${fence}.`, {
    details: { job: job.id, fence },
    adapter: 'sqlite',
  });
}

/** Refuses to change a job that has ended. */
export function hasEnded(row: Pick<JobRow, 'id' | 'phase' | 'outcome'>): never {
  throw new BatonError('CONFLICT', `Job ${row.id} has ended: ${row.outcome ?? row.phase}.`, {
    details: { actual: row.phase },
    adapter: 'sqlite',
  });
}

/** What the store wrote itself. A `SyntaxError` where it is damaged. */
export function parseJson(text: string): JsonValue {
  return JSON.parse(text);
}
