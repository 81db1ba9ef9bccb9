import { chmod, mkdir, readdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EnqueueRequest } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../src/schema.js';
import { enqueueRequest } from './enqueue-request.js';
import { createSqliteRig, type SqliteRig } from './rig.js';

let rig: SqliteRig;

beforeEach(async () => {
  rig = await createSqliteRig();
});

afterEach(async () => {
  await rig.dispose();
});

const request = (id: string): EnqueueRequest => enqueueRequest(id, 'x'.repeat(2_000));

async function makeStore(jobs = 1): Promise<void> {
  const store = rig.open();
  for (let index = 0; index < jobs; index += 1) await store.enqueue(request(`j${index}`));
  await store.close?.();
}

function edit(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

describe('sqlite store, opening', () => {
  it('makes nothing before the first call, and then a file that only its owner reads', async () => {
    await expect(stat(dirname(rig.path))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await rig.store.get('j1')).toBeNull();
    expect((await stat(rig.path)).mode & 0o077).toBe(0);
    expect((await readdir(dirname(rig.path))).filter((name) => name.includes('.new'))).toEqual([]);
  });

  it('opens a new store from eight connections at once', async () => {
    const stores = Array.from({ length: 8 }, () => rig.open());
    await Promise.all(stores.map((store, index) => store.enqueue(request(`j${index}`))));
    expect((await Array.fromAsync(rig.store.list({}))).length).toBe(8);
  });

  describe('G19 refuses, and leaves as it is', () => {
    const damages: Readonly<Record<string, (path: string) => Promise<void>>> = {
      'a file of garbage': (path) => writeFile(path, 'this is no database at all\n'.repeat(400)),
      'an empty file': (path) => writeFile(path, ''),
      'a file that was cut short': (path) => truncate(path, 8_192),
      'a file whose first page was overwritten': async (path) => {
        const bytes = await readFile(path);
        await writeFile(path, bytes.fill(7, 0, 4_096));
      },
      "another program's database": async (path) => {
        await rename(path, `${path}.old`);
        edit(path, 'CREATE TABLE theirs (a)');
      },
      'a store of a newer version': async (path) => edit(path, `PRAGMA user_version = ${migrations.length + 1}`),
      'a held job whose journal has lost its end': async (path) => {
        const store = rig.open();
        await store.join('w');
        const lease = await store.claim({ worker: 'w', leaseMs: 1, caps: { total: 1, byProject: { web: 1 } } });
        if (!lease) throw new Error('There was to be a job.');
        const entries = [1, 2].map((data) => ({ type: 'noted', data, at: 1 }));
        await store.record(lease, { entries, state: lease.job, consumed: [] });
        edit(path, 'DELETE FROM journal WHERE seq = 2');
      },
    };
    for (const [what, damage] of Object.entries(damages)) {
      it(what, async () => {
        await makeStore(20);
        await damage(rig.path);
        const before = await readFile(rig.path);
        const store = rig.open();
        const error: unknown = await store
          .claim({ worker: 'w', leaseMs: 1, caps: { total: 1, byProject: {} } })
          .catch((e) => e);
        expect(error).toMatchObject({ code: 'STORE_UNREADABLE', adapter: 'sqlite', details: { path: rig.path } });
        expect(error).toHaveProperty('fix', expect.stringMatching(/\w/));
        expect(error).toHaveProperty('message', expect.stringContaining('kept as it is'));
        await expect(store.get('j1')).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
        await store.close?.();
        expect(before.equals(await readFile(rig.path))).toBe(true);
      });
    }

    it('a directory in its place', async () => {
      await mkdir(rig.path, { recursive: true });
      await expect(rig.store.get('j1')).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
      expect(await readdir(rig.path)).toEqual([]);
    });

    it('a file where its directory would be', async () => {
      await writeFile(dirname(rig.path), 'in the way');
      await expect(rig.store.get('j1')).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    });

    it('a log whose store is gone', async () => {
      await mkdir(dirname(rig.path));
      await writeFile(`${rig.path}-wal`, 'what was written last');
      await expect(rig.store.get('j1')).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
      expect(await readdir(dirname(rig.path))).toEqual(['store.db-wal']);
    });

    it('a page damaged in the middle, at the first call that reads it', async () => {
      await makeStore(200);
      const bytes = await readFile(rig.path);
      await writeFile(rig.path, bytes.fill(0xee, 4_096 * 20, bytes.length));
      const error: unknown = await Array.fromAsync(rig.open().list({})).catch((e) => e);
      expect(error).toMatchObject({ code: 'STORE_UNREADABLE' });
    });
  });

  it('says that its directory may not be written', async () => {
    await makeStore();
    await chmod(rig.directory, 0o755);
    await chmod(rig.path, 0o444);
    await chmod(dirname(rig.path), 0o555);
    // As root every directory may be written: for once be nobody. This process runs nothing else.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      const expected = { code: 'PERMISSION_DENIED', details: { resource: rig.path }, fix: expect.stringMatching(/\w/) };
      await expect(rig.open().enqueue(request('j2'))).rejects.toMatchObject(expected);
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(dirname(rig.path), 0o700);
    }
  });

  it('tells what it found, and changes nothing', async () => {
    expect(await Array.fromAsync(rig.store.diagnose?.() ?? [])).toMatchObject([{ check: 'store', ok: true }]);
    await expect(stat(dirname(rig.path))).rejects.toMatchObject({ code: 'ENOENT' });
    await makeStore(200);
    expect(await Array.fromAsync(rig.store.diagnose?.() ?? [])).toMatchObject([
      { check: 'store', ok: true, detail: expect.stringContaining(rig.path) },
      { check: 'store schema', ok: true },
      { check: 'store integrity', ok: true },
    ]);
    const bytes = await readFile(rig.path);
    await writeFile(rig.path, bytes.fill(0xee, 4_096 * 20, bytes.length));
    expect((await Array.fromAsync(rig.store.diagnose?.() ?? [])).at(-1)).toMatchObject({
      check: 'store integrity',
      ok: false,
      fix: expect.stringMatching(/\w/),
    });
    edit(rig.path, `PRAGMA user_version = ${migrations.length + 1}`);
    expect((await Array.fromAsync(rig.store.diagnose?.() ?? []))[1]).toMatchObject({
      check: 'store schema',
      ok: false,
    });
    await writeFile(rig.path, 'garbage '.repeat(1_000));
    expect((await Array.fromAsync(rig.store.diagnose?.() ?? [])).at(-1)).toMatchObject({ ok: false });
  });
});
