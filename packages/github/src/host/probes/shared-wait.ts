import type { CallOptions } from '@baton/core';

/** Those who wait for one piece of work that they share. */
export interface SharedWait {
  /** Aborted once everybody who came has left: nobody waits for the work any more. */
  readonly signal: AbortSignal;
  /** Waits for the work until the caller's own signal is aborted, which ends nobody else's waiting. */
  wait<Value>(work: Promise<Value>, options?: CallOptions): Promise<Value>;
}

/** Nobody waits yet. */
export function createSharedWait(): SharedWait {
  const empty = new AbortController();
  let waiting = 0;
  return {
    signal: empty.signal,
    async wait<Value>(work: Promise<Value>, { signal }: CallOptions = {}) {
      waiting += 1;
      const { promise, resolve, reject } = Promise.withResolvers<Value>();
      const leave = (): void => reject(signal?.reason);
      if (signal?.aborted) leave();
      signal?.addEventListener('abort', leave, { once: true });
      work.then(resolve, reject);
      try {
        return await promise;
      } finally {
        signal?.removeEventListener('abort', leave);
        waiting -= 1;
        if (waiting === 0) empty.abort();
      }
    },
  };
}
