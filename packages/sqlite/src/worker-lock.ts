import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy, isCantOpen } from './map-error.js';

/** A place at work, held as long as the process lives. */
export interface WorkerLock {
  readonly held: boolean;
  /** Lets it go, as the kernel does when the process dies. Safe to call twice. */
  close(): void;
}

/**
 * One file for each stay of a worker, locked by an open transaction of SQLite: the kernel lets such a lock go
 * when the process dies, however it dies, and SQLite keeps two of one process apart. A stay's number is never
 * used again, so that a file whose lock is gone stays dead and can be removed.
 *
 * These files must be opened by SQLite alone: closing any other handle on one would drop its lock
 * (https://sqlite.org/howtocorrupt.html, 2.2).
 */
export interface WorkerLocks {
  hold(stay: number): WorkerLock;
  /** Whether some process, this one included, holds that stay. */
  isHeld(stay: number): boolean;
  remove(stay: number): void;
  /** Numbers of the stays that have a file. */
  list(): readonly number[];
}

/** The locks in a directory, which comes into being with the first. */
export function createWorkerLocks(directory: string): WorkerLocks {
  const fileOf = (stay: number): string => join(directory, `${stay}.lock`);
  return {
    hold(stay) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const database = new DatabaseSync(fileOf(stay), { timeout: 0 });
      try {
        // Nothing is ever written, so that there is nothing to take back: no journal file beside the lock.
        database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      } catch (error) {
        database.close();
        throw error;
      }
      return {
        get held() {
          return database.isOpen;
        },
        close() {
          if (database.isOpen) database.close();
        },
      };
    },
    isHeld(stay) {
      let database: DatabaseSync | null = null;
      try {
        // For reading: it makes no file where there is none, and two that look don't hinder one another.
        database = new DatabaseSync(fileOf(stay), { readOnly: true, timeout: 0 });
        database.prepare('SELECT count(*) FROM sqlite_schema').get();
        return false;
      } catch (error) {
        if (isBusy(error)) return true;
        // A file that is there but can't be opened says nothing: its worker may well live.
        if (isCantOpen(error) && !existsSync(fileOf(stay))) return false;
        throw error;
      } finally {
        database?.close();
      }
    },
    remove: (stay) => rmSync(fileOf(stay), { force: true }),
    list: () =>
      (existsSync(directory) ? readdirSync(directory) : []).flatMap((name) =>
        /^\d+\.lock$/.test(name) ? [Number.parseInt(name, 10)] : [],
      ),
  };
}
