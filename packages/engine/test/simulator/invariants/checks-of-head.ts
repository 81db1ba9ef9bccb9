import { hostOf } from '../host/jobs.js';
import type { Invariant } from './invariant.js';
import { entriesOf } from './journals.js';

export const checksOfHead: Invariant = {
  promise: 'A round is begun for red checks of the very head, and of no other.',
  watch: (world) => ({
    job(event) {
      if (event.kind !== 'recorded') return null;
      const host = hostOf(world, event.job);
      for (const entry of entriesOf(event.change)) {
        if (entry.type !== 'rework-asked' || entry.data.checksOf === null) continue;
        const { checksOf } = entry.data;
        if (!world.facts('checks-red').some((each) => each.host === host && each.commit === checksOf)) {
          return `Job ${event.job.id} begins a round for checks that were never red.`;
        }
      }
      return null;
    },
  }),
};
