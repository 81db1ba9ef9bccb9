import { createChangeMemory } from '@baton/adapter-kit';
import type { CallOptions, Clock, Cursor, Observation } from '@baton/core';
import type { ProbeResult } from './change-probes.js';
import { createPeriod, settleMs } from './settle-period.js';

/** Remembers, for the pull requests of one repository, what was seen of them last. */
export interface ObservationCache {
  /** What still holds for somebody who has heard all that was said by then. Null: look at it whole. */
  standing(number: number, cursor: Cursor | null, options?: CallOptions): Promise<Observation | null>;
  /** To be told what a whole look came to. */
  seen(number: number, look: ProbeResult, observation: Observation): void;
}

interface Seen {
  readonly observation: Observation;
  readonly period: number;
}

const mostPulls = 500;

/** Does no input or output. `look` tells how a pull request stands, or null where that can't be told. */
export function createObservationCache(
  fullName: string,
  look: (number: number, options?: CallOptions) => Promise<ProbeResult | null>,
  clock: Clock,
): ObservationCache {
  const kept = createChangeMemory<number, Seen>({ clock, most: mostPulls, settleMs });
  const periodOf = (number: number): number => createPeriod(`${fullName}#${number}`)(clock.monotonic());
  return {
    async standing(number, cursor, options) {
      const last = kept.get(number);
      if (!last?.isSettled) return null;
      const { observation, period } = last.value;
      if (observation.cursor !== cursor || period !== periodOf(number)) return null;
      const now = await look(number, options);
      return now?.fingerprint === last.fingerprint ? { ...observation, feedback: [] } : null;
    },
    seen(number, { fingerprint }, observation) {
      kept.keep(number, fingerprint, { observation, period: periodOf(number) });
    },
  };
}
