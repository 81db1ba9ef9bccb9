import { isEnded, type Job, type JobOutcome } from '@baton/core';
import { foldedJob } from '../../../src/job/job-data.js';
import type { Host } from '../host/host.js';
import { hostOf } from '../host/jobs.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

export const endsExplained: Invariant = {
  promise: 'Every ended job has a named outcome and a reason, and what it names did happen.',
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
        const during = { since: begunAt.get(job.id) ?? 0, until: endsAt.get(job.id) ?? world.step };
        if (job.outcome !== 'merged' && wasMerged(world, job, { host, ...during })) {
          return `Job ${job.id} of ${job.issueKey} ended as ${job.outcome}, and its pull request was merged.`;
        }
        return hasCause[job.outcome](world, job, host)
          ? null
          : `Job ${job.id} of ${job.issueKey} ended as ${job.outcome} without a cause: ${reason}`;
      },
    };
  },
};

/** Whether its pull request was merged before anything let a job end, and it is the job's own to tell of it. */
function wasMerged(
  world: World,
  job: Job,
  { host, since, until }: { readonly host: Host; readonly since: number; readonly until: number },
): boolean {
  const { lostClaim, mayHavePushed } = foldedJob(job).data;
  // One that stands there from an earlier job is its own once it is gone on with.
  if (hasOthers(world, job, host) || lostClaim || !mayHavePushed) return false;
  // An old state of the host shows it open yet.
  if (world.facts('misled').some((each) => each.host === host.name && each.method === 'findPullRequests')) return false;
  return world
    .facts('merged')
    .some((each) => each.host === host && each.branch === job.branch && each.step >= since && each.step < until);
}

type Cause = (world: World, job: Job, host: Host) => boolean;

const always: Cause = () => true;
const someFailed: Cause = (world, _job, { name }) => world.facts('failed-call').some(({ host }) => host === name);
const wasUnwanted: Cause = (world, job, host) =>
  world.facts('unwanted').some((each) => each.host === host && each.issue === job.issueKey);
const wasTold =
  (type: string): Cause =>
  (world, job) =>
    world.facts('told').some((each) => each.job === job.id && each.type === type);
const hasPull =
  (state: 'merged' | 'closed'): Cause =>
  (_world, job, { forge }) =>
    forge.pulls().some(({ pullRequest }) => pullRequest.head === job.branch && pullRequest.state.unified === state);
/** Another life, or another daemon, may have been at the issue. */
const hasOthers: Cause = (world) => world.installations.length > 1 || world.facts('store-lost').length > 0;
const whereAny =
  (...causes: readonly Cause[]): Cause =>
  (world, job, host) =>
    causes.some((cause) => cause(world, job, host));

/** Whether something happened that lets a job end so. */
const hasCause: Readonly<Record<JobOutcome, Cause>> = {
  merged: hasPull('merged'),
  closed: hasPull('closed'),
  'no-changes': always,
  'checks-failed': (world, _job, host) =>
    world.facts('judged').some((each) => each.host === host && each.verdict === 'rework'),
  'limit-reached': ({ caps }) => caps.microUsdPerJob !== null || caps.microUsdPerDay !== null,
  'timed-out': always,
  stalled: (_world, job, { tempers }) => tempers.get(job.issueKey) === 'falls silent once',
  refused: whereAny(wasTold('reject'), hasOthers),
  untrusted: wasUnwanted,
  'secret-found': () => false,
  conflict: whereAny(
    hasOthers,
    (world, job, host) => world.facts('pushed').some((each) => each.host === host && each.branch === job.branch),
    (world, job, host) => world.facts('branch-gone').some((each) => each.host === host && each.branch === job.branch),
  ),
  cancelled: whereAny(wasUnwanted, wasTold('cancel'), (_world, job) => foldedJob(job).data.lostClaim),
  'agent-failed': always,
  'workspace-failed': someFailed,
  'forge-failed': someFailed,
};
