import type { Job } from '@baton/core';
import { reduce } from '../../../src/job/fold/reduce.js';
import { type FoldedJob, foldedJob } from '../../../src/job/job-data.js';
import { allJobs } from '../calm.js';
import type { Invariant } from './invariant.js';
import { journalOf } from './journals.js';

export const journalExplains: Invariant = {
  promise: 'The journal explains the state: folded from its beginning, it is what is stored.',
  watch(world) {
    const begun = new Map<string, Job>();
    return {
      job({ kind, job }) {
        if (kind === 'enqueued') begun.set(job.id, job);
        return null;
      },
      async rest() {
        for (const { installation, job } of allJobs(world)) {
          const first = begun.get(job.id);
          if (!first) return `Job ${job.id} was never enqueued.`;
          const journal = await journalOf(installation.store, job);
          const folded = journal.reduce<FoldedJob>(
            (state, { entry, at }) => reduce(state, entry, at),
            foldedJob(first),
          );
          if (told(folded) !== told(foldedJob(job)))
            return `The journal of job ${job.id} (${job.outcome}) tells of something else than is stored.`;
        }
        return null;
      },
    };
  },
};

/** All but its instants: a signal brings the next one forward. */
function told({ phase, outcome, wait, attempt, round, requestHash, project, data }: FoldedJob): string {
  return JSON.stringify([phase, outcome, wait, attempt, round, requestHash, project, data]);
}
