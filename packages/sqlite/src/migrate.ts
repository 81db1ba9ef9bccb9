import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { storeUnreadable } from './map-error.js';
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

/**
 * Takes a store to the newest schema, in one transaction, after having written a copy of it beside it. Where the
 * copy went, or null where nothing was to be done.
 */
export function migrate(database: DatabaseSync, path: string, steps: readonly string[], at: string): string | null {
  const from = versionOf(database);
  if (from > steps.length) {
    const what = `is of version ${from}, and this Baton knows versions up to ${steps.length}`;
    throw storeUnreadable(path, what, undefined, 'Install the newer Baton that wrote it, or restore an older backup.');
  }
  if (from === steps.length) return null;
  const damage = findDamage(database);
  if (damage !== null) throw storeUnreadable(path, `is damaged (${damage})`);
  const backup = `${path}.v${from}-${at.replaceAll(/[-:.]/g, '')}.backup`;
  const partial = `${backup}.partial`;
  rmSync(partial, { force: true });
  // Only its owner reads it, as the store itself: SQLite takes an empty file for none.
  closeSync(openSync(partial, 'wx', 0o600));
  database.prepare('VACUUM INTO ?').run(partial);
  renameSync(partial, backup);
  applySteps(database, from, steps);
  return backup;
}

function applySteps(database: DatabaseSync, from: number, steps: readonly string[]): void {
  database.exec('BEGIN IMMEDIATE');
  try {
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
