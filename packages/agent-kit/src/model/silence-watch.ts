import { BatonError, type Clock } from '@baton/core';

/** Notices a connection on which nothing is said. Disposing it leaves no timer or listener. */
export interface SilenceWatch extends Disposable {
  /** Aborted, with `UNAVAILABLE`, once nothing was heard for too long; or with the reason of the caller's own signal. */
  readonly signal: AbortSignal;
  heard(): void;
}

/** What is watched. */
export interface SilenceOptions {
  readonly clock: Clock;
  readonly stallMs: number;
  readonly adapter: string;
  /** The caller's own. */
  readonly signal?: AbortSignal | undefined;
}

/** Begins to watch. Pings are no speech: only who calls `heard` decides what is. */
export function watchSilence({ clock, stallMs, adapter, signal }: SilenceOptions): SilenceWatch {
  const silent = new AbortController();
  const over = new AbortController();
  const follow = (): void => {
    over.abort();
    silent.abort(signal?.reason);
  };
  if (signal?.aborted) follow();
  else signal?.addEventListener('abort', follow, { once: true, signal: over.signal });
  let heardAt = clock.monotonic();
  const watch = async (): Promise<void> => {
    for (;;) {
      const leftMs = heardAt + stallMs - clock.monotonic();
      if (leftMs <= 0) break;
      await clock.sleep(leftMs, { signal: over.signal });
    }
    over.abort();
    const message = `The model said nothing for ${Math.round(stallMs / 1_000)} seconds.`;
    silent.abort(new BatonError('UNAVAILABLE', message, { details: {}, adapter }));
  };
  // Ends by `over` or after the silence.
  watch().catch(() => {});
  return {
    signal: silent.signal,
    heard: () => {
      heardAt = clock.monotonic();
    },
    [Symbol.dispose]: () => over.abort(),
  };
}
