import type { JobOutcome } from '@baton/core';
import { backoffMs } from '../job/backoff.js';
import { askPerson, endJob, waitJob } from '../job/entries.js';
import type { JobEntry } from '../job/entry.js';
import type { FoldedJob } from '../job/job-data.js';
import { limitsOf } from '../job/limits-of.js';
import type { FinishedTurn } from './run-turn.js';
import { nextUtcDay } from './spend.js';

const longestReason = 2_000;

/** What an ended turn means for the job, where it isn't simply judged next. Pure. */
export function afterTurn(
  job: FoldedJob,
  { end, cut }: FinishedTurn,
  world: { readonly now: number; readonly random: number },
): readonly JobEntry[] {
  const summary = end.summary.slice(0, longestReason).toWellFormed();
  if (cut === 'timed-out') return [endJob('timed-out', summary)];
  if (cut === 'stalled') return [failedAttempt(job, 'stalled', { what: summary, words: '' }, world)];
  switch (end.outcome.unified) {
    case 'done':
    // Its agent is not asked for a while; another may take over.
    case 'unavailable':
      return [];
    case 'needs-person':
      return [askPerson(summary === '' ? 'The agent asks for a person.' : summary, 'working')];
    case 'limit-reached':
      if (end.outcome.raw === 'max cost' && job.data.reserved?.boundBy === 'day') return [waitForTomorrow(world.now)];
      return [endJob('limit-reached', `The agent reached a limit: ${end.outcome.raw}.`)];
    case 'refused':
      return [endJob('refused', `The agent refused: ${end.outcome.raw}.`)];
    case 'failed':
      return [
        failedAttempt(job, 'agent-failed', { what: `The agent failed: ${end.outcome.raw}.`, words: summary }, world),
      ];
  }
}

/** The job has money left: its next turn goes on from what this one left. */
function waitForTomorrow(now: number): JobEntry {
  const reason = "The project's budget for today (budget.usdPerDay) was used up in the middle of a turn.";
  const until = nextUtcDay(now);
  return waitJob('budget', { until, reason, resume: 'working' });
}

function failedAttempt(
  job: FoldedJob,
  outcome: JobOutcome,
  { what, words }: { readonly what: string; readonly words: string },
  { now, random }: { readonly now: number; readonly random: number },
): JobEntry {
  const { attempts } = limitsOf(job);
  const isLast = job.attempt >= attempts;
  // An agent's words come last: they end as they like.
  const reason = [what, isLast ? `That was attempt ${job.attempt} of ${attempts}.` : '', words]
    .filter(Boolean)
    .join(' ');
  if (isLast) return endJob(outcome, reason);
  return { type: 'attempt-failed', data: { reason, until: now + backoffMs(job.attempt, random) } };
}
