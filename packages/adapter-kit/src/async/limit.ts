import type { CallOptions } from '@baton/core';
import PQueue from 'p-queue';

/** Lets so many tasks run at once; others wait in the order in which they came. */
export type Limit = <T>(task: () => Promise<T>, options?: CallOptions) => Promise<T>;

/**
 * Makes a limit. Aborting takes a waiting task out of the queue; a running one keeps its place until it has ended by
 * itself. A failure holds up nobody.
 */
export function createLimit(size: number): Limit {
  const queue = new PQueue({ concurrency: size });
  return async (task, { signal } = {}) => {
    signal?.throwIfAborted();
    // The queue would let the next one in as soon as a running task is aborted, while that still works.
    const waiting = new AbortController();
    const leave = (): void => waiting.abort(signal?.reason);
    const stay = (): void => signal?.removeEventListener('abort', leave);
    signal?.addEventListener('abort', leave, { once: true });
    const begin = () => {
      stay();
      return task();
    };
    return queue.add(begin, { signal: waiting.signal }).finally(stay);
  };
}
