import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeDirectories } from '@baton/adapter-kit';
import { storeUnreadable } from './map-error.js';
import { createSchema, findDamage, isOurs, type MigrateOptions, migrate } from './migrate.js';

/** How long SQLite itself may wait for a lock. Short: it blocks the event loop, and `createDatabase` tries again. */
const busyTimeoutMs = 5;

/** SQLite's own default, with which every store was made. */
const pageBytes = 4_096;

/** What `openDatabase` is told. */
export interface OpenOptions extends MigrateOptions {
  /** For names of new files beside the store. */
  readonly nextId: () => string;
  /** Told where a migration left the copy of what was there before. */
  readonly onMigrated: (backup: string) => void;
}

/**
 * Opens the store, making it where there is none. It comes into being whole, under another name first: so that
 * an empty file in its place is damage, never a new store.
 */
export function openDatabase(options: OpenOptions): DatabaseSync {
  const { path } = options;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) create(options);
  else if (!found.isFile()) throw storeUnreadable(path, 'is not a file');
  else if (found.size === 0) throw storeUnreadable(path, 'is an empty file: what it held is lost');
  // SQLite takes what is missing of the last page for zeros. Beside a log that page is written again.
  else if (found.size % pageBytes !== 0 && !existsSync(`${path}-wal`)) {
    throw storeUnreadable(path, 'ends in the middle of a page: its end is lost');
  }
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    if (!isOurs(database)) throw storeUnreadable(path, 'belongs to another program');
    configure(database);
    const backup = migrate(database, options);
    if (backup !== null) options.onMigrated(backup);
    checkHeldJobs(database, path);
    return database;
  } catch (error) {
    closeUnchanged(database, path);
    throw error;
  }
}

/** Closes a connection to a store that is damaged: the last one to close would write the log into the file. */
export function closeUnchanged(database: DatabaseSync, path: string): void {
  try {
    using beside = openForReading(path);
    // Only now is the file opened. One that may not write closes last, and leaves everything.
    beside.prepare('SELECT count(*) FROM sqlite_schema').get();
    database.close();
  } catch {
    // What can't be read at all has no log that was opened either.
    if (database.isOpen) database.close();
  }
}

/** Opens the store for reading alone, changing nothing and making nothing. */
export function openForReading(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
}

function configure(database: DatabaseSync): void {
  // FULL: a commit is on the disk before anything is done on its strength, also when the power fails.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864');
}

function create(options: OpenOptions): void {
  const { path } = options;
  if (existsSync(`${path}-wal`)) {
    throw storeUnreadable(path, `is gone, but its log ${path}-wal is there`, undefined, 'Put the file back beside it.');
  }
  const directory = dirname(path);
  makeDirectories(directory, { mode: 0o700 });
  const draft = `${path}.${options.nextId()}.new`;
  try {
    // Only its owner reads it: it holds the texts of issues.
    closeSync(openSync(draft, 'wx', 0o600));
    const database = new DatabaseSync(draft);
    try {
      configure(database);
      createSchema(database, options.migrations);
      const damage = findDamage(database);
      if (damage !== null) throw storeUnreadable(path, `could not be made (${damage})`);
    } finally {
      database.close();
    }
    publish(draft, path);
    const handle = openSync(directory, 'r');
    fsyncSync(handle);
    closeSync(handle);
  } finally {
    for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${draft}${ending}`, { force: true });
  }
}

function publish(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    // Another process was first: its store is as good as ours.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/**
 * Reads the jobs that were held when the store was last written: what a crash may have cut short. A look at
 * everything takes longer the more there is; `diagnose` and migrations take it.
 */
function checkHeldJobs(database: DatabaseSync, path: string): void {
  const torn = database
    .prepare(
      `SELECT id FROM jobs WHERE stay > 0 AND (NOT json_valid(data) OR entries <> coalesce(
        (SELECT max(seq) FROM journal WHERE journal.job = jobs.number), 0)) LIMIT 1`,
    )
    .get();
  if (torn) throw storeUnreadable(path, `is damaged: job ${String(torn['id'])} and its journal do not agree`);
}
