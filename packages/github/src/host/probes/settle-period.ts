import { createHash } from 'node:crypto';

/**
 * Instants of GitHub are exact to a second, and its copies may lag: a look only counts once what it shows has
 * stood for so long by our own clock. Until then everything is read.
 */
export const settleMs = 60_000;
/** So often everything is read whatever the looks say, each at an instant of its own. */
const sweepMs = 5 * 60_000;

/** Counts the times that something of this name was due to be read whole. `now` in milliseconds. */
export function createPeriod(name: string): (now: number) => number {
  const phase = createHash('sha256').update(name.toLowerCase()).digest().readUInt32BE(0) % sweepMs;
  return (now) => Math.floor((now + phase) / sweepMs);
}
