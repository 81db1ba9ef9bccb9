import { foldedJob } from '../../../src/job/job-data.js';
import { rule } from '../actors/host-checks.js';
import type { Invariant } from './invariant.js';
import { entriesOf } from './journals.js';

/** The longest wait of all is for another day, with a clock that was put back. */
const longestWaitMs = 26 * 3_600_000;

export const waitsExplained: Invariant = {
  promise:
    'Every waiting job says why, and has an instant or a person that will wake it; nothing is done before that. What a rule of the host turns away waits for a person.',
  watch: (world) => ({
    job(event) {
      const { kind, job } = event;
      const now = world.clock.now();
      // A clock that was put back makes instants of before look far away.
      const wasPutBack = world.facts('slept').some(({ ms }) => ms < 0);
      if (kind === 'claimed' && job.wakeAt > now && !wasPutBack)
        return `Job ${job.id} was taken up before its instant.`;
      if (kind !== 'recorded') return null;
      const isTriedAgain = entriesOf(event.change).some(
        (entry) => entry.type === 'step-failed' && entry.data.message.includes(rule),
      );
      if (isTriedAgain) return `Job ${job.id} tries again by itself to push what a rule of the host turns away.`;
      if (job.phase !== 'waiting') return null;
      const { reason, resume } = foldedJob(job).data;
      if (!reason) return `Job ${job.id} waits (${job.wait}) without a reason.`;
      if (job.wait === 'needs-person') return null;
      if (resume === null) return `Job ${job.id} waits (${job.wait}) and leads nowhere.`;
      return job.wakeAt - now > longestWaitMs
        ? `Job ${job.id} waits (${job.wait}) for an instant that is far away.`
        : null;
    },
  }),
};
