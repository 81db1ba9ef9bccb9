import type { Clock } from '@baton/core';

/** How long something may take. Disposing it ends the wait. */
export interface Deadline extends Disposable {
  /** Aborted once the time is over, or once the caller's own signal is: with the reason of whichever came first. */
  readonly signal: AbortSignal;
}

/** Starts the time. `reason`: what the signal is aborted with when it is over. */
export function startDeadline(
  clock: Clock,
  afterMs: number,
  { reason, signal }: { readonly reason: () => Error; readonly signal?: AbortSignal | undefined },
): Deadline {
  const overdue = new AbortController();
  const done = new AbortController();
  clock.sleep(afterMs, { signal: done.signal }).then(
    () => overdue.abort(reason()),
    // Nobody waits any more.
    () => undefined,
  );
  return {
    signal: AbortSignal.any(signal === undefined ? [overdue.signal] : [overdue.signal, signal]),
    [Symbol.dispose]: () => done.abort(),
  };
}
