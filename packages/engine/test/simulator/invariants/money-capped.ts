import { spendScope } from '../../../src/agents/spend.js';
import { renamed } from '../host/jobs.js';
import type { Invariant } from './invariant.js';
import { daysOf } from './money-counted.js';

export const moneyCapped: Invariant = {
  promise: 'Spend stays within the caps of a job and of a day.',
  watch: (world) => ({
    async rest() {
      const { microUsdPerJob, microUsdPerDay } = world.caps;
      for (const { store, jobs } of world.installations) {
        for (const { id } of jobs.values()) {
          const heard = world.turns.filter(({ job }) => job === id).reduce((sum, turn) => sum + turn.heard, 0);
          if (microUsdPerJob !== null && heard > microUsdPerJob) return `Job ${id} cost ${heard} of ${microUsdPerJob}.`;
        }
        if (microUsdPerDay === null) continue;
        for (const host of world.hosts) {
          for (const project of [host.name, renamed(host)]) {
            for (const period of daysOf(world)) {
              const spent = await store.spent({ scope: spendScope(project), period, unit: 'micro-usd' });
              if (spent > microUsdPerDay) return `${project} cost ${spent} of ${microUsdPerDay} on ${period}.`;
            }
          }
        }
      }
      return null;
    },
  }),
};
