import type { Clock } from '@baton/core';

/** What ends a turn from outside, the first that comes due. */
export type StopCause = 'deadline' | 'silent' | 'limit' | 'provider';

/** Ends a turn for the first of several causes that comes due. */
export interface Stop {
  /** Rejects with the signal's reason on an abort. */
  readonly cause: Promise<StopCause>;
  /** Gives back what takes it back. */
  after(cause: StopCause, milliseconds: number): () => void;
  /** Ends it now. */
  now(cause: StopCause): void;
  /** Resolves after so many milliseconds, or at the end, to whether there is more to come. */
  elapse(milliseconds: number): Promise<boolean>;
  /** Leaves no timer. */
  end(): void;
}

/** A stop for one turn. */
export function createStop(clock: Clock, signal: AbortSignal): Stop {
  const over = new AbortController();
  let settle: (cause: StopCause) => void = () => {};
  const cause = new Promise<StopCause>((resolve, reject) => {
    settle = resolve;
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true, signal: over.signal });
    if (signal.aborted) abort();
  });
  cause.catch(() => {});
  return {
    cause,
    after(why, milliseconds) {
      const taken = new AbortController();
      clock.sleep(milliseconds, { signal: AbortSignal.any([over.signal, taken.signal]) }).then(
        () => settle(why),
        () => {},
      );
      return () => taken.abort();
    },
    now: settle,
    async elapse(milliseconds) {
      await clock.sleep(milliseconds, { signal: over.signal }).catch(() => {});
      return !over.signal.aborted;
    },
    end: () => over.abort(),
  };
}
