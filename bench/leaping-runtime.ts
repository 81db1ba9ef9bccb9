import { createSystemRuntime } from '@baton/adapter-kit';
import type { CallOptions, Runtime } from '@baton/core';

/** A runtime whose clock goes with the machine's, and can be put forward where nobody but sleepers waits. */
export interface LeapingRuntime extends Runtime {
  /** Puts the clock forward at once, and wakes whoever is due by then. */
  leap(milliseconds: number): void;
}

/** What happens takes the time that it takes; hours in which nothing happens take none. */
export function createLeapingRuntime(): LeapingRuntime {
  const system = createSystemRuntime();
  const sleepers = new Set<() => void>();
  let ahead = 0;
  const monotonic = (): number => system.clock.monotonic() + ahead;
  return {
    ...system,
    // Intervals are as long as they are set: no jitter.
    random: () => 0.5,
    clock: {
      now: () => system.clock.now() + ahead,
      monotonic,
      async sleep(milliseconds: number, { signal }: CallOptions = {}) {
        const dueAt = monotonic() + milliseconds;
        while (monotonic() < dueAt) {
          const leapt = new AbortController();
          const wake = (): void => leapt.abort();
          sleepers.add(wake);
          const either = signal ? AbortSignal.any([signal, leapt.signal]) : leapt.signal;
          await system.clock.sleep(dueAt - monotonic(), { signal: either }).catch(() => {});
          sleepers.delete(wake);
          signal?.throwIfAborted();
        }
        signal?.throwIfAborted();
      },
    },
    leap(milliseconds) {
      ahead += milliseconds;
      for (const wake of [...sleepers]) wake();
    },
  };
}
