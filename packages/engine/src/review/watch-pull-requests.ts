import { BatonError, type CallOptions, type Job, type JobStore } from '@baton/core';
import { type FoldedJob, foldedJob } from '../job/job-data.js';
import type { Project } from '../project/project.js';
import { isNews } from './review-news.js';

/** Pull requests asked after in one call. */
const batchSize = 100;

/**
 * Looks at all open pull requests of a project at once, and wakes the jobs whose pull request was merged,
 * closed, has gone, or has news from reviewers or checks. A job in review, or one that waits for a person, holds no
 * slot and asks nothing by itself. One that waits for anything else hears of it when it goes on.
 */
export async function watchPullRequests(project: Project, store: JobStore, options: CallOptions = {}): Promise<void> {
  const jobs = await Array.fromAsync(store.list({ project: project.name, phases: ['reviewing', 'waiting'] }, options));
  for (let first = 0; first < jobs.length; first += batchSize) {
    await watchBatch(project, store, jobs.slice(first, first + batchSize), options);
  }
}

async function watchBatch(
  project: Project,
  store: JobStore,
  jobs: readonly Job[],
  options: CallOptions,
): Promise<void> {
  const watched = jobs.flatMap((stored) => {
    const job: FoldedJob = foldedJob(stored);
    const { pullRequest, observeCursor } = job.data;
    return pullRequest === null || pullRequest.state !== 'open'
      ? []
      : [{ job, request: { id: pullRequest.id, cursor: observeCursor } }];
  });
  if (watched.length === 0) return;
  const observations = await project.forge.observe(
    watched.map(({ request }) => request),
    options,
  );
  for (const [index, { job }] of watched.entries()) {
    if (!isNews(job, observations[index] ?? null)) continue;
    try {
      await store.signal(job.id, { type: 'wake', data: null }, options);
    } catch (error) {
      // It ended in the meantime.
      if (!BatonError.is(error, 'CONFLICT')) throw error;
    }
  }
}
