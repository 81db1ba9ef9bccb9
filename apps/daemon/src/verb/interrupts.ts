/** What the first and each further SIGINT, SIGTERM or SIGHUP do. */
export interface Interrupts {
  /** Aborted by the first one, unless a handler was taken. */
  readonly signal: AbortSignal;
  /** From now on the handler is told instead: 1 for the first, 2 for the second, and so on. */
  take(handler: (count: number) => void): void;
  /** Whether there was one. */
  interrupted(): boolean;
  /** How many there were. */
  count(): number;
}

/** Watches a process for SIGINT, SIGTERM and SIGHUP. Where nobody took them over, the second one ends it at once. */
export function watchInterrupts(watched: NodeJS.Process): Interrupts {
  const controller = new AbortController();
  let count = 0;
  let taken: ((count: number) => void) | null = null;
  const onSignal = (): void => {
    count += 1;
    if (taken !== null) taken(count);
    else if (count === 1) controller.abort(new DOMException('Interrupted.', 'AbortError'));
    else watched.exit(130);
  };
  watched.on('SIGINT', onSignal);
  watched.on('SIGTERM', onSignal);
  watched.on('SIGHUP', onSignal);
  return {
    signal: controller.signal,
    take(handler) {
      taken = handler;
      if (count > 0) handler(count);
    },
    interrupted: () => count > 0,
    count: () => count,
  };
}
