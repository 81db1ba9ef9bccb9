import { isEnded, type Job, type JobOutcome } from '@baton/core';
import { defaultLimits } from '../../../src/index.js';
import { foldedJob } from '../../../src/job/job-data.js';
import type { Host } from '../host/host.js';
import { hostOf } from '../host/jobs.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

export const endsExplained: Invariant = {
  promise:
    'Every ended job has a named outcome and a reason, what it names did happen, and no pull request of its stands open unnamed or unwatched.',
  watch: (world) => {
    /** At which step a job was begun. */
    const begunAt = new Map<string, number>();
    /** At which step it was to end first. */
    const endsAt = new Map<string, number>();
    return {
      job({ kind, job }) {
        if (kind === 'enqueued') begunAt.set(job.id, world.step);
        if (kind === 'recorded' && job.phase === 'settling' && !endsAt.has(job.id)) endsAt.set(job.id, world.step);
        if (kind !== 'recorded' || !isEnded(job.phase)) return null;
        if (job.outcome === null) return `Job ${job.id} ended without an outcome.`;
        if (!foldedJob(job).data.reason) return `Job ${job.id} ended (${job.outcome}) without a reason.`;
        const host = hostOf(world, job);
        const { reason } = foldedJob(job).data;
        const during = { host, since: begunAt.get(job.id) ?? 0, until: endsAt.get(job.id) ?? world.step };
        if (job.outcome !== 'merged' && wasMerged(world, job, during)) {
          return `Job ${job.id} of ${job.issueKey} ended as ${job.outcome}, and its pull request was merged.`;
        }
        const leftOpen = findLeftOpen(world, job, host);
        if (leftOpen !== null) return `Job ${job.id} of ${job.issueKey} ended as ${job.outcome}, and ${leftOpen}`;
        return hasCause[job.outcome](world, job, during)
          ? null
          : `Job ${job.id} of ${job.issueKey} ended as ${job.outcome} without a cause: ${reason}`;
      },
    };
  },
};

/** Where a job is worked, from which step on, and up to which. */
interface During {
  readonly host: Host;
  readonly since: number;
  readonly until: number;
}

/** Whether its pull request was merged before anything let a job end, and it is the job's own to tell of it. */
function wasMerged(world: World, job: Job, { host, since, until }: During): boolean {
  if (!isOwnToTell(world, job, host)) return false;
  return world
    .facts('merged')
    .some((each) => each.host === host && each.branch === job.branch && each.step >= since && each.step < until);
}

/** What stands open of an ended job, and nobody is told of or hears any more. Null: nothing. */
function findLeftOpen(world: World, job: Job, host: Host): string | null {
  const open = host.forge
    .pulls()
    .find(({ pullRequest: { head, state } }) => head === job.branch && state.unified === 'open');
  if (!open || !isOwnToTell(world, job, host)) return null;
  const { number } = open.pullRequest;
  if (foldedJob(job).data.pullRequest?.number !== number) return `pull request ${number} stands open unnamed.`;
  return standsOpen.has(job.outcome) ? null : `pull request ${number} stands open unwatched.`;
}

/** Ends that a person set, or by what a person pushed: what becomes of the pull request is theirs. */
const standsOpen: ReadonlySet<JobOutcome | null> = new Set(['cancelled', 'untrusted', 'conflict']);

/** Whether what became of a branch is for this job to know. */
function isOwnToTell(world: World, job: Job, host: Host): boolean {
  const { lostClaim, mayHavePushed } = foldedJob(job).data;
  // One that stands there from an earlier job is its own once it is gone on with.
  if (hasOthers(world) || lostClaim || !mayHavePushed) return false;
  // An old state of the host shows something else.
  return !world.facts('misled').some((each) => each.host === host.name && each.method === 'findPullRequests');
}

type Cause = (world: World, job: Job, during: During) => boolean;

const always: Cause = () => true;
const wasUnwanted: Cause = (world, job, { host }) =>
  world.facts('unwanted').some((each) => each.host === host && each.issue === job.issueKey);
const wasTold =
  (type: string): Cause =>
  (world, job) =>
    world.facts('told').some((each) => each.job === job.id && each.type === type);
const hasPull =
  (state: 'merged' | 'closed'): Cause =>
  (_world, job, { host: { forge } }) =>
    forge.pulls().some(({ pullRequest }) => pullRequest.head === job.branch && pullRequest.state.unified === state);
/** Another life, or another daemon, may have been at the issue. */
function hasOthers(world: World): boolean {
  return world.installations.length > 1 || world.facts('store-lost').length > 0;
}
const whereAny =
  (...causes: readonly Cause[]): Cause =>
  (world, job, during) =>
    causes.some((cause) => cause(world, job, during));

/** Codes of answers that a step may end a job by: the others are outages, and waited for. */
const odd: ReadonlySet<string> = new Set(['CONFLICT', 'NOT_FOUND', 'PROTOCOL_VIOLATION']);

/** Odd answers of the host; of a result that was paid for as many as there are tries. An outage is none. */
const failedOften: Cause = (world, job, { host }) => {
  const answers = world
    .facts('failed-call')
    .filter(({ code, ...each }) => each.host === host.name && odd.has(code ?? ''));
  const isPaid = foldedJob(job).data.judged !== null;
  const isFinal = !isPaid && answers.some(({ code }) => code === 'PROTOCOL_VIOLATION');
  return isFinal || answers.length >= defaultLimits.attempts;
};

/** Branches are listed once in a poll, and its issues taken in after it. */
const stepsOfPoll = 40;
/** What tells of branches. */
const asked: ReadonlySet<string> = new Set(['remote', 'defaultBranch', 'readBranch', 'findPullRequests']);

/** Somebody pushed to its branch, which nobody could have known when it was chosen. */
const wasPushedMeanwhile: Cause = (world, job, { host, since }) =>
  world
    .facts('pushed')
    .some((each) => each.host === host && each.branch === job.branch && each.step >= since - stepsOfPoll) ||
  // The names on the remote could not be listed.
  world.facts('failed-call').some((each) => each.host === host.name && asked.has(each.method));

/** Whether something happened that lets a job end so. */
const hasCause: Readonly<Record<JobOutcome, Cause>> = {
  merged: hasPull('merged'),
  closed: hasPull('closed'),
  'no-changes': always,
  'checks-failed': (world, _job, { host }) =>
    world.facts('judged').some((each) => each.host === host && each.verdict === 'rework'),
  'limit-reached': ({ caps }) => caps.microUsdPerJob !== null || caps.microUsdPerDay !== null,
  'timed-out': always,
  stalled: (_world, job, { host: { tempers } }) => tempers.get(job.issueKey) === 'falls silent once',
  refused: whereAny(wasTold('reject'), hasOthers),
  untrusted: wasUnwanted,
  'secret-found': () => false,
  conflict: whereAny(hasOthers, wasPushedMeanwhile, (world, job, { host }) =>
    world.facts('branch-gone').some((each) => each.host === host && each.branch === job.branch),
  ),
  cancelled: whereAny(wasUnwanted, wasTold('cancel'), (_world, job) => foldedJob(job).data.lostClaim),
  'agent-failed': whereAny(failedOften, (world, job) =>
    world.turns.some((turn) => turn.job === job.id && turn.hasFailed),
  ),
  'workspace-failed': failedOften,
  'forge-failed': failedOften,
};
