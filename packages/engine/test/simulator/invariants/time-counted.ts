import { type FoldedJob, foldedJob, type StepName } from '../../../src/job/job-data.js';
import type { Invariant } from './invariant.js';

/** Steps in which a job is worked on: in the others hosts are asked. */
const worked: ReadonlySet<StepName> = new Set(['prepare', 'baseline', 'work', 'verify']);

export const timeCounted: Invariant = {
  promise:
    'The time in which a job is worked counts through every crash, and the time in which hosts are waited for does not.',
  watch(world) {
    /** When each job was recorded last, and how long it has been in such steps at most. */
    const recordedAt = new Map<string, number>();
    const most = new Map<string, number>();
    return {
      job(event) {
        const { id } = event.job;
        const now = world.clock.monotonic();
        if (event.kind === 'claimed' && !recordedAt.has(id)) recordedAt.set(id, now);
        if (event.kind !== 'recorded') return null;
        // A step begins before that is written down.
        const isWorked = isInWork(foldedJob(event.before)) || isInWork(foldedJob(event.job));
        const longest = (most.get(id) ?? 0) + (isWorked ? now - (recordedAt.get(id) ?? now) : 0);
        recordedAt.set(id, now);
        most.set(id, longest);
        const { workedMs } = foldedJob(event.job).data;
        return workedMs > longest
          ? `Job ${id} counts ${workedMs} ms as worked, and was worked on for ${longest} ms at most.`
          : null;
      },
      rest() {
        for (const { jobs } of world.installations) {
          for (const job of jobs.values()) {
            const heard = world.turns
              .filter((turn) => turn.job === job.id)
              .reduce((sum, { begunAt, heardAt }) => sum + heardAt - begunAt, 0);
            const { workedMs } = foldedJob(job).data;
            if (workedMs < heard) return `Job ${job.id} counts ${workedMs} ms as worked; its turns took ${heard} ms.`;
          }
        }
        return null;
      },
    };
  },
};

function isInWork({ data: { intent } }: FoldedJob): boolean {
  return intent?.open === true && worked.has(intent.step);
}
