import type { Instant, JobOutcome } from '@baton/core';
import { joinBasis } from '../agent-usage.js';
import { type ActivePhase, type FoldedJob, type JobData, noUsage } from '../job-data.js';
import { outcomes } from '../outcomes.js';

/** How often a job that waits for a person is looked at, whether it is still wanted and nobody has answered elsewhere. */
export const lookMs = 60 * 60_000;

/** The job with some of its data replaced. */
export function withData(job: FoldedJob, data: Partial<JobData>): FoldedJob {
  return { ...job, data: { ...job.data, ...data } };
}

/** The turn under way is over without an end of its own, and what it used stays used. */
export function leaveTurn({ data }: FoldedJob): Pick<JobData, 'turnUsage' | 'endedBasis'> {
  const told = data.turnUsage.inputTokens !== null || data.turnUsage.microUsd !== null;
  const endedBasis = told ? joinBasis(data.endedBasis, data.turnUsage.basis) : data.endedBasis;
  return { turnUsage: noUsage, endedBasis };
}

/** What was set aside is settled by what its turn has told until now: the next is settled by what is told from then on. */
export function closeReservation(job: FoldedJob): Pick<JobData, 'turnUsage' | 'endedBasis' | 'reserved'> {
  return { ...leaveTurn(job), reserved: null };
}

/** On to the next step: whatever the last one left behind of its own is cleared. */
export function go(job: FoldedJob, phase: ActivePhase, data: Partial<JobData>): FoldedJob {
  return {
    ...withData(job, {
      reason: null,
      resume: null,
      waitUntil: null,
      lookAt: null,
      intent: null,
      tries: 0,
      outages: 0,
      interruptions: 0,
      deaths: [],
      ...closeReservation(job),
      ...data,
    }),
    phase,
    wait: null,
  };
}

/** The job at work again where it waits, at the phase that it waited for; due now in any case. */
export function wake(job: FoldedJob, phase: ActivePhase | null, at: Instant): FoldedJob {
  if (job.phase !== 'waiting' || phase === null) return { ...job, wakeAt: at };
  return {
    ...withData(job, { reason: null, resume: null, waitUntil: null, lookAt: null }),
    phase,
    wait: null,
    wakeAt: at,
  };
}

/** The job on its way to its end; back to review where a pull request of its stands that doesn't end with it. */
export function end(job: FoldedJob, outcome: JobOutcome, reason: string, at: Instant): FoldedJob {
  const { publishedTree, pullRequest, pushed } = job.data;
  if (publishedTree !== null && pullRequest?.state === 'open' && !outcomes[outcome].endsPullRequest) {
    // What was pushed last is what stands in it, also where its text could not be brought up to date.
    const standing = pushed === null ? {} : { commit: pushed.commit, publishedTree: pushed.tree };
    const left = { reason, turnTree: null, checkpoint: null, feedback: null, ...standing };
    return { ...go(job, 'reviewing', left), wakeAt: at };
  }
  return {
    ...withData(job, {
      ending: { outcome, reason },
      reason,
      resume: null,
      waitUntil: null,
      lookAt: null,
      intent: null,
      tries: 0,
      outages: 0,
      deaths: [],
      ...closeReservation(job),
    }),
    phase: 'settling',
    wait: null,
    wakeAt: at,
  };
}
