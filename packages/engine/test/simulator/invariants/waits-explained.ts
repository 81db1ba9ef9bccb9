import { foldedJob } from '../../../src/job/job-data.js';
import type { Invariant } from './invariant.js';

/** The longest wait of all is for another day, with a clock that was put back. */
const longestWaitMs = 26 * 3_600_000;

export const waitsExplained: Invariant = {
  promise: 'Every waiting job says why, and has an instant or a person that will wake it; nothing is done before that.',
  watch: (world) => ({
    job(event) {
      const { kind, job } = event;
      const now = world.clock.now();
      // A clock that was put back makes instants of before look far away.
      const wasPutBack = world.facts('slept').some(({ ms }) => ms < 0);
      if (kind === 'claimed' && job.wakeAt > now && !wasPutBack)
        return `Job ${job.id} was taken up before its instant.`;
      if (kind !== 'recorded' || job.phase !== 'waiting') return null;
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
