import type { CallOptions, Job, JobStore } from '@baton/core';
import { duePhases } from '@baton/engine';

/** How many jobs of its project are worked before a job. Null where it isn't queued. */
export type CountAhead = (job: Job | null) => number | null;

/**
 * Counts, as all stands now, what is under way in the project of a queued job, and what comes before it in the queue:
 * by priority, then by the issue's age, as `JobStore.claim` has it.
 */
export async function countAheadIn(store: JobStore, call: CallOptions): Promise<CountAhead> {
  const jobs = await Array.fromAsync(store.list({ phases: duePhases }, call));
  return (job) =>
    job?.phase === 'queued'
      ? jobs.filter((other) => other.project === job.project && other.id !== job.id && isBefore(other, job)).length
      : null;
}

function isBefore(other: Job, job: Job): boolean {
  if (other.phase !== 'queued') return true;
  const last = Number.POSITIVE_INFINITY;
  const [first, second] = [other.priority ?? last, job.priority ?? last];
  if (first !== second) return first < second;
  return (
    other.issueCreatedAt - job.issueCreatedAt < 0 ||
    (other.issueCreatedAt === job.issueCreatedAt && other.sequence < job.sequence)
  );
}

/** `behind 3 jobs`; empty where it is next, or not queued. */
export function aheadWords(ahead: number | null): string {
  if (ahead === null || ahead === 0) return '';
  return `behind ${ahead} ${ahead === 1 ? 'job' : 'jobs'}`;
}
