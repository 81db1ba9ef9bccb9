const firstMs = 10_000;
const longestMs = 5 * 60_000;

/** How long to wait before the try after `failures` failures in a row: 10 s, doubled each time, at most 5 min, less up to a quarter. */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** (Math.max(1, failures) - 1));
  return Math.round(full * (1 - random / 4));
}

/** The instant to come back at when a provider named one: a little later, so that not everybody comes at once. */
export function afterReset(resetAt: number, random: number): number {
  return Math.round(resetAt + 1_000 + random * 29_000);
}

/** An instant that doesn't come: whoever waits for it is woken by a signal. The last one that a `Date` can hold. */
export const never = 8_640_000_000_000_000;
