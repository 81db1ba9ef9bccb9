/** So many things at once; the others wait for their turn, first come first served. */
export interface Semaphore {
  /** Resolves to what gives the slot back, which may be called twice. An abort rejects with its reason. */
  take(signal: AbortSignal): Promise<() => void>;
}

/** Makes `count` slots. */
export function createSemaphore(count: number): Semaphore {
  let free = count;
  const waiting = new Set<() => void>();
  const release = (): (() => void) => {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const [next] = waiting;
      if (next) next();
      else free++;
    };
  };
  return {
    async take(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free--;
        return release();
      }
      await new Promise<void>((resolve, reject) => {
        const abort = (): void => {
          waiting.delete(go);
          reject(signal.reason);
        };
        const go = (): void => {
          waiting.delete(go);
          signal.removeEventListener('abort', abort);
          resolve();
        };
        waiting.add(go);
        signal.addEventListener('abort', abort, { once: true });
      });
      return release();
    },
  };
}
