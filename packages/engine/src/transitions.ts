import type { Instant, JobOutcome } from '@baton/core';
import type { ActivePhase, FoldedJob, JobData } from './job-data.js';

/** The job with some of its data replaced. */
export function withData(job: FoldedJob, data: Partial<JobData>): FoldedJob {
  return { ...job, data: { ...job.data, ...data } };
}

/** On to the next step: whatever the last one left behind of its own is cleared. */
export function go(job: FoldedJob, phase: ActivePhase, data: Partial<JobData>): FoldedJob {
  return {
    ...withData(job, {
      reason: null,
      resume: null,
      waitUntil: null,
      intent: null,
      tries: 0,
      interruptions: 0,
      deaths: [],
      reserved: null,
      ...data,
    }),
    phase,
    wait: null,
  };
}

/** The job at work again where it waits, at the phase that it waited for; due now in any case. */
export function wake(job: FoldedJob, phase: ActivePhase | null, at: Instant): FoldedJob {
  if (job.phase !== 'waiting' || phase === null) return { ...job, wakeAt: at };
  return { ...withData(job, { reason: null, resume: null, waitUntil: null }), phase, wait: null, wakeAt: at };
}

/** The job on its way to its end. */
export function end(job: FoldedJob, outcome: JobOutcome, reason: string, at: Instant): FoldedJob {
  return {
    ...withData(job, {
      ending: { outcome, reason },
      reason,
      resume: null,
      waitUntil: null,
      intent: null,
      tries: 0,
      deaths: [],
      reserved: null,
    }),
    phase: 'settling',
    wait: null,
    wakeAt: at,
  };
}
