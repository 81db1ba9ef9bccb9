import type { Clock } from '@baton/core';
import { LRUCache } from 'lru-cache';

/** What was read of something, and how it looked then. */
export interface KeptReading<Value> {
  /** The same as before exactly where the host shows no change. */
  readonly fingerprint: string;
  readonly value: Value;
  /** When this fingerprint was first seen, by the monotonic clock, as `readAt`. */
  readonly changedAt: number;
  /** When the reading began. */
  readonly readAt: number;
  /** Whether the fingerprint had stood for long enough by then: as long as it stands, so does what was read. */
  readonly isSettled: boolean;
}

/** Remembers what was read, and since when it has looked as it does. */
export interface ChangeMemory<Key extends string | number, Value> {
  get(key: Key): KeptReading<Value> | null;
  /** `readAt`: when the reading began. Default: now. */
  keep(key: Key, fingerprint: string, value: Value, readAt?: number): KeptReading<Value>;
  forget(key: Key): void;
  /** All that is kept, in no order. */
  readings(): readonly (readonly [Key, KeptReading<Value>])[];
}

/** How a memory remembers. */
export interface ChangeMemoryOptions {
  readonly clock: Clock;
  /** Of more, those that were asked for longest ago are forgotten. */
  readonly most: number;
  /**
   * How long a fingerprint has to have stood by our own clock before what was read under it is believed. Of the host,
   * and longer than its instants are coarse and its copies lag: a change in that time may leave the fingerprint as it is.
   */
  readonly settleMs: number;
}

/** Knows nothing yet, and does no input or output. After a start everything is read once. */
export function createChangeMemory<Key extends string | number, Value>({
  clock,
  most,
  settleMs,
}: ChangeMemoryOptions): ChangeMemory<Key, Value> {
  const kept = new LRUCache<Key, KeptReading<Value>>({ max: most });
  return {
    get: (key) => kept.get(key) ?? null,
    keep(key, fingerprint, value, readAt = clock.monotonic()) {
      const before = kept.get(key);
      const changedAt = before?.fingerprint === fingerprint ? before.changedAt : readAt;
      const reading = { fingerprint, value, changedAt, readAt, isSettled: readAt - changedAt >= settleMs };
      kept.set(key, reading);
      return reading;
    },
    forget: (key) => void kept.delete(key),
    readings: () => [...kept.entries()],
  };
}
