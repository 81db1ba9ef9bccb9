import { existsSync, renameSync } from 'node:fs';
import type { BatonError } from '@baton/core';

/** Files that belong to a SQLite database, by what is behind its name (https://sqlite.org/tempfiles.html). */
const parts = ['-wal', '-shm', ''];

/**
 * Takes a store that can't be read out of the way, so that a new one is begun in its place. Where it stands now; null
 * where nothing stood there. Nothing is deleted.
 */
export function setStoreAside({ details }: BatonError<'STORE_UNREADABLE'>, now: number): string | null {
  const { path } = details;
  if (!existsSync(path)) return null;
  const aside = `${path}.aside-${new Date(now).toISOString().replaceAll(/[-:.]/g, '')}`;
  // The database last: what is left of it is never taken for another one's.
  for (const part of parts) if (existsSync(`${path}${part}`)) renameSync(`${path}${part}`, `${aside}${part}`);
  return aside;
}
