import { copyFile, mkdir, open, readFile, rm, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EnqueueRequest, JobStore } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStoreWith } from '../src/sqlite-store.js';
import { enqueueRequest } from './enqueue-request.js';
import { createSqliteRig, type SqliteRig } from './rig.js';
import { createTestRuntime } from './runtime.js';

let rig: SqliteRig;

beforeEach(async () => {
  rig = await createSqliteRig();
});

afterEach(async () => {
  await rig.dispose();
});

const pageBytes = 4_096;
/** https://sqlite.org/fileformat2.html#the_write_ahead_log */
const logHeaderBytes = 32;
const frameBytes = 24 + pageBytes;

const claim = { worker: 'w', leaseMs: 60_000, caps: { total: 9, byProject: { web: 9 } } };

const request = (id: string): EnqueueRequest => enqueueRequest(id, 'x'.repeat(2_000));

/** A store with jobs, of which one was recorded so many times. Still open. */
async function fill(jobs: number, records: number): Promise<JobStore> {
  const store = rig.open();
  for (let index = 0; index < jobs; index += 1) await store.enqueue(request(`j${index}`));
  await store.join('w');
  let lease = await store.claim(claim);
  for (let round = 1; lease && round <= records; round += 1) {
    const entries = [1, 2, 3].map((line) => ({ type: 'noted', data: 'y'.repeat(line * 500), at: 1 }));
    lease = await store.record(lease, { entries, state: { ...lease.job, round }, consumed: [] });
  }
  return store;
}

interface Copy extends AsyncDisposable {
  readonly path: string;
  readonly store: JobStore;
}

/** The files as they stand, at another place, cut there. Null: the whole file; 0 of the log: it is gone. */
async function copyCut(
  name: string,
  cut: { readonly file: number | null; readonly log: number | null },
): Promise<Copy> {
  const path = join(rig.directory, name, 'store.db');
  await mkdir(dirname(path));
  await copyFile(rig.path, path);
  if (cut.file !== null) await truncate(path, cut.file);
  if (cut.log !== 0) {
    await copyFile(`${rig.path}-wal`, `${path}-wal`).catch(() => {});
    if (cut.log !== null) await truncate(`${path}-wal`, cut.log);
  }
  const store = createStoreWith({ path, runtime: createTestRuntime(rig.clock) }, { patienceMs: 20 });
  return {
    path,
    store,
    async [Symbol.asyncDispose]() {
      await store.close?.();
      await rm(dirname(path), { recursive: true, force: true });
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  await using file = await open(path);
  return (await file.stat()).size;
}

/** Everything that a store says it holds. */
async function readAll(store: JobStore): Promise<string> {
  const jobs = await Array.fromAsync(store.list({}));
  const journals = await Promise.all(jobs.map(({ id }) => Array.fromAsync(store.journal(id, 0))));
  return JSON.stringify([jobs, journals]);
}

describe('sqlite store, cut short', () => {
  it('G19 refuses a file that ends at any of its pages, or within one, and keeps it', async () => {
    await (await fill(20, 5)).close?.();
    const pages = (await sizeOf(rig.path)) / pageBytes;
    expect(pages).toBeGreaterThan(20);
    for (let page = 0; page < pages; page += 1) {
      for (const bytes of [page * pageBytes, page * pageBytes + 1_000]) {
        await using copy = await copyCut(`${bytes}`, { file: bytes, log: 0 });
        const before = await readFile(copy.path);
        const error: unknown = await copy.store.claim(claim).catch((reason) => reason);
        expect(error, `cut at ${bytes}`).toMatchObject({ code: 'STORE_UNREADABLE', fix: expect.stringMatching(/\w/) });
        await copy.store.close?.();
        expect(before.equals(await readFile(copy.path)), `cut at ${bytes}`).toBe(true);
      }
    }
  });

  it('G19 refuses a file that ends at any of its pages beside its log, or holds all that it held', async () => {
    // Checkpointed once, so that most stands in the file, and on from there in the log.
    await (await fill(20, 0)).close?.();
    const store = await fill(20, 5);
    const whole = await readAll(store);
    const pages = (await sizeOf(rig.path)) / pageBytes;
    for (let page = 0; page < pages; page += 1) {
      await using copy = await copyCut(`${page}`, { file: page * pageBytes, log: null });
      const before = await readFile(copy.path);
      const read: unknown = await readAll(copy.store).catch((reason) => reason);
      if (read === whole) continue;
      expect(read, `cut at page ${page}`).toMatchObject({ code: 'STORE_UNREADABLE' });
      await copy.store.close?.();
      expect(before.equals(await readFile(copy.path)), `cut at page ${page}`).toBe(true);
    }
  });

  it('G17 is as it was once, and whole, where its log ends anywhere or is gone', async () => {
    await (await fill(3, 0)).close?.();
    const store = await fill(3, 6);
    const size = await sizeOf(`${rig.path}-wal`);
    const frames = Math.floor((size - logHeaderBytes) / frameBytes);
    expect(frames).toBeGreaterThan(10);
    const cuts = Array.from({ length: frames + 1 }, (_, frame) => logHeaderBytes + frame * frameBytes);
    const seen = new Set<number>();
    for (const bytes of [0, ...cuts.flatMap((cut) => [cut, cut + 1_000])].filter((cut) => cut <= size)) {
      await using copy = await copyCut(`${bytes}`, { file: null, log: bytes });
      const [job] = (await Array.fromAsync(copy.store.list({}))).filter(({ id }) => id === 'j0');
      const entries = await Array.fromAsync(copy.store.journal('j0', 0));
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
      expect(entries.length, `cut at ${bytes}`).toBe((job?.round ?? 0) * 3);
      const found = await Array.fromAsync(copy.store.diagnose?.() ?? []);
      expect(
        found.filter(({ ok }) => !ok),
        `cut at ${bytes}`,
      ).toEqual([]);
      seen.add(job?.round ?? 0);
    }
    expect([...seen].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    await store.close?.();
  });
});
