import { BatonError, type EnqueueRequest, isEnded, type Job, type JobChange, type JobLease } from '@baton/core';
import type { Connection } from './connection.js';
import { freePlace, getHeld, hasEnded, type JobRow, jobColumns, leaseLost, mapJob } from './job-row.js';
import { settleSpend } from './ledger.js';

const sql = {
  newest: `SELECT ${jobColumns} FROM jobs WHERE dedupe_key = :key ORDER BY number DESC LIMIT 1`,
  find: `SELECT ${jobColumns} FROM jobs WHERE id = :id`,
  add: `INSERT INTO jobs (id, dedupe_key, request_hash, project, issue_key, issue_created_at, branch, phase, attempt, round, priority, wake_at,
      data, created_at, updated_at, place)
    VALUES (:id, :dedupeKey, :requestHash, :project, :issueKey, :issueCreatedAt, :branch, 'queued', 1, 0, :priority, :now,
      :data, :now, :now, 'due')
    RETURNING ${jobColumns}`,
  confirm: `UPDATE jobs SET leased_until = :until WHERE id = :job AND fence = :fence AND stay IS NOT NULL`,
  release: `UPDATE jobs SET stay = NULL, leased_until = NULL, place = ${freePlace}
    WHERE id = :job AND fence = :fence AND stay IS NOT NULL`,
  append: 'INSERT INTO journal (job, seq, at, type, data) VALUES (:job, :seq, :at, :type, :data)',
  consume: 'DELETE FROM signals WHERE id = :id AND job = :job',
  unseen: 'SELECT 1 AS found FROM signals WHERE job = :job AND number > :seen LIMIT 1',
  change: `UPDATE jobs SET request_hash = :requestHash, project = :project, phase = :phase, outcome = :outcome, wait = :wait, attempt = :attempt,
      round = :round, priority = :priority, wake_at = :wakeAt, data = :data, updated_at = :now, entries = :entries
    WHERE number = :number RETURNING ${jobColumns}`,
};

/** `JobStore.get`. */
export function getJob(connection: Connection, id: string): Job | null {
  const row = connection.get<JobRow>(sql.find, { id });
  return row && mapJob(row);
}

/** `JobStore.enqueue`, inside a transaction. */
export function enqueueJob(
  connection: Connection,
  request: EnqueueRequest,
  now: number,
): { readonly job: Job; readonly created: boolean } {
  const { supersedes, id, dedupeKey, requestHash, project, issueKey, issueCreatedAt, branch, priority } = request;
  const newest = connection.get<JobRow>(sql.newest, { key: dedupeKey });
  if (newest && (supersedes !== newest.id || !isEnded(newest.phase))) return { job: mapJob(newest), created: false };
  if (!newest && supersedes !== null) {
    throw new BatonError('NOT_FOUND', `There is no job ${supersedes} of ${dedupeKey} to follow.`, {
      details: { resource: `job ${supersedes}` },
      adapter: 'sqlite',
    });
  }
  if (connection.get(sql.find, { id })) {
    throw new BatonError('CONFLICT', `There is a job ${id} already, for another issue.`, {
      details: { actual: id },
      adapter: 'sqlite',
    });
  }
  const data = JSON.stringify(request.data);
  const fixed = { id, dedupeKey, requestHash, project, issueKey, issueCreatedAt, branch, priority };
  const row = connection.get<JobRow>(sql.add, { ...fixed, data, now });
  if (!row) throw new Error('An INSERT gave no line back.');
  return { job: mapJob(row), created: true };
}

/** `JobStore.confirm`, inside a transaction. */
export function confirmLease(connection: Connection, lease: JobLease, until: number): void {
  if (connection.run(sql.confirm, { job: lease.job.id, fence: lease.fence, until }) === 0) leaseLost(lease);
}

/** `JobStore.release`, inside a transaction. */
export function releaseJob(connection: Connection, lease: JobLease, now: number): void {
  connection.run(sql.release, { job: lease.job.id, fence: lease.fence, now });
}

/** `JobStore.record`, inside a transaction. */
export function recordChange(connection: Connection, lease: JobLease, change: JobChange, now: number): JobLease {
  const held = getHeld(connection, lease);
  if (isEnded(held.phase)) hasEnded(held);
  let entries = held.entries;
  for (const { type, data, at } of change.entries) {
    entries += 1;
    connection.run(sql.append, { job: held.number, seq: entries, at, type, data: JSON.stringify(data) });
  }
  for (const each of change.settled ?? []) settleSpend(connection, held, each);
  for (const id of change.consumed) connection.run(sql.consume, { id, job: held.number });
  const { requestHash, project, phase, outcome, wait, attempt, round, priority } = change.state;
  // Whoever recorded knew nothing of a signal that it didn't read: it must not be put to sleep with the job.
  const isUnseen = connection.get(sql.unseen, { job: held.number, seen: held.seen_signal }) !== null;
  const wakeAt = isUnseen ? Math.min(change.state.wakeAt, now) : change.state.wakeAt;
  const state = { requestHash, project, phase, outcome, wait, attempt, round, priority, wakeAt };
  const data = JSON.stringify(change.state.data);
  const row = connection.get<JobRow>(sql.change, { ...state, data, now, entries, number: held.number });
  if (!row) throw new Error('An UPDATE gave no line back.');
  return { job: mapJob(row), fence: row.fence };
}
