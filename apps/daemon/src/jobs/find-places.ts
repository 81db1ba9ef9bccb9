import type { CallOptions, Job, JobStore } from '@baton/core';
import { duePhases } from '@baton/engine';

/** Where in the queue a job is. */
export interface Place {
  /** How many jobs of its project are worked before it. */
  readonly ahead: number;
  /** The setting that keeps it from being begun now: `concurrency is 3`. Null where none does. */
  readonly limit: string | null;
}

/** Null where a job isn't queued. */
export type FindPlace = (job: Job | null) => Place | null;

/** What bounds how many jobs are worked at once. Null: nothing, or nobody knows. */
export interface PlaceLimits {
  readonly concurrency: number | null;
  readonly totalConcurrency: number | null;
  readonly projects: readonly { readonly name: string; readonly concurrency: number | null }[];
  /** How many daemons work the jobs. */
  readonly daemons: number;
}

/**
 * Counts, as all stands now, what is under way in the project of a queued job, and what comes before it in the queue:
 * by priority, then by the issue's age, as `JobStore.claim` has it.
 */
export async function findPlacesIn(store: JobStore, limits: PlaceLimits, call: CallOptions): Promise<FindPlace> {
  const jobs = await Array.fromAsync(store.list({ phases: duePhases }, call));
  return (job) => {
    if (job?.phase !== 'queued') return null;
    const ahead = jobs.filter((other) => other.project === job.project && other.id !== job.id && isBefore(other, job));
    return { ahead: ahead.length, limit: fullLimit(job, jobs, limits) };
  };
}

/** The narrowest limit that is used up: the one to be raised first. */
function fullLimit(job: Job, jobs: readonly Job[], limits: PlaceLimits): string | null {
  const { concurrency, totalConcurrency, projects, daemons } = limits;
  const worked = jobs.filter(({ phase }) => phase !== 'queued');
  const ofProject = projects.find(({ name }) => name === job.project)?.concurrency ?? null;
  const here = worked.filter(({ project }) => project === job.project).length;
  if (ofProject !== null && here >= ofProject) return `concurrency of ${job.project} is ${ofProject}`;
  if (totalConcurrency !== null && worked.length >= totalConcurrency) return `totalConcurrency is ${totalConcurrency}`;
  if (concurrency === null || worked.length < concurrency * Math.max(1, daemons)) return null;
  return `concurrency is ${concurrency}`;
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

/** `behind 3 jobs: concurrency is 2`; empty where it is next, or not queued. */
export function aheadWords(place: Place | null): string {
  if (place === null) return '';
  const { ahead, limit } = place;
  const words = ahead === 0 ? 'next' : `behind ${ahead} ${ahead === 1 ? 'job' : 'jobs'}`;
  if (limit !== null) return `${words}: ${limit}`;
  return ahead === 0 ? '' : words;
}
