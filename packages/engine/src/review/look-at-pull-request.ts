import type { Observation, PullRequest } from '@baton/core';
import { findUpdatedBranch } from '../branches/updated-branch.js';
import { endJob } from '../job/entries.js';
import type { JobEntry } from '../job/entry.js';
import type { FoldedJob, PullRequestRef } from '../job/job-data.js';
import { limitsOf } from '../job/limits-of.js';
import { mapPullRequestRef } from '../job/pull-request-ref.js';
import type { StepContext } from '../job/step-context.js';
import { failedChecksOf, readRework } from './review-news.js';

/** The watcher wakes the job when something happens; this is for what it missed. */
const nextLookMs = 60 * 60_000;

/**
 * What was seen of a job's pull request, and what follows: its end, another round, or nothing. A round is begun for
 * what reviewers with permission, or the host's checks, ask for, as long as the branch is Baton's alone.
 */
export async function lookAtPullRequest(
  context: StepContext,
  pullRequest: PullRequestRef,
): Promise<readonly JobEntry[]> {
  const { project, runtime, signal } = context;
  const request = { id: pullRequest.id, cursor: context.job().data.observeCursor };
  const [observation] = await project.forge.observe([request], { signal });
  if (!observation) {
    return [endJob('closed', `Pull request #${pullRequest.number} is gone.`)];
  }
  const seen = mapPullRequestRef(observation.pullRequest);
  const nextAt = runtime.clock.now() + nextLookMs;
  const observed = (note: string | null): JobEntry => ({
    type: 'observed',
    data: {
      ...{ pullRequest: seen, cursor: observation.cursor, nextAt, note, ...conflictIn(observation) },
      checksOf: failedChecksOf(context.job(), observation),
    },
  });
  if (seen.state !== 'open') {
    return [observed(null), endJob(seen.state, `Pull request #${seen.number} was ${seen.state}.`)];
  }
  const rework = await readRework(context, observation);
  if (rework === null) return [observed(null)];
  await goOnWithUpdated(context, observation.pullRequest);
  const obstacle = whyNoRound(context.job(), observation);
  return obstacle === null ? [observed(null), { type: 'rework-asked', data: rework }] : [observed(obstacle)];
}

/** Nobody's work came with what a button of the host made of the branch: what was asked is worked on top of it. */
async function goOnWithUpdated(context: StepContext, pullRequest: PullRequest): Promise<void> {
  const { publishedTree, brief, commit } = context.job().data;
  if (publishedTree === null || brief === null || pullRequest.headCommit === commit) return;
  const updated = await findUpdatedBranch(context, pullRequest);
  if (updated) await context.record([updated]);
}

/** Why nothing is done about what was asked, for people. */
function whyNoRound(job: FoldedJob, { pullRequest }: Observation): string | null {
  const { data, round } = job;
  if (data.publishedTree === null || data.brief === null)
    return 'Baton did not make this pull request and only watches it.';
  if (pullRequest.headCommit !== data.commit)
    return 'Somebody pushed to the branch: it is theirs now, and Baton steps back.';
  const { rounds } = limitsOf(job);
  if (round >= rounds) return `All ${rounds} rounds are used: later requests are left to people.`;
  return null;
}

/** Nothing while the host doesn't know: what it said before stands. */
function conflictIn({ pullRequest: { mergeable } }: Observation): { readonly conflicted?: boolean } {
  return mergeable === 'unknown' ? {} : { conflicted: mergeable === 'conflict' };
}
