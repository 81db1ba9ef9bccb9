import { isEnded, type Job } from '@baton/core';
import { defaultLimits } from '../../../src/index.js';
import { foldedJob } from '../../../src/job/job-data.js';
import { allJobs } from '../calm.js';
import type { Host } from '../host/host.js';
import { hostOf } from '../host/jobs.js';
import type { FoundPull } from '../host/pulls.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';
import { entriesOf, journalOf } from './journals.js';

/** What is said while a job's last step is under way may come too late. */
const tooLateMs = 180_000;
/** Longer than a daemon that died, froze or couldn't read its store needs to hear of something. */
const longestDeafMs = 15 * 60_000;

export const answersHeard: Invariant = {
  promise:
    'An answer is heard in every phase, a pause included: a cancel ends the job, what people said is in its journal, the next turn is told of it, with what was asked, and people are told of conflicts.',
  watch(world) {
    const endedAt = new Map<string, number>();
    /** What the next turn of a job has to be told. */
    const unsaid = new Map<string, string[]>();
    return {
      turn({ job, prompt }) {
        const missing = unsaid.get(job)?.find((words) => !prompt.includes(words));
        return missing === undefined ? null : `A turn of job ${job} is not told: ${missing}`;
      },
      job(event) {
        if (event.kind !== 'recorded') return null;
        const { job, change, before } = event;
        for (const entry of entriesOf(change)) {
          if (entry.type === 'turn-ended' && entry.data.outcome === 'done') unsaid.delete(job.id);
          // A round that ends is told of with its reason: whoever asked asks again.
          if (entry.type === 'ending') unsaid.delete(job.id);
          if (entry.type !== 'signalled') continue;
          const { type, message } = entry.data;
          if (type === 'steer' && message !== null) {
            unsaid.set(job.id, [...(unsaid.get(job.id) ?? []), ...questionOf(before), message]);
          }
          if (type === 'cancel' && wasDeafInPause(world, job)) return `Job ${job.id} was deaf in a pause.`;
        }
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

/** What an agent asks. */
function questionOf(job: Job): readonly string[] {
  const { reason, resume } = foldedJob(job).data;
  return job.wait === 'needs-person' && resume === 'working' && reason !== null ? [reason] : [];
}

/** Whether a cancel that is heard now was said long ago, and a pause was all that lay between. */
function wasDeafInPause(world: World, { id }: Job): boolean {
  const now = world.clock.monotonic();
  const told = world.facts('told').findLast((each) => each.job === id && each.type === 'cancel');
  if (!told || now - told.at < longestDeafMs) return false;
  return world
    .facts('paused')
    .some(({ installation, at, ms }) => installation === told.installation && at <= told.at && at + ms + 60_000 >= now);
}

/** What was said on a pull request that its job, which is at rest, has neither heeded nor answered. Null: nothing. */
export async function findUnheard(world: World, { host, number, pull }: FoundPull): Promise<string | null> {
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
    const wasAnswered =
      mayBeLeftToPeople(world, { host, job, branch: pull.pullRequest.head }) &&
      journal.some(({ entry }) => entry.type === 'observed' && entry.data.note !== null);
    const unheard = reviews.find(({ id }) => !heeded.includes(id));
    if (unheard && !wasAnswered) return `Job ${job.id} has not heard review ${unheard.id} of pull request ${number}.`;
  }
  return null;
}

/** What a pull request that stands lacks, and its job, which is at rest, tells wrongly of. Null: nothing. */
export function findUntold(world: World, { host, number, pull }: FoundPull): string | null {
  const { mergeable } = pull.pullRequest;
  if (mergeable === 'unknown') return null;
  const wrong = allJobs(world).find(({ job }) => {
    const { pullRequest, conflicted } = foldedJob(job).data;
    const isIts = job.phase === 'reviewing' && pullRequest?.number === number && hostOf(world, job) === host;
    return isIts && conflicted !== (mergeable === 'conflict');
  });
  return wrong ? `Job ${wrong.job.id} tells wrongly whether pull request ${number} conflicts with its base.` : null;
}

/** Whether Baton may step back: all rounds are used, or somebody else is at work on the branch, or seemed to be. */
function mayBeLeftToPeople(
  world: World,
  { host, job, branch }: { readonly host: Host; readonly job: Job; readonly branch: string },
): boolean {
  if (job.round >= defaultLimits.rounds || world.installations.length > 1) return true;
  return (
    world.facts('pushed').some((each) => each.host === host && each.branch === branch) ||
    world.facts('misled').some((each) => each.host === host.name)
  );
}
