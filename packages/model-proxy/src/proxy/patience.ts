import type { ServerResponse } from 'node:http';
import type { ProxyBounds } from './proxy-bounds.js';

/** How long an answer is waited for. */
export interface Patience {
  /** Aborts when nobody waits any more, not even for the bill. */
  readonly signal: AbortSignal;
  /** Whether it was given up by ourselves. */
  isOver(): boolean;
  end(): void;
}

/**
 * An agent that hangs up, or a turn that ends, doesn't undo what the provider was asked for, and its figures come
 * last. So the answer is read on for a while. At the end of the turn the agent is cut off at once.
 */
export function watchPatience(parts: {
  readonly gone: AbortSignal;
  readonly over: AbortSignal;
  readonly response: ServerResponse;
  readonly bounds: Pick<ProxyBounds, 'drainMs' | 'lastDrainMs'>;
}): Patience {
  const { gone, over, response, bounds } = parts;
  const cut = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const cutAfter = (milliseconds: number): void => {
    timers.push(setTimeout(() => cut.abort(new Error('nobody waited for it any more')), milliseconds));
  };
  const onGone = (): void => cutAfter(bounds.drainMs);
  const onOver = (): void => {
    response.destroy();
    cutAfter(bounds.lastDrainMs);
  };
  for (const [signal, heed] of [
    [gone, onGone],
    [over, onOver],
  ] as const) {
    if (signal.aborted) heed();
    else signal.addEventListener('abort', heed, { once: true });
  }
  return {
    signal: cut.signal,
    isOver: () => cut.signal.aborted,
    end() {
      gone.removeEventListener('abort', onGone);
      over.removeEventListener('abort', onOver);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
