import { BatonError } from '@baton/core';
import type { Connection } from './connection.js';
import { freePlace } from './job-row.js';
import type { WorkerLock, WorkerLocks } from './worker-lock.js';

/** Who is at work. Everything that takes a connection runs inside a transaction of the store. */
export interface Workers {
  /** Number of the new stay. `CONFLICT` where the name is at work already. */
  join(connection: Connection, worker: string, now: number): number;
  /** Lets go of a stay without a word to the store: to others its worker is dead. */
  abandon(stay: number): void;
  /** Ends a stay and lets go of its jobs and keys. Nothing where it ended before. */
  leave(connection: Connection, stay: number, now: number): void;
  /** Number of the stay that this store holds for the worker. `INTERNAL` where there is none. */
  stayOf(worker: string): number;
  isAlive(stay: number): boolean;
  /** Whether anybody is at work on the store, of whatever version. */
  isAnyAlive(): boolean;
  /** Stays that this store holds. */
  readonly own: readonly number[];
}

const sql = {
  find: 'SELECT number FROM stays WHERE worker = :worker',
  all: 'SELECT number FROM stays WHERE number > 0',
  add: 'INSERT INTO stays (worker) VALUES (:worker) RETURNING number',
  letGo: `UPDATE jobs SET stay = NULL, leased_until = NULL, place = ${freePlace}
    WHERE stay = :stay`,
  letKeysGo: 'DELETE FROM holds WHERE stay = :stay',
  remove: 'DELETE FROM stays WHERE number = :stay',
};

/** The workers of one store. */
export function createWorkers(locks: WorkerLocks): Workers {
  const held = new Map<number, { readonly worker: string; readonly lock: WorkerLock }>();
  const isAlive = (stay: number): boolean => held.get(stay)?.lock.held ?? locks.isHeld(stay);
  const forget = (stay: number): void => {
    held.get(stay)?.lock.close();
    held.delete(stay);
    locks.remove(stay);
  };
  const leave: Workers['leave'] = (connection, stay, now) => {
    connection.run(sql.letGo, { stay, now });
    connection.run(sql.letKeysGo, { stay });
    connection.run(sql.remove, { stay });
    forget(stay);
  };
  return {
    join(connection, worker, now) {
      const former = connection.get<{ number: number }>(sql.find, { worker });
      if (former && isAlive(former.number)) {
        throw new BatonError('CONFLICT', `A worker named ${worker} is at work already.`, {
          details: { actual: worker },
          adapter: 'sqlite',
          fix: 'Stop the other Baton, or give this one another worker name.',
        });
      }
      const stays = connection.all<{ number: number }>(sql.all).map(({ number }) => number);
      for (const each of stays) if (!isAlive(each)) leave(connection, each, now);
      const stay = connection.get<{ number: number }>(sql.add, { worker })?.number ?? 0;
      held.set(stay, { worker, lock: locks.hold(stay) });
      // Left by a process that died on its way here: nobody makes one outside this transaction.
      for (const each of locks.list()) if (each !== stay && !stays.includes(each)) locks.remove(each);
      return stay;
    },
    abandon: forget,
    leave,
    stayOf(worker) {
      for (const [stay, each] of held) if (each.worker === worker && each.lock.held) return stay;
      throw new BatonError('INTERNAL', `Worker ${worker} asks for work without having joined this store.`, {
        details: { worker },
        adapter: 'sqlite',
      });
    },
    isAlive,
    isAnyAlive: () => locks.list().some(isAlive),
    get own() {
      return [...held.keys()];
    },
  };
}
