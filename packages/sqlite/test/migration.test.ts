import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JobStore } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applicationId, migrations } from '../src/schema.js';
import { enqueueRequest } from './enqueue-request.js';
import { createSqliteRig, type SqliteRig } from './rig.js';

const next = [...migrations, `ALTER TABLE jobs ADD COLUMN note TEXT; UPDATE jobs SET note = 'of ' || id;`];
const broken = [...migrations, 'CREATE TABLE half (a); INSERT INTO half VALUES (1); CREATE TABLE half (a);'];

let rig: SqliteRig;

beforeEach(async () => {
  rig = await createSqliteRig();
});

afterEach(async () => {
  await rig.dispose();
});

async function seed(store: JobStore, id: string): Promise<void> {
  await store.enqueue(enqueueRequest(id));
}

async function listBackups(): Promise<readonly string[]> {
  return (await readdir(dirname(rig.path))).filter((name) => name.includes('backup'));
}

function look(path: string, sql: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  const row = database.prepare(sql).get();
  database.close();
  return row && Object.values(row)[0];
}

describe('sqlite store, versions', () => {
  it('keeps the order of jobs that an earlier version took in, which knew no age of their issues', async () => {
    await mkdir(dirname(rig.path), { recursive: true });
    const file = new DatabaseSync(rig.path);
    file.exec(migrations[0] ?? '');
    file.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = 1`);
    for (const [id, at] of Object.entries({ j1: 20, j2: 10 })) {
      file
        .prepare(
          `INSERT INTO jobs (id, dedupe_key, intent, project, issue_key, branch, phase, attempt, round, wake_at, data,
            created_at, updated_at, place)
          VALUES (?, ?, 'i', 'web', 'k', 'b', 'queued', 1, 0, 0, 'null', ?, ?, 'due')`,
        )
        .run(id, id, at, at);
    }
    file.close();
    await using _stay = await rig.store.join('w');
    const next = () => rig.store.claim({ worker: 'w', leaseMs: 1_000, caps: { total: 9, byProject: { web: 9 } } });
    expect([(await next())?.job, (await next())?.job]).toMatchObject([
      { id: 'j2', issueCreatedAt: 10 },
      { id: 'j1', issueCreatedAt: 20 },
    ]);
  });

  it('takes an older store along, and keeps a copy of what it was', async () => {
    const old = rig.open();
    await seed(old, 'j1');
    await old.close?.();
    const store = rig.open({ migrations: next });
    expect((await store.get('j1'))?.id).toBe('j1');
    await seed(store, 'j2');
    await store.close?.();
    expect(look(rig.path, 'PRAGMA user_version')).toBe(next.length);
    expect(look(rig.path, `SELECT note FROM jobs WHERE id = 'j1'`)).toBe('of j1');
    const backups = await listBackups();
    expect(backups).toEqual([`store.db.v${migrations.length}-20260101T000000000Z.backup`]);
    const copy = join(dirname(rig.path), backups[0] ?? '');
    // As private as the store that it is a copy of.
    expect((await stat(copy)).mode & 0o077).toBe(0);
    expect(look(copy, 'PRAGMA user_version')).toBe(migrations.length);
    expect(look(copy, 'SELECT count(*) FROM jobs')).toBe(1);
    await rig.open({ migrations: next }).get('j1');
    expect(await listBackups()).toEqual(backups);
  });

  it('leaves the store as it was where a step fails', async () => {
    const old = rig.open();
    await seed(old, 'j1');
    await old.close?.();
    await expect(rig.open({ migrations: broken }).get('j1')).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(look(rig.path, 'PRAGMA user_version')).toBe(migrations.length);
    expect(look(rig.path, `SELECT count(*) FROM sqlite_schema WHERE name = 'half'`)).toBe(0);
    expect((await rig.store.get('j1'))?.id).toBe('j1');
  });

  it('stops an older Baton that was running meanwhile', async () => {
    await seed(rig.store, 'j1');
    await rig.open({ migrations: next }).get('j1');
    await expect(seed(rig.store, 'j2')).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    expect(await rig.open({ migrations: next }).get('j2')).toBeNull();
  });

  it('is not taken from under a Baton that is at work on it, which would lose what it has under way', async () => {
    await seed(rig.store, 'j1');
    const stay = await rig.store.join('w');
    const request = { worker: 'w', leaseMs: 60_000, caps: { byProject: { web: null } } };
    const lease = await rig.store.claim(request);
    const newer = rig.open({ migrations: next });
    await expect(newer.get('j1')).rejects.toMatchObject({ code: 'UNAVAILABLE', fix: expect.stringMatching(/^Stop /) });
    await expect(newer.join('v')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await listBackups()).toEqual([]);
    // Whoever was at work ends it as if nobody had come.
    if (lease) await rig.store.release(lease);
    await seed(rig.store, 'j2');
    await stay[Symbol.asyncDispose]();
    expect((await newer.get('j2'))?.id).toBe('j2');
    expect(await listBackups()).toHaveLength(1);
  });
});
