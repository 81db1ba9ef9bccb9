import type { Clock } from '@baton/core';

/** Tells when nothing has been asked for in a while. */
export interface Quiet {
  /** Something is asked for: who waits goes on waiting. */
  touch(): void;
  /** Resolves once it has been quiet for long enough. An abort rejects and leaves no timer. */
  wait(signal: AbortSignal): Promise<void>;
  /** While this runs, nobody waits. */
  without(task: () => Promise<void>): Promise<void>;
}

/** Nothing was asked for yet. */
export function createQuiet(clock: Clock, forMs: number): Quiet {
  let touchedAt = Number.NEGATIVE_INFINITY;
  let without = 0;
  let waking = new AbortController();
  return {
    touch() {
      touchedAt = clock.monotonic();
    },
    async wait(signal) {
      for (;;) {
        signal.throwIfAborted();
        const leftMs = touchedAt + forMs - clock.monotonic();
        if (leftMs <= 0 || without > 0) return;
        const woken = waking.signal;
        await clock.sleep(leftMs, { signal: AbortSignal.any([signal, woken]) }).catch((error: unknown) => {
          if (!woken.aborted) throw error;
        });
      }
    },
    async without(task) {
      without += 1;
      waking.abort();
      waking = new AbortController();
      try {
        await task();
      } finally {
        without -= 1;
      }
    },
  };
}
