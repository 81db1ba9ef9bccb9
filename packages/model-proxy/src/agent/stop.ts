import type { Clock } from '@baton/core';

/** Ends a turn for the first of several causes that comes due. */
export interface Stop<Cause> {
  /** Rejects with the signal's reason on an abort. */
  readonly cause: Promise<Cause>;
  /** Gives back what takes it back. */
  after(cause: Cause, milliseconds: number): () => void;
  /** Ends it now. */
  now(cause: Cause): void;
  /** Resolves after so many milliseconds, or at the end, to whether there is more to come. */
  elapse(milliseconds: number): Promise<boolean>;
  /** Leaves no timer. */
  end(): void;
}

/** A stop for one turn. */
export function createStop<Cause>(clock: Clock, signal: AbortSignal): Stop<Cause> {
  const over = new AbortController();
  const { promise: cause, resolve: settle, reject } = Promise.withResolvers<Cause>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true, signal: over.signal });
  if (signal.aborted) abort();
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
