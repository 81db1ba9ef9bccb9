import type { CallOptions } from '@baton/core';

/** Lets so many tasks run at once; others wait in the order in which they came. */
export type Limit = <T>(task: () => Promise<T>, options?: CallOptions) => Promise<T>;

/** Runs tasks of the same key one after another. */
export type KeyedLock = <T>(key: string, task: () => Promise<T>, options?: CallOptions) => Promise<T>;

/** Makes a limit. Aborting takes a waiting task out of the queue; a running one is its own business. */
export function createLimit(size: number): Limit {
  let free = size;
  const waiting: (() => void)[] = [];
  const acquire = (signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(signal?.reason);
      };
      const enter = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      signal?.addEventListener('abort', abort, { once: true });
      waiting.push(enter);
    });
  };
  return async (task, options) => {
    await acquire(options?.signal);
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** Makes a lock that remembers only keys in use. */
export function createKeyedLock(): KeyedLock {
  const limits = new Map<string, { readonly limit: Limit; users: number }>();
  return async (key, task, options) => {
    const entry = limits.get(key) ?? { limit: createLimit(1), users: 0 };
    limits.set(key, entry);
    entry.users += 1;
    try {
      return await entry.limit(task, options);
    } finally {
      entry.users -= 1;
      if (entry.users === 0) limits.delete(key);
    }
  };
}
