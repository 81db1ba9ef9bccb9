import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobStore } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteStore } from '../src/index.js';
import { enqueueRequest } from './enqueue-request.js';
import { createTestRuntime, systemClock } from './runtime.js';
import { startWorker } from './start-worker.js';

let directory: string;
let path: string;
let store: JobStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'baton-sqlite-'));
  path = join(directory, 'store.db');
  store = createSqliteStore({ path, runtime: createTestRuntime(systemClock) });
});

afterEach(async () => {
  await store.close?.();
  await rm(directory, { recursive: true, force: true });
});

const claim = { worker: 'parent', leaseMs: 60_000, caps: { total: 9, byProject: { web: 9 } } };

async function seed(id: string): Promise<void> {
  await store.enqueue(enqueueRequest(id));
}

describe('sqlite store, processes', () => {
  it('gives the job of a worker that was killed to the next one at once', async () => {
    await seed('j1');
    await using child = startWorker('hold', path, 'child');
    expect(await child.next()).toBe('claimed j1 1');
    await store.join('parent');
    expect(await store.claim(claim)).toBeNull();
    await child.kill();
    const lease = await store.claim(claim);
    expect([lease?.job.id, lease?.fence]).toEqual(['j1', 2]);
    expect(await readdir(`${path}-workers`)).toEqual(['2.lock']);
  });

  it('has what a worker held that was killed be held by the next one at once', async () => {
    await using child = startWorker('hold', path, 'child');
    await child.next();
    await store.join('parent');
    expect(await store.hold('poll', 'parent', 60_000)).toBe(false);
    await child.kill();
    expect(await store.hold('poll', 'parent', 60_000)).toBe(true);
  });

  it('sweeps the locks that were left on the way in, and none of the living', async () => {
    await store.join('parent');
    await writeFile(join(`${path}-workers`, '7.lock'), '');
    await using child = startWorker('hold', path, 'child');
    expect(await child.next()).toBe('claimed undefined undefined');
    expect((await readdir(`${path}-workers`)).toSorted()).toEqual(['1.lock', '2.lock']);
  });

  it('lets a worker come back under its name after it was killed, and not before', async () => {
    await seed('j1');
    await using child = startWorker('hold', path, 'same');
    await child.next();
    await expect(store.join('same')).rejects.toMatchObject({ code: 'CONFLICT' });
    await child.kill();
    await store.join('same');
    expect((await store.claim({ ...claim, worker: 'same' }))?.fence).toBe(2);
  });

  it('keeps the locks of one process apart, whatever is opened, probed and closed beside them', async () => {
    await seed('j1');
    await store.join('parent');
    expect((await store.claim(claim))?.fence).toBe(1);
    const beside = createSqliteStore({ path, runtime: createTestRuntime(systemClock) });
    await beside.join('beside');
    expect(await beside.claim({ ...claim, worker: 'beside' })).toBeNull();
    await beside.close?.();
    await using child = startWorker('hold', path, 'child');
    expect(await child.next()).toBe('claimed undefined undefined');
  });

  it('G17 leaves a journal without gaps and the state of its last entry where a worker is killed while recording', async () => {
    await seed('j1');
    await store.join('parent');
    let last = 0;
    for (let life = 0; life < 4; life += 1) {
      await using child = startWorker('record', path, `child${life}`);
      let said = 0;
      for (let index = 0; index < 5 + life * 20; index += 1) {
        said = Number((await child.next())?.replace('recorded ', ''));
      }
      await child.kill();
      const lease = await store.claim(claim);
      const entries = await Array.fromAsync(store.journal('j1', 0));
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
      const round = lease?.job.round ?? -1;
      // What was said was recorded, and perhaps more that there was no time to say.
      expect(round).toBeGreaterThanOrEqual(said);
      const added = Array.from({ length: round }, (_, index) => ((index + 1) % 7) + 1).reduce((a, b) => a + b, 0);
      expect(entries.length - last).toBe(added);
      last = entries.length;
      if (lease) await store.release(lease);
    }
  });

  it('G21 never gives one job to two processes, nor more jobs than the cap', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `j${index}`);
    for (const id of ids) await seed(id);
    await using first = startWorker('drain', path, 'a');
    await using second = startWorker('drain', path, 'b');
    await using third = startWorker('drain', path, 'c');
    await Promise.all([first.rest(), second.rest(), third.rest()]);
    const log = (await readFile(`${path}.log`, 'utf8')).trimEnd().split('\n');
    const begun = log.filter((line) => line !== 'end').map((line) => line.slice('begin '.length));
    expect(begun.toSorted()).toEqual(ids.toSorted());
    let atWork = 0;
    for (const line of log) {
      atWork += line === 'end' ? -1 : 1;
      expect(atWork).toBeLessThanOrEqual(2);
    }
    const jobs = await Array.fromAsync(store.list({ phases: ['done'] }));
    expect(jobs.length).toBe(60);
    for (const { id } of jobs) expect((await Array.fromAsync(store.journal(id, 0))).length).toBe(1);
    expect(await readdir(`${path}-workers`)).toEqual([]);
  });
});
