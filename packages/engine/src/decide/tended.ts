import { isEnded, type Job } from '@baton/core';
import { foldedJob, type StepName } from '../job/job-data.js';
import type { Decision } from './decide.js';

/** Steps that cost no turn, no machine and no push: a pause doesn't hold them up. */
const tending: ReadonlySet<StepName> = new Set(['mirror', 'look', 'review', 'settle']);

/**
 * Whether a job is looked after while Baton is paused: its pull request, the question that it asks, its end. Others
 * are only where a person has left a signal for them.
 */
export function isTended(job: Job): boolean {
  if (isEnded(job.phase)) return false;
  if (job.phase !== 'waiting') return job.phase === 'reviewing' || job.phase === 'settling';
  const { resume } = foldedJob(job).data;
  return job.wait === 'needs-person' || resume === 'reviewing' || resume === 'settling';
}

/** Whether a decision would have work go on that a pause holds up. */
export function isHeldUp(decision: Decision): boolean {
  if (decision.kind === 'step') return !tending.has(decision.step);
  if (decision.kind !== 'record' || decision.entry.type !== 'resumed') return false;
  const { phase } = decision.entry.data;
  return phase !== 'reviewing' && phase !== 'settling';
}
