import type { Job } from '@baton/core';
import { foldedJob, type StepName } from '../job/job-data.js';
import { phases } from '../job/phases.js';
import { asksPerson } from '../job/wait-reasons.js';
import type { Decision } from './decide.js';

/** Steps beside a job's way, and those of phases in which it is tended: a pause doesn't hold them up. */
const tending: ReadonlySet<StepName> = new Set(['mirror', 'look', 'review', 'settle']);

/**
 * Whether a job is looked after while Baton is paused: its pull request, the question that it asks, its end. Others
 * are only where a person has left a signal for them.
 */
export function isTended(job: Job): boolean {
  if (job.wait === null) return phases[job.phase].isTended;
  const { resume } = foldedJob(job).data;
  return asksPerson(job) || (resume !== null && phases[resume].isTended);
}

/** Whether a decision would have work go on that a pause holds up. */
export function isHeldUp(decision: Decision): boolean {
  if (decision.kind === 'step') return !tending.has(decision.step);
  if (decision.kind !== 'record' || decision.entry.type !== 'resumed') return false;
  return !phases[decision.entry.data.phase].isTended;
}
