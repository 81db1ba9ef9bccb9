import { DatabaseSync } from 'node:sqlite';
import type { EnqueueRequest } from '@baton/core';
import { BatonError } from '@baton/core';
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

const request = (id: string, data = ''): EnqueueRequest => enqueueRequest(id, data);

describe('sqlite store, in trouble', () => {
  it('G35 says that the disk is full, changes nothing, and goes on once there is room', async () => {
    const connections: Connection[] = [];
    const store = rig.open({ onOpen: (connection) => connections.push(connection) });
    await store.join('w');
    await store.enqueue(request('j1'));
    const claim = { worker: 'w', leaseMs: 60_000, caps: { total: 1, byProject: { web: 1 } } };
    const lease = await store.claim(claim);
    if (!lease) throw new Error('There was to be a job.');
    const [connection] = connections;
    const pages = connection?.get<{ page_count: number }>('PRAGMA page_count')?.page_count;
    connection?.database.exec(`PRAGMA max_page_count = ${pages}`);
    const entries = Array.from({ length: 50 }, () => ({ type: 'noted', data: 'x'.repeat(1_000), at: 1 }));
    const full = store.record(lease, { entries, state: { ...lease.job, round: 1 }, consumed: [] });
    await expect(full).rejects.toMatchObject({ code: 'DISK_FULL', details: { path: rig.path } });
    await expect(store.enqueue(request('j2', 'x'.repeat(9_000)))).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect([(await store.get('j1'))?.round, await store.get('j2')]).toEqual([0, null]);
    expect(await Array.fromAsync(store.journal('j1', 0))).toEqual([]);
    await store.release(lease);
    connection?.database.exec('PRAGMA max_page_count = 1000000');
    const again = await store.claim(claim);
    if (!again) throw new Error('There was to be a job.');
    await store.record(again, { entries, state: { ...again.job, round: 1 }, consumed: [] });
    expect((await Array.fromAsync(store.journal('j1', 0))).length).toBe(50);
  });

  it('waits for another program without standing still, and goes on when that one is done', async () => {
    await rig.store.enqueue(request('j1'));
    const other = new DatabaseSync(rig.path);
    other.exec('BEGIN IMMEDIATE');
    let done = false;
    const written = rig.store.enqueue(request('j2')).finally(() => {
      done = true;
    });
    // Were the call to block, this would not be reached, and the other program is in this process.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect((await rig.store.get('j1'))?.id).toBe('j1');
    expect(done).toBe(false);
    other.exec('COMMIT');
    expect((await written).created).toBe(true);
    other.close();
  });

  it('gives up on another program that does not let go', async () => {
    await rig.store.enqueue(request('j1'));
    const other = new DatabaseSync(rig.path);
    other.exec('BEGIN IMMEDIATE');
    const store = rig.open({ patienceMs: 40 });
    await expect(store.enqueue(request('j2'))).rejects.toMatchObject({ code: 'UNAVAILABLE', isRetryable: true });
    other.exec('ROLLBACK');
    other.close();
    expect((await store.enqueue(request('j2'))).created).toBe(true);
  });

  it('stops waiting when it is aborted', async () => {
    await rig.store.enqueue(request('j1'));
    const other = new DatabaseSync(rig.path);
    other.exec('BEGIN IMMEDIATE');
    const stop = new AbortController();
    const reason = new Error('enough');
    const written = rig.store.enqueue(request('j2'), { signal: stop.signal });
    setImmediate(() => stop.abort(reason));
    await expect(written).rejects.toBe(reason);
    other.exec('ROLLBACK');
    other.close();
    expect(await rig.store.get('j2')).toBeNull();
  });

  it('signs a worker off even where the store cannot be written any more', async () => {
    const connections: Connection[] = [];
    const store = rig.open({ onOpen: (connection) => connections.push(connection), patienceMs: 20 });
    const stay = await store.join('w');
    await rig.store.join('v');
    await store.enqueue(request('j1'));
    const claim = { leaseMs: 60_000, caps: { total: 1, byProject: { web: 1 } } };
    await store.claim({ ...claim, worker: 'w' });
    const other = new DatabaseSync(rig.path);
    other.exec('BEGIN IMMEDIATE');
    await stay[Symbol.asyncDispose]();
    other.exec('ROLLBACK');
    other.close();
    expect((await rig.store.claim({ ...claim, worker: 'v' }))?.job.id).toBe('j1');
  });

  it.each([
    ['a job', "UPDATE jobs SET data = '{'"],
    ['the phase of a job', "UPDATE jobs SET phase = 'workinh'"],
    ['a number of a job', 'UPDATE jobs SET round = 9223372036854775807'],
    ['an entry of a journal', "UPDATE journal SET data = '{'"],
    ['a signal', "UPDATE signals SET data = '{'"],
    ['a fact', "UPDATE facts SET value = '{'"],
    ['a reservation', "UPDATE reservations SET amounts = '[7]'"],
  ])('tells of %s that is damaged in a file that is whole', async (_, damage) => {
    const { store } = rig;
    await store.enqueue(request('j1'));
    await store.join('w');
    const lease = await store.claim({ worker: 'w', leaseMs: 60_000, caps: { total: 1, byProject: { web: 1 } } });
    if (!lease) throw new Error('There was to be a job.');
    const change = { entries: [{ type: 'noted', data: {}, at: 1 }], state: lease.job, consumed: [] };
    await store.record(lease, change);
    await store.signal('j1', { type: 'wake', data: {} });
    await store.writeFact('s', {}, null);
    const amount = { scope: 'all', period: 'all', unit: 'tokens' as const, amount: 1 };
    await store.reserve(lease, { id: 'r', amounts: [{ ...amount, cap: 9 }] });
    const other = new DatabaseSync(rig.path);
    other.exec(damage);
    other.close();
    const reads = [
      () => store.get('j1'),
      () => Array.fromAsync(store.list({})),
      () => Array.fromAsync(store.list({ phases: ['queued'] })),
      () => Array.fromAsync(store.journal('j1', 0)),
      () => store.pendingSignals('j1'),
      () => store.readFact('s'),
      () => store.record(lease, { ...change, settled: [{ id: 'r', actual: [amount] }] }),
    ];
    const told: string[] = [];
    for (const read of reads) {
      await read().catch((error: unknown) => told.push(BatonError.is(error) ? error.code : String(error)));
    }
    expect([...new Set(told)]).toEqual(['STORE_UNREADABLE']);
  });

  it('refuses calls after it was closed', async () => {
    await rig.store.get('j1');
    await rig.store.close?.();
    await expect(rig.store.get('j1')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
