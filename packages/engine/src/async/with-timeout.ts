import type { Clock } from '@baton/core';

/** Waits for something, but no longer than so. What it comes to later, a failure included, is nobody's business. */
export async function withTimeout(promise: Promise<unknown>, milliseconds: number, clock: Clock): Promise<void> {
  const over = new AbortController();
  const slept = clock.sleep(milliseconds, { signal: over.signal }).catch(() => {});
  await Promise.race([promise.catch(() => {}), slept]);
  over.abort(done);
}

const done = new Error('It is over.');
