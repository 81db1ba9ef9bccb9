import type { FoldedJob } from '../job/job-data.js';
import type { StatusLabel } from '../job/labels.js';
import { phases } from '../job/phases.js';
import { waitReasons } from '../job/wait-reasons.js';
import { toldReason } from './told-reason.js';

/** The label that says where a job is. Null: none does. */
export function statusLabel({ phase, wait }: Pick<FoldedJob, 'phase' | 'wait'>): StatusLabel | null {
  return wait === null ? phases[phase].label : waitReasons[wait].label;
}

/** Changes whenever people should be shown something new. The tracker is not written to otherwise. */
export function statusKey(job: FoldedJob): string {
  const label = statusLabel(job) ?? 'none';
  const asked = job.data.askedText === null ? '' : ` ${job.data.askedText.hash}`;
  if (job.phase === 'waiting') return `${label} ${job.wait} ${job.attempt}${asked}`;
  // What people are told of a pull request that stands can change while everything else stays.
  const told = job.phase === 'reviewing' ? ` ${job.data.commit ?? ''} ${toldReason(job) ?? ''}`.trimEnd() : '';
  return `${label} ${job.attempt}${told}`;
}
