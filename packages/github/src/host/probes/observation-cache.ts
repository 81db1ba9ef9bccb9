import type { CallOptions, Clock, Cursor, Observation } from '@baton/core';
import { LRUCache } from 'lru-cache';
import type { ProbeResult } from './change-probes.js';
import { createPeriod, settleMs } from './settle-period.js';

/** Remembers, for the pull requests of one repository, what was seen of them last. */
export interface ObservationCache {
  /** What still holds for somebody who has heard all that was said by then. Null: look at it whole. */
  standing(number: number, cursor: Cursor | null, options?: CallOptions): Promise<Observation | null>;
  /** To be told what a whole look came to. */
  seen(number: number, look: ProbeResult, observation: Observation): void;
}

interface Kept extends ProbeResult {
  readonly observation: Observation;
  readonly since: number;
  readonly isSettled: boolean;
  readonly period: number;
}

const mostPulls = 500;

/** Does no input or output. `look` tells how a pull request stands, or null where that can't be told. */
export function createObservationCache(
  fullName: string,
  look: (number: number, options?: CallOptions) => Promise<ProbeResult | null>,
  clock: Clock,
): ObservationCache {
  const kept = new LRUCache<number, Kept>({ max: mostPulls });
  const periodOf = (number: number): number => createPeriod(`${fullName}#${number}`)(clock.monotonic());
  return {
    async standing(number, cursor, options) {
      const last = kept.get(number);
      if (!last?.isSettled || last.observation.cursor !== cursor || last.period !== periodOf(number)) return null;
      const now = await look(number, options);
      return now?.fingerprint === last.fingerprint ? { ...last.observation, feedback: [] } : null;
    },
    seen(number, { fingerprint }, observation) {
      const last = kept.get(number);
      const now = clock.monotonic();
      const since = last?.fingerprint === fingerprint ? last.since : now;
      const isSettled = now - since >= settleMs;
      kept.set(number, { fingerprint, observation, since, isSettled, period: periodOf(number) });
    },
  };
}
