import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Runtime } from '@baton/core';

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (milliseconds, options) => delay(milliseconds, undefined, options),
};

/** A runtime over some clock, with ids that no other process makes. */
export function createTestRuntime(clock: Clock): Runtime {
  return {
    clock,
    random: () => 0.5,
    id: (kind) => `${kind.slice(0, 1)}${randomUUID().replaceAll('-', '')}`,
  };
}
