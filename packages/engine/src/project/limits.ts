import type { Limits } from './project.js';

/** The smaller of two limits. Null: no limit. What is no number limits nothing and widens nothing. */
export function least(limit: number | null, other: number | null | undefined): number | null {
  if (other === null || other === undefined || Number.isNaN(other)) return limit;
  return limit === null || other < limit ? other : limit;
}

/** Limits, each the smaller of both. */
export function leastLimits(limits: Limits, other: Partial<Limits>): Limits {
  const smaller = (limit: number, than: number | null | undefined): number => least(limit, than) ?? limit;
  return {
    attempts: smaller(limits.attempts, other.attempts),
    rounds: smaller(limits.rounds, other.rounds),
    steps: least(limits.steps, other.steps),
    wallClockMs: smaller(limits.wallClockMs, other.wallClockMs),
    stallMs: smaller(limits.stallMs, other.stallMs),
    tokens: least(limits.tokens, other.tokens),
    microUsd: least(limits.microUsd, other.microUsd),
  };
}
