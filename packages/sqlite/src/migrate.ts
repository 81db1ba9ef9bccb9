import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { atWork, storeUnreadable } from './map-error.js';
import { applicationId } from './schema.js';

/** Which schema a database bears. */
export function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** Whether Baton made this database. */
export function isOurs(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA application_id').get()?.['application_id'] === applicationId;
}

/** Null where the whole database is sound; else what SQLite found first. Reads all of it. */
export function findDamage(database: DatabaseSync): string | null {
  const found = String(Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0]);
  return found === 'ok' ? null : found;
}

/** Takes an empty database to the newest schema. */
export function createSchema(database: DatabaseSync, steps: readonly string[]): void {
  applySteps(database, 0, steps);
}

/** What `migrate` is told. */
export interface MigrateOptions {
  readonly path: string;
  readonly migrations: readonly string[];
  /** ISO date, for the name of a backup. */
  readonly now: () => string;
  /** Whether a worker of any process is at work on the store: one of the old version could record nothing any more. */
  readonly isAtWork: () => boolean;
}

/**
 * Takes a store to the newest schema, in one transaction, after having written a copy of it beside it. Where the
 * copy went, or null where nothing was to be done. `UNAVAILABLE` while somebody is at work on it by the old one.
 */
export function migrate(database: DatabaseSync, options: MigrateOptions): string | null {
  const { path, migrations: steps, now } = options;
  /** Another process may have been here since the version was read, and be at work by the newest schema. */
  const refuseAtWork = (): void => {
    if (options.isAtWork() && versionOf(database) === from) throw atWork(path, from, steps.length);
  };
  const from = versionOf(database);
  if (from > steps.length) {
    const what = `is of version ${from}, and this Baton knows versions up to ${steps.length}`;
    throw storeUnreadable(path, what, undefined, 'Install the newer Baton that wrote it, or restore an older backup.');
  }
  if (from === steps.length) return null;
  refuseAtWork();
  const damage = findDamage(database);
  if (damage !== null) throw storeUnreadable(path, `is damaged (${damage})`);
  const backup = `${path}.v${from}-${now().replaceAll(/[-:.]/g, '')}.backup`;
  const partial = `${backup}.partial`;
  rmSync(partial, { force: true });
  // Only its owner reads it, as the store itself: SQLite takes an empty file for none.
  closeSync(openSync(partial, 'wx', 0o600));
  database.prepare('VACUUM INTO ?').run(partial);
  renameSync(partial, backup);
  applySteps(database, from, steps, refuseAtWork);
  return backup;
}

/** `check`: runs once nobody else can come to work any more. */
function applySteps(
  database: DatabaseSync,
  from: number,
  steps: readonly string[],
  check: () => void = () => {},
): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    check();
    // Another process may have been here since the version was read.
    if (versionOf(database) === from) {
      for (const step of steps.slice(from)) database.exec(step);
      // Neither pragma takes a parameter. Both numbers are our own.
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${steps.length}`);
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
