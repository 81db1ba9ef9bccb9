/** What one job may use at most. Null: no limit of this kind. */
export interface Limits {
  /** Fresh starts, and tries of one step in a row. Default 5. */
  readonly attempts: number;
  /** Passes of work and verify, over the whole job. Default 3. */
  readonly rounds: number;
  /** Model calls of one turn. Default null. */
  readonly steps: number | null;
  /** Time in which a worker held the job. Default 45 minutes. */
  readonly wallClockMs: number;
  /** Silence of the agent after which its turn is ended. Default 5 minutes. */
  readonly stallMs: number;
  /** Default null. */
  readonly tokens: number | null;
  /** In millionths of a US dollar. Default null. */
  readonly microUsd: number | null;
}

/** What holds where a project says nothing. */
export const defaultLimits: Limits = {
  attempts: 5,
  rounds: 3,
  steps: null,
  wallClockMs: 45 * 60_000,
  stallMs: 5 * 60_000,
  tokens: null,
  microUsd: null,
};

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
