import { DatabaseSync } from 'node:sqlite';
import { anyOdd, fuzzed } from '@baton/conformance/fuzz';
import { BatonError, endedPhases, openPhases } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { getJob, recordChange } from '../src/change-job.js';
import { type Connection, createConnection } from '../src/connection.js';
import type { Database } from '../src/database.js';
import { readFact } from '../src/facts.js';
import { listJobs, listJournal } from '../src/list-jobs.js';
import { mapError } from '../src/map-error.js';
import { migrations } from '../src/schema.js';
import { listPendingSignals, listSignals } from '../src/signals.js';

const lease = { fence: 1 };
const job = { id: 'j1', number: 1 };
const filled = `
  INSERT INTO stays (worker) VALUES ('w');
  INSERT INTO jobs (id, dedupe_key, request_hash, project, issue_key, issue_created_at, branch, phase, attempt, round, wake_at,
    data, created_at, updated_at, place, stay, fence)
    VALUES ('j1', 'd', 'i', 'web', 'a#1', 0, 'b', 'working', 1, 1, 0, '{}', 0, 0, 'held', 1, 1);
  INSERT INTO journal (job, seq, at, type, data) VALUES (1, 1, 0, 'noted', '{}');
  INSERT INTO signals (job, id, type, data, at) VALUES (1, 's1', 'wake', '{}', 0);
  INSERT INTO facts (key, value, version) VALUES ('s', '{}', 1);
  INSERT INTO reservations (job, id, settled, amounts)
    VALUES (1, 'r', 0, '[{"scope":"all","period":"all","unit":"tokens","amount":1}]');`;

function open(): Connection {
  const database = new DatabaseSync(':memory:');
  for (const step of migrations) database.exec(step);
  database.exec(filled);
  return createConnection(database);
}

/** One for all inputs: what one changes is taken back. */
let opened: Connection | null = null;

const cells = [
  ...['jobs.data', 'jobs.phase', 'jobs.outcome', 'jobs.round', 'jobs.priority', 'jobs.number', 'jobs.issue_created_at'],
  ...['jobs.fence', 'jobs.seen_signal', 'journal.data', 'journal.seq', 'journal.at', 'signals.data', 'signals.type'],
  ...['signals.number', 'settings.value', 'settings.version', 'reservations.amounts', 'reservations.settled'],
] as const;
const json = fc.oneof(
  anyOdd.map((value) => JSON.stringify(value)),
  fc.constantFrom('{"scope":"all"}', '[null]', '[{"scope":7}]', '{', '', '[]', '\ud800'),
);
const value: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: json.map((text) => `'${text.replaceAll("'", "''").replaceAll('\0', '')}'`) },
  fc.constantFrom('9223372036854775807', '-9007199254740993', '9e999', '-9e999', "CAST(x'ff00fe' AS TEXT)"),
  fc.constantFrom('7', '-1', '1.5', 'NULL', "'done'", "'working'", "'constructor'"),
);

/** A disk that lies, or a hand that helped: the file is whole, and a cell of it isn't. */
export const rows = fuzzed(
  'a damaged cell is told as that, or harms nothing',
  fc.record({ cell: fc.constantFrom(...cells), value }),
  async (damage) => {
    opened ??= open();
    const connection = opened;
    const database: Pick<Database, 'read'> = {
      async read(_, work) {
        try {
          return work(connection);
        } catch (error) {
          throw mapError(error, '/store.db');
        }
      },
    };
    const listed = { ...database } as Partial<Database> as Database;
    connection.database.exec('BEGIN');
    try {
      const [table, column] = damage.cell.split('.');
      try {
        connection.database.exec(`UPDATE ${table} SET ${column} = ${damage.value}`);
      } catch {
        // The schema itself refuses it.
        return;
      }
      const held = await told(() => database.read(undefined, (each) => getJob(each, job.id)));
      const all = await told(() => Array.fromAsync(listJobs(listed, {}, undefined)));
      const few = { phases: ['working' as const, 'done' as const], project: 'web', limit: 1 };
      for (const each of [
        held,
        ...(all ?? []),
        ...((await told(() => Array.fromAsync(listJobs(listed, few, undefined)))) ?? []),
      ]) {
        if (each !== null) expect([...openPhases, ...endedPhases]).toContain(each.phase);
      }
      const journal = await told(() => Array.fromAsync(listJournal(listed, job.id, 0, undefined)));
      expect((journal ?? []).length).toBeLessThanOrEqual(1);
      await told(() => database.read(undefined, (each) => listPendingSignals(each, job.id)));
      await told(() => database.read(undefined, (each) => readFact(each, 's')));
      if (held === null) return;
      const mine = { ...lease, job: held };
      await told(() => database.read(undefined, (each) => listSignals(each, mine)));
      const actual = [{ scope: 'all', period: 'all', unit: 'tokens' as const, amount: 1 }];
      const change = { entries: [], state: held, consumed: [], settled: [{ id: 'r', actual }] };
      await told(() => database.read(undefined, (each) => recordChange(each, mine, change, 1)));
    } finally {
      connection.database.exec('ROLLBACK');
    }
  },
  cells.flatMap((cell) =>
    ["'{'", "'[7]'", "'done'", 'NULL', '9223372036854775807', '7'].map((each) => ({ cell, value: each })),
  ),
);

/** What was read, or null where the damage, or whoever has the job by now, kept it from that. */
async function told<Result>(read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    const expected = ['STORE_UNREADABLE', 'LEASE_LOST', 'CONFLICT', 'NOT_FOUND'] as const;
    if (expected.some((code) => BatonError.is(error, code))) return null;
    throw error;
  }
}
