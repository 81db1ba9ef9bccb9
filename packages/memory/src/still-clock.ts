import type { Clock } from '@baton/core';

/** A clock that stands at instant 0: nothing that sleeps by it wakes, save by an abort. */
export const stillClock: Clock = {
  now: () => 0,
  monotonic: () => 0,
  sleep: (_milliseconds, { signal } = {}) =>
    new Promise((_resolve, reject) => {
      if (signal?.aborted) reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
};
