import type { CallOptions, Clock, Instant } from '@baton/core';

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Moves both clocks and wakes whoever is due, in order of their instants. */
  advance(milliseconds: number): void;
  /** Moves to the next sleeper's instant and wakes it. False where nobody sleeps. */
  advanceToNext(): boolean;
  /** Moves the wall clock alone, as an administrator or a time server would. */
  jump(milliseconds: number): void;
  /** How many calls of `sleep` are under way. */
  readonly sleeping: number;
}

/** Makes a clock that begins at `startAt`. Default: 2026-01-01T00:00:00Z. */
export function createManualClock(startAt: Instant = Date.UTC(2026, 0, 1)): ManualClock {
  let elapsed = 0;
  let skew = 0;
  const sleepers = new Set<Sleeper>();
  const next = (): Sleeper | undefined =>
    [...sleepers].reduce<Sleeper | undefined>(
      (soonest, each) => (soonest && soonest.dueAt <= each.dueAt ? soonest : each),
      undefined,
    );
  const wakeUntil = (limit: number): void => {
    for (let soonest = next(); soonest && soonest.dueAt <= limit; soonest = next()) {
      elapsed = Math.max(elapsed, soonest.dueAt);
      sleepers.delete(soonest);
      soonest.wake();
    }
  };
  return {
    now: () => startAt + elapsed + skew,
    monotonic: () => elapsed,
    sleep: (milliseconds: number, options?: CallOptions) =>
      new Promise<void>((resolve, reject) => {
        const signal = options?.signal;
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const abort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          dueAt: elapsed + Math.max(0, milliseconds),
          wake: () => {
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        signal?.addEventListener('abort', abort, { once: true });
        sleepers.add(sleeper);
      }),
    advance(milliseconds) {
      const target = elapsed + milliseconds;
      wakeUntil(target);
      elapsed = target;
    },
    advanceToNext() {
      const soonest = next();
      if (!soonest) return false;
      wakeUntil(soonest.dueAt);
      return true;
    },
    jump(milliseconds) {
      skew += milliseconds;
    },
    get sleeping() {
      return sleepers.size;
    },
  };
}
