import { isEnded } from '@baton/core';
import { foldedJob } from '../../../src/job/job-data.js';
import { hostOf } from '../host/jobs.js';
import type { FoundPull } from '../host/pulls.js';
import { allJobs, type World } from '../world.js';
import type { Invariant } from './invariant.js';
import { entriesOf, journalOf } from './journals.js';

/** What is said while a job's last step is under way may come too late. */
const tooLateMs = 180_000;

export const answersHeard: Invariant = {
  promise: 'An answer is heard in every phase: a cancel ends the job, and what people said is in its journal.',
  watch(world) {
    const endedAt = new Map<string, number>();
    return {
      job(event) {
        if (event.kind !== 'recorded') return null;
        const { job, change } = event;
        if (isEnded(job.phase)) endedAt.set(job.id, world.clock.monotonic());
        const isCancelled = entriesOf(change).some(
          (entry) => entry.type === 'signalled' && entry.data.type === 'cancel',
        );
        const isEnding = foldedJob(job).data.ending !== null;
        return isCancelled && !isEnding ? `Job ${job.id} goes on after it was cancelled.` : null;
      },
      async rest() {
        for (const { installation, job } of allJobs(world)) {
          const ended = endedAt.get(job.id) ?? Number.POSITIVE_INFINITY;
          const told = world.facts('told').filter((each) => each.job === job.id && each.at < ended - tooLateMs);
          if (told.length === 0) continue;
          const journal = await journalOf(installation.store, job);
          for (const type of ['cancel', 'approve', 'reject', 'steer'] as const) {
            const heard = journal.filter(({ entry }) => entry.type === 'signalled' && entry.data.type === type);
            const said = told.filter((each) => each.type === type);
            if (heard.length < said.length)
              return `Job ${job.id} heard ${heard.length} of ${said.length} times: ${type}.`;
          }
        }
        return null;
      },
    };
  },
};

/** What was said on a pull request that its job, which is at rest, has neither heeded nor answered. Null: nothing. */
export async function findUnheard(world: World, { host, number }: FoundPull): Promise<string | null> {
  const reviews = world
    .facts('reviewed')
    .filter((each) => each.host === host && each.pull === number)
    .filter(({ id }) => !world.facts('dismissed').some((each) => each.host === host && each.id === id));
  if (reviews.length === 0) return null;
  for (const { installation, job } of allJobs(world)) {
    const { pullRequest } = foldedJob(job).data;
    if (job.phase !== 'reviewing' || pullRequest?.number !== number || hostOf(world, job) !== host) continue;
    const journal = await journalOf(installation.store, job);
    const heeded = journal.flatMap(({ entry }) => (entry.type === 'rework-asked' ? entry.data.feedbackIds : []));
    const wasAnswered = journal.some(({ entry }) => entry.type === 'observed' && entry.data.note !== null);
    const unheard = reviews.find(({ id }) => !heeded.includes(id));
    if (unheard && !wasAnswered) return `Job ${job.id} has not heard review ${unheard.id} of pull request ${number}.`;
  }
  return null;
}
