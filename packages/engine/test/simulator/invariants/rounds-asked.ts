import { foldedJob } from '../../../src/job/job-data.js';
import { hostOf } from '../host/jobs.js';
import type { Invariant } from './invariant.js';
import { entriesOf } from './journals.js';

/** What was taken back may have been read before. */
const tooLateMs = 20 * 60_000;

export const roundsAsked: Invariant = {
  promise:
    'A round is begun for what somebody asks for who may, and has not taken back: not for thanks, and not for nothing.',
  watch: (world) => ({
    job(event) {
      if (event.kind !== 'recorded') return null;
      const host = hostOf(world, event.job);
      for (const entry of entriesOf(event.change)) {
        if (entry.type !== 'rework-asked') continue;
        const { feedbackIds, checksOf } = entry.data;
        const isSaid = foldedJob(event.before).data.steering.length > 0;
        if (feedbackIds.length === 0 && checksOf === null && !isSaid)
          return `Job ${event.job.id} begins a round for nothing.`;
        const unasked = feedbackIds.find(
          (id) => !world.facts('reviewed').some((each) => each.host === host && each.id === id),
        );
        if (unasked !== undefined) return `Job ${event.job.id} begins a round for ${unasked}, which asks for nothing.`;
        const now = world.clock.monotonic();
        const isBack = world
          .facts('dismissed')
          .find((each) => each.host === host && feedbackIds.includes(each.id) && now - each.at > tooLateMs);
        if (isBack) return `Job ${event.job.id} begins a round for ${isBack.id}, which was taken back.`;
      }
      return null;
    },
  }),
};
