import type { Job, JobQuery, JobStore } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../src/connection.js';
import { enqueueRequest } from './enqueue-request.js';
import { createSqliteRig, type SqliteRig } from './rig.js';

let rig: SqliteRig;

beforeEach(async () => {
  rig = await createSqliteRig();
});

afterEach(async () => {
  await rig.dispose();
});

/** Every method, every way into a list. */
async function useEverything(store: JobStore): Promise<void> {
  const stay = await store.join('w');
  const other = await store.join('v');
  await store.enqueue(enqueueRequest('j1'));
  await store.signal('j1', { type: 'wake', data: null });
  const lease = await store.claim({ worker: 'w', leaseMs: 1, caps: { total: 1, byProject: { web: 1 } } });
  if (!lease) throw new Error('There was to be a job.');
  rig.clock.advance(1);
  const again = await store.claim({ worker: 'v', leaseMs: 1, caps: { total: 1, byProject: { web: 1 } } });
  if (!again) throw new Error('There was to be a job.');
  const signals = await store.signals(again);
  await store.pendingSignals(again.job.id);
  const entries = [{ type: 'noted', data: null, at: 1 }];
  const consumed = signals.map(({ id }) => id);
  await store.confirm(again, 1);
  await store.reserve(again, { id: 'r', amounts: [{ scope: 's', period: 'all', unit: 'tokens', amount: 1, cap: 2 }] });
  await store.spent({ scope: 's', period: 'all', unit: 'tokens' });
  await store.record(again, { entries, state: again.job, consumed, settled: [{ id: 'r', actual: [] }] });
  await store.release(again);
  await store.hold('k', 'w', 1);
  await store.hold('k', 'w', 0);
  await store.writeFact('k', 1, null);
  await store.writeFact('k', 2, 1);
  await store.readFact('k');
  await Array.fromAsync(store.journal('j1', 0));
  await store.forgetJournals?.(0);
  const phases: readonly Job['phase'][] = ['queued', 'done'];
  const queries: readonly JobQuery[] = [
    {},
    { project: 'web' },
    { phases },
    { project: 'web', phases },
    { dedupeKey: 'j1' },
    { idPrefix: 'j' },
    { issueKey: 'j1' },
    { updatedAfter: 0 },
  ];
  for (const query of queries) await Array.fromAsync(store.list(query));
  await other[Symbol.asyncDispose]();
  await stay[Symbol.asyncDispose]();
}

describe('sqlite store, query plans', () => {
  it('no statement walks a whole table, so that history costs nothing', async () => {
    const statements: string[] = [];
    const connections: Connection[] = [];
    const store = rig.open({
      onPrepare: (sql) => statements.push(sql),
      onOpen: (connection) => connections.push(connection),
    });
    await useEverything(store);
    const [connection] = connections;
    if (!connection) throw new Error('There was to be a connection.');
    expect(statements.length).toBeGreaterThan(30);
    const walks = statements
      .filter((sql) => !sql.startsWith('PRAGMA'))
      .flatMap((sql) =>
        connection.database
          .prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .all()
          .map((row) => String(row['detail']))
          // The phases that a query names are a table to SQLite.
          .filter((detail) => detail.startsWith('SCAN') && !detail.startsWith('SCAN json_each'))
          .map((detail) => `${detail}: ${sql}`),
      );
    expect(walks).toEqual([]);
  });

  it('lists that are read in order are not sorted', async () => {
    const statements: string[] = [];
    const connections: Connection[] = [];
    const store = rig.open({
      onPrepare: (sql) => statements.push(sql),
      onOpen: (connection) => connections.push(connection),
    });
    await useEverything(store);
    const sorted = statements
      .filter((sql) => sql.startsWith('SELECT'))
      .filter((sql) =>
        connections[0]?.database
          .prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .all()
          .some((row) => String(row['detail']).includes('TEMP B-TREE')),
      )
      .map((sql) => /INDEXED BY (\w+)/.exec(sql)?.[1] ?? sql);
    // By what begins like an id and by what changed lately: few lines each, in an order of their own.
    expect(sorted.toSorted()).toEqual(['jobs_by_id', 'jobs_by_update']);
  });
});
