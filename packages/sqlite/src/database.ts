import { setTimeout as delay } from 'node:timers/promises';
import type { CallOptions } from '@baton/core';
import { type Connection, createConnection } from './connection.js';
import { isBusy, mapError, storeUnreadable, unavailable } from './map-error.js';
import { closeUnchanged, type OpenOptions, openDatabase } from './open-database.js';

/** How long a call tries while another program holds the store. */
const patienceMs = 30_000;

type Synchronous = 'full' | 'normal';

const synchronousSql = { full: 'PRAGMA synchronous = FULL', normal: 'PRAGMA synchronous = NORMAL' } as const;

const readVersion = 'PRAGMA user_version';

/** What `createDatabase` is told. */
export interface DatabaseOptions extends OpenOptions {
  readonly patienceMs?: number;
  /** Told each statement once, and each connection as it is opened: for tests that look at query plans. */
  readonly onPrepare?: (sql: string) => void;
  readonly onOpen?: (connection: Connection) => void;
}

/** The store's file: opened by the first call, and shared with other processes. */
export interface Database {
  /** Runs one statement, or several that need not agree with one another. */
  read<Result>(call: CallOptions | undefined, work: (connection: Connection) => Result): Promise<Result>;
  /**
   * Runs all of `work` or nothing of it, with nobody writing beside it; it may run more than once. What it wrote is
   * on the disk when this resolves, so that a power failure doesn't take it back.
   */
  write<Result>(call: CallOptions | undefined, work: (connection: Connection) => Result): Promise<Result>;
  /** `write` without waiting for the disk: for what means nothing any more once the machine was down. */
  writeLightly<Result>(call: CallOptions | undefined, work: (connection: Connection) => Result): Promise<Result>;
  /** Later calls are refused. Safe to call twice. */
  close(): void;
}

/** A database that isn't open yet. Errors are mapped. */
export function createDatabase(options: DatabaseOptions): Database {
  const { path } = options;
  let current: Connection | null = null;
  let synchronous: Synchronous = 'full';
  let closed = false;
  let damaged = false;
  const connect = (): Connection => {
    if (closed) throw unavailable(path, 'was closed by Baton');
    if (current) return current;
    current = createConnection(openDatabase(options), options.onPrepare);
    options.onOpen?.(current);
    return current;
  };
  const attempt = async <Result>(call: CallOptions | undefined, work: () => Result): Promise<Result> => {
    const signal = call?.signal;
    // Real time: what is waited for is another process, which knows nothing of a virtual clock.
    const giveUpAt = performance.now() + (options.patienceMs ?? patienceMs);
    for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 100)) {
      signal?.throwIfAborted();
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || performance.now() >= giveUpAt) {
          const mapped = mapError(error, path);
          damaged ||= mapped.code === 'STORE_UNREADABLE';
          throw mapped;
        }
      }
      await delay(pauseMs, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
    }
  };
  const transact = <Result>(wanted: Synchronous, work: (connection: Connection) => Result): Result => {
    const connection = connect();
    const { database } = connection;
    // Outside of a transaction alone does it take effect.
    if (synchronous !== wanted) database.exec(synchronousSql[wanted]);
    synchronous = wanted;
    database.exec('BEGIN IMMEDIATE');
    try {
      if (connection.get<{ user_version: number }>(readVersion)?.user_version !== options.migrations.length) {
        throw storeUnreadable(path, 'was taken to another version by another Baton', undefined, 'Restart this one.');
      }
      const result = work(connection);
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
  return {
    read: (call, work) => attempt(call, () => work(connect())),
    write: (call, work) => attempt(call, () => transact('full', work)),
    writeLightly: (call, work) => attempt(call, () => transact('normal', work)),
    close() {
      closed = true;
      if (current !== null && damaged) closeUnchanged(current.database, path);
      else current?.database.close();
      current = null;
    },
  };
}
