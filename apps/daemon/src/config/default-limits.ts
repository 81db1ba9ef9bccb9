import { defaultLimits } from '@baton/engine';

const minutes = (durationMs: number): string => `${durationMs / 60_000}m`;

/**
 * What one job may use where the configuration says nothing, as a configuration says it: the engine's own defaults,
 * and a bound where the engine has none. Whoever embeds that may watch over the spending; a daemon runs unwatched.
 */
export const configDefaultLimits = {
  attempts: defaultLimits.attempts,
  rounds: defaultLimits.rounds,
  steps: 60,
  wallClock: minutes(defaultLimits.wallClockMs),
  stall: minutes(defaultLimits.stallMs),
  tokens: 2_000_000,
  usd: 5,
};
