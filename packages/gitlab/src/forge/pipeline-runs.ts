import { BatonError } from '@baton/core';
import type { z } from 'zod';
import type { GitlabApi } from '../host/api.js';
import {
  bridgeShape,
  commitStatusShape,
  type GitlabBridge,
  type GitlabJob,
  jobShape,
  readList,
} from '../host/shapes.js';

/** What ran in a pipeline that isn't simply green. */
export interface PipelineRuns {
  /** Red, and not allowed to be. */
  readonly failed: readonly FailedRun[];
  /** Neither red nor green: cancelled, or waiting for a person. */
  readonly undecided: readonly { readonly name: string; readonly what: string }[];
  /** Whether one is under way. */
  readonly goesOn: boolean;
}

/** A job, or what a service outside says. */
export interface FailedRun {
  readonly name: string;
  readonly url: string | null;
  /** What is said of it beside its log. */
  readonly said: string;
  /** Where its log is. Null: it has none. */
  readonly job: { readonly id: number; readonly projectId: number } | null;
}

interface PipelineName {
  readonly id: number;
  readonly projectId: number;
}

/** GitLab lets child pipelines have children of their own, and no more. */
const deepest = 2;
/** https://docs.gitlab.com/api/jobs/: what is not over. */
const underWay: ReadonlySet<string> = new Set([
  'created',
  'preparing',
  'pending',
  'waiting_for_resource',
  'waiting_for_callback',
  'scheduled',
  'running',
  'canceling',
]);

/**
 * Every job of a pipeline, of the pipelines that it started and what services outside say of its commit. GitLab lists
 * a job that was run again by its newest run alone, and of each status the newest.
 */
export async function readPipelineRuns(
  pipeline: PipelineName & { readonly sha: string },
  api: GitlabApi,
): Promise<PipelineRuns> {
  const runs = await readJobs(pipeline, api, { before: '', depth: 0 });
  const known = new Set(runs.jobs.map(({ id }) => id));
  const statuses = await listAll(commitStatusShape, 'statuses', () => {
    const options = { all: false, pipelineId: pipeline.id, perPage: 100 };
    return api.commits.allStatuses(pipeline.projectId, pipeline.sha, options);
  });
  const outside = statuses.filter(({ id }) => !known.has(id));
  return {
    failed: [
      ...runs.failed,
      ...outside.filter(isRed).map(({ name, target_url: url, description }) => ({
        ...{ name, url: url ?? null, said: description ?? '', job: null },
      })),
    ],
    undecided: [...runs.jobs, ...outside].filter(isUndecided).map(({ name, status }) => ({ name, what: status })),
    goesOn: [...runs.jobs, ...outside].some(({ status }) => underWay.has(status)),
  };
}

interface Jobs {
  readonly failed: readonly FailedRun[];
  /** All of them, by names that tell of which pipeline. */
  readonly jobs: readonly GitlabJob[];
}

async function readJobs(
  { id, projectId }: PipelineName,
  api: GitlabApi,
  { before, depth }: { readonly before: string; readonly depth: number },
): Promise<Jobs> {
  const named = <Job extends GitlabJob>(job: Job): Job => ({ ...job, name: `${before}${job.name}` });
  const options = { pipelineId: id, perPage: 100 };
  const jobs = (await listAll(jobShape, 'jobs', () => api.jobs.all(projectId, options))).map(named);
  const bridges = (await listAll(bridgeShape, 'bridges', () => api.jobs.allPipelineBridges(projectId, id))).map(named);
  const failed: FailedRun[] = jobs.filter(isRed).map(({ id: job, name, web_url: url }) => ({
    ...{ name, url: url ?? null, said: '', job: { id: job, projectId } },
  }));
  const below: GitlabJob[] = [];
  for (const bridge of bridges.filter(isRed)) {
    const started = depth < deepest ? pipelineOf(bridge, projectId) : null;
    const found = started && (await readJobs(started, api, { before: `${bridge.name} / `, depth: depth + 1 }));
    below.push(...(found?.jobs ?? []));
    // Of a pipeline that isn't ours to see, or that never began, only the bridge tells.
    if (found && found.failed.length > 0) failed.push(...found.failed);
    else failed.push({ name: bridge.name, url: bridge.web_url ?? null, said: '', job: null });
  }
  return { failed, jobs: [...jobs, ...bridges, ...below] };
}

function pipelineOf({ downstream_pipeline: started }: GitlabBridge, projectId: number): PipelineName | null {
  return started ? { id: started.id, projectId: started.project_id ?? projectId } : null;
}

type Outcome = Pick<GitlabJob, 'status' | 'allow_failure'>;

function isRed({ status, allow_failure: mayFail }: Outcome): boolean {
  return status === 'failed' && mayFail !== true;
}

/** One that was skipped is so because of another. A manual job that nobody has to start decides nothing. */
function isUndecided({ status, allow_failure: mayFail }: Outcome): boolean {
  return status === 'canceled' || (status === 'manual' && mayFail !== true);
}

/** All pages of a list, and none where it isn't ours to see. */
async function listAll<Item>(
  shape: z.ZodType<Item>,
  what: string,
  ask: () => Promise<unknown>,
): Promise<readonly Item[]> {
  try {
    return readList(shape, await ask(), what);
  } catch (error) {
    if (BatonError.is(error, 'NOT_FOUND') || BatonError.is(error, 'PERMISSION_DENIED')) return [];
    throw error;
  }
}
