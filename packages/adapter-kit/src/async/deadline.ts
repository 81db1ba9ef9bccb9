import type { Clock } from '@baton/core';

/** How long something may take. Disposing it ends the wait, and lets go of the caller's signal. */
export interface Deadline extends Disposable {
  /** Aborted once the time is over, or once the caller's own signal is: with the reason of whichever came first. */
  readonly signal: AbortSignal;
  /** Whether the time was over before the caller's own signal was aborted, and before this was disposed. */
  readonly isOver: boolean;
}

/** What ends before its time. */
export interface DeadlineOptions {
  /** What the signal is aborted with when the time is over. */
  readonly reason: () => Error;
  /** The caller's own. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts the time. `afterMs` may have passed already: it is over in a moment then. Null: there is no such time, and the
 * caller's signal alone is followed. `AbortSignal.any` would follow it too, but Node keeps such a signal, and all that
 * listens to it, for as long as the caller's lives.
 */
export function startDeadline(clock: Clock, afterMs: number | null, { reason, signal }: DeadlineOptions): Deadline {
  const ending = new AbortController();
  const done = new AbortController();
  let isOver = false;
  const follow = (): void => {
    done.abort();
    ending.abort(signal?.reason);
  };
  if (signal?.aborted) follow();
  else signal?.addEventListener('abort', follow, { once: true, signal: done.signal });
  if (afterMs !== null && !done.signal.aborted) {
    clock.sleep(afterMs, { signal: done.signal }).then(
      () => {
        // Called off in the moment in which it woke.
        if (done.signal.aborted) return;
        isOver = true;
        done.abort();
        ending.abort(reason());
      },
      // Nobody waits any more.
      () => undefined,
    );
  }
  return {
    signal: ending.signal,
    get isOver() {
      return isOver;
    },
    [Symbol.dispose]: () => done.abort(),
  };
}
