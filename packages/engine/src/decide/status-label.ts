import { isEnded, type JobPhase } from '@baton/core';
import type { FoldedJob } from '../job/job-data.js';
import { toldReason } from './told-reason.js';

/** What people see of a job, as one of Baton's labels without its prefix. Null: no label. */
export type StatusLabel = 'working' | 'review' | 'needs-person' | 'failed' | 'done';

/** All of them, so that the others can be taken off. */
export const statusLabels: readonly StatusLabel[] = ['working', 'review', 'needs-person', 'failed', 'done'];

/** The label that says where a job is. */
export function statusLabel(job: FoldedJob, phase: JobPhase = job.phase): StatusLabel | null {
  if (isEnded(phase)) return phase === 'cancelled' ? null : phase;
  if (phase === 'queued') return null;
  if (job.wait === 'needs-person') return 'needs-person';
  if (phase === 'reviewing') return 'review';
  return 'working';
}

/** Changes whenever people should be shown something new. The tracker is not written to otherwise. */
export function mirrorKey(job: FoldedJob): string {
  const label = statusLabel(job) ?? 'none';
  const asked = job.data.askedText === null ? '' : ` ${job.data.askedText.hash}`;
  if (job.phase === 'waiting') return `${label} ${job.wait} ${job.attempt}${asked}`;
  // What people are told of a pull request that stands can change while everything else stays.
  const told = job.phase === 'reviewing' ? ` ${job.data.commit ?? ''} ${toldReason(job) ?? ''}`.trimEnd() : '';
  return `${label} ${job.attempt}${told}`;
}
