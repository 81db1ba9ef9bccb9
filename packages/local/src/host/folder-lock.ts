import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeDirectories } from '@baton/adapter-kit';
import { type CallOptions, messageOf, type Runtime } from '@baton/core';
import { mapFileError, unavailable } from './map-error.js';

/** Runs what is given while no other process does the same in this folder. */
export type FolderLock = <Result>(body: () => Promise<Result>, options?: CallOptions) => Promise<Result>;

const waitMs = 20;
const longestWaitMs = 30_000;

/**
 * A lock that the kernel holds on an empty file: it goes with the process, however that dies, so that nobody has
 * to tell a stale one. SQLite is the one in Node that can take such a lock. Does no input or output.
 */
export function createFolderLock(directory: string, runtime: Runtime): FolderLock {
  const path = join(directory, '.lock');

  const open = async (): Promise<DatabaseSync> => {
    try {
      makeDirectories(directory);
      const found = await lstat(path).catch(() => null);
      if (found && !found.isFile()) throw unavailable(`${path} is no file.`, `remove ${path}`);
      return new DatabaseSync(path, { timeout: 0 });
    } catch (error) {
      throw mapFileError(error, path);
    }
  };

  return async (body, options) => {
    const signal = options?.signal;
    using database = await open();
    for (let waited = 0; !take(database); waited += waitMs) {
      if (waited >= longestWaitMs) throw unavailable(`Another process has held ${path} for ${longestWaitMs / 1000} s.`);
      await runtime.clock.sleep(waitMs, signal ? { signal } : {});
    }
    signal?.throwIfAborted();
    return await body();
  };
}

/** Whether the lock is ours now; disposing the database lets it go. */
function take(database: DatabaseSync): boolean {
  try {
    // Nothing is ever written, so that there is nothing to take back: no journal beside the lock.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    const busy = 5;
    if (error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === busy) return false;
    const said = messageOf(error);
    throw unavailable(`The folder can't be locked: ${said}.`, 'keep the folder on a file system with locks', error);
  }
}
