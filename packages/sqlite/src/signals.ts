import { BatonError, isEnded, type JobLease, type Signal } from '@baton/core';
import type { Connection } from './connection.js';
import { getHeld, hasEnded, type JobRow, parseJson } from './job-row.js';

interface SignalRow {
  readonly number: number;
  readonly id: string;
  readonly type: Signal['type'];
  readonly data: string;
  readonly at: number;
}

const sql = {
  job: 'SELECT number, id, phase, outcome FROM jobs WHERE id = :job',
  leave: 'INSERT INTO signals (job, id, type, data, at) VALUES (:number, :id, :type, :data, :now)',
  wake: `UPDATE jobs SET wake_at = :now, updated_at = :now WHERE number = :number`,
  list: 'SELECT number, id, type, data, at FROM signals WHERE job = :job ORDER BY number',
  pending: `SELECT number, id, type, data, at FROM signals
    WHERE job = (SELECT number FROM jobs WHERE id = :job) ORDER BY number`,
  see: 'UPDATE jobs SET seen_signal = :last WHERE number = :job AND fence = :fence AND seen_signal < :last',
};

/** `JobStore.signal`, inside a transaction. */
export function leaveSignal(connection: Connection, jobId: string, signal: Signal): void {
  const row = connection.get<Pick<JobRow, 'number' | 'id' | 'phase' | 'outcome'>>(sql.job, { job: jobId });
  if (!row) {
    throw new BatonError('NOT_FOUND', `There is no job ${jobId}.`, {
      details: { resource: `job ${jobId}` },
      adapter: 'sqlite',
    });
  }
  if (isEnded(row.phase)) hasEnded(row);
  const { id, type, at: now } = signal;
  connection.run(sql.leave, { number: row.number, id, type, data: JSON.stringify(signal.data), now });
  connection.run(sql.wake, { number: row.number, now });
}

/** Those not consumed yet, and what `seeSignals` is to be told where some were not read before. */
export function listSignals(
  connection: Connection,
  lease: JobLease,
): { readonly signals: readonly Signal[]; readonly unseen: { readonly job: number; readonly last: number } | null } {
  const held = getHeld(connection, lease);
  const rows = connection.all<SignalRow>(sql.list, { job: held.number });
  const last = rows.at(-1)?.number ?? 0;
  return {
    signals: rows.map(({ id, type, data, at }) => ({ id, type, data: parseJson(data), at })),
    unseen: last > held.seen_signal ? { job: held.number, last } : null,
  };
}

/** `JobStore.pendingSignals`: also where the job is gone. */
export function listPendingSignals(connection: Connection, jobId: string): readonly Signal[] {
  return connection
    .all<SignalRow>(sql.pending, { job: jobId })
    .map(({ id, type, data, at }) => ({ id, type, data: parseJson(data), at }));
}

/** Remembers that the signals up to `last` were read. */
export function seeSignals(connection: Connection, job: number, last: number, fence: number): void {
  connection.run(sql.see, { job, last, fence });
}
