import { createLimit, type Limit } from '@baton/adapter-kit';
import type { CallOptions } from '@baton/core';

/** Runs tasks of the same key one after another. */
export type KeyedLock = <T>(key: string, task: () => Promise<T>, options?: CallOptions) => Promise<T>;

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
