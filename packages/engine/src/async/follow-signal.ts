/**
 * Aborts `controller` when `signal` is aborted, until the returned function is called. `AbortSignal.any` would
 * do the same, but Node keeps such a signal, and all that listens to it, until it is aborted.
 */
export function followSignal(signal: AbortSignal, controller: AbortController): () => void {
  const abort = (): void => controller.abort(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}
