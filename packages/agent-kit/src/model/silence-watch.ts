import { BatonError, type Clock } from '@baton/core';

/** Notices a connection on which nothing is said. Disposing it leaves no timer. */
export interface SilenceWatch extends Disposable {
  /** Aborted, with `UNAVAILABLE`, once nothing was heard for too long. */
  readonly signal: AbortSignal;
  heard(): void;
}

/** Begins to watch. Pings are no speech: only who calls `heard` decides what is. */
export function watchSilence(clock: Clock, stallMs: number, adapter: string): SilenceWatch {
  const silent = new AbortController();
  const over = new AbortController();
  let heardAt = clock.monotonic();
  const watch = async (): Promise<void> => {
    for (;;) {
      const leftMs = heardAt + stallMs - clock.monotonic();
      if (leftMs <= 0) break;
      await clock.sleep(leftMs, { signal: over.signal });
    }
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
