import { randomInt } from 'node:crypto';
import type { CallOptions, Runtime } from '@baton/core';

/** A timer that is given more fires at once. */
const longestTimerMs = 2_147_483_647;

/**
 * The machine's own time and chance. `monotonic` is Linux's CLOCK_MONOTONIC, which stands still while the
 * machine sleeps. A sleep under way keeps the process alive.
 */
export function createSystemRuntime(): Runtime {
  const issued = new Set<string>();
  return {
    clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep },
    random: () => Math.random(),
    id(kind) {
      for (;;) {
        const id =
          kind.charAt(0).toLowerCase() +
          randomInt(36 ** 8)
            .toString(36)
            .padStart(8, '0');
        if (issued.has(id)) continue;
        issued.add(id);
        return id;
      }
    },
  };
}

function sleep(milliseconds: number, options?: CallOptions): Promise<void> {
  const signal = options?.signal;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const dueAt = performance.now() + milliseconds;
    let timer: NodeJS.Timeout;
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    // Timers round down and end at 24 days, so that one isn't always enough.
    const wait = (): void => {
      const left = dueAt - performance.now();
      if (left <= 0) {
        signal?.removeEventListener('abort', abort);
        resolve();
        return;
      }
      timer = setTimeout(wait, Math.min(Math.ceil(left), longestTimerMs));
    };
    signal?.addEventListener('abort', abort, { once: true });
    wait();
  });
}
