import { statSync } from 'node:fs';
import type { Diagnosis } from '@baton/core';
import { mapError } from './map-error.js';
import { findDamage, isOurs, versionOf } from './migrate.js';
import { openForReading } from './open-database.js';

/** What there is to say about the file at `path`. Reads all of it and changes nothing. */
export function* diagnoseStore(path: string, newest: number): Generator<Diagnosis, void, undefined> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) {
    yield fine('store', `Nothing stands at ${path} yet; the first start makes it.`);
    return;
  }
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  const megabytes = ((found.size + (log?.size ?? 0)) / 1e6).toFixed(1);
  yield fine('store', `${path}, ${megabytes} MB.`);
  try {
    const database = openForReading(path);
    try {
      const version = isOurs(database) ? versionOf(database) : null;
      yield schemaLine(version, newest);
      if (version === null) return;
      const damage = findDamage(database);
      yield damage === null
        ? fine('store integrity', 'Every page and index is sound.')
        : trouble('store integrity', `The file is damaged: ${damage}.`, 'Restore a backup, or start anew without it.');
    } finally {
      database.close();
    }
  } catch (error) {
    const { message, fix } = mapError(error, path);
    yield trouble('store integrity', message, fix ?? null);
  }
}

function schemaLine(version: number | null, newest: number): Diagnosis {
  const check = 'store schema';
  if (version === null)
    return trouble(check, 'The file belongs to another program.', 'Name another path for the store.');
  if (version === newest) return fine(check, `Version ${version}, the newest.`);
  if (version < newest) return fine(check, `Version ${version}; the next start takes it to ${newest}.`);
  return trouble(check, `Version ${version}; this Baton knows ${newest} at most.`, 'Install the newer Baton.');
}

function fine(check: string, detail: string): Diagnosis {
  return { check, ok: true, detail, fix: null };
}

function trouble(check: string, detail: string, fix: string | null): Diagnosis {
  return { check, ok: false, detail, fix };
}
