import type { CheckSummary } from '@baton/core';
import { BatonError } from '@baton/core';
import type { GitlabApi } from './api.js';
import { type GitlabMergeRequest, jobShape, read } from './shapes.js';

const mostTraces = 5;
const longestExcerpt = 4000;

/** https://docs.gitlab.com/api/pipelines/: whatever else it may be called goes on still. */
const states: Readonly<Record<string, CheckSummary['state']>> = {
  success: 'passed',
  failed: 'failed',
  canceled: 'failed',
  skipped: 'none',
};

/** Another one whenever the pipeline of the merge request's head did something; null without one. */
export function pipelineKeyOf({ head_pipeline: pipeline }: GitlabMergeRequest): string | null {
  return pipeline ? [pipeline.id, pipeline.status, pipeline.updated_at ?? ''].join(' ') : null;
}

/** What the newest pipeline of the merge request's head says. One of an older head says nothing. */
export async function readChecks(
  found: GitlabMergeRequest,
  { api, projectId }: { readonly api: GitlabApi; readonly projectId: number },
): Promise<CheckSummary> {
  const pipeline = found.head_pipeline;
  // A pipeline for merged results runs on a commit of GitLab's own.
  const isOurs = pipeline && (pipeline.sha === found.sha || pipeline.source === 'merge_request_event');
  if (!pipeline || !isOurs) return { state: 'none', failures: [] };
  const state = states[pipeline.status] ?? 'pending';
  if (state !== 'failed') return { state, failures: [] };
  const listed: unknown = await api.jobs.all(projectId, { pipelineId: pipeline.id, perPage: 100 });
  const failed = (Array.isArray(listed) ? listed : [])
    .map((each) => read(jobShape, each, 'a job'))
    .filter((each) => each.status === 'failed' && each.allow_failure !== true);
  const failures: CheckSummary['failures'][number][] = [];
  for (const [index, job] of failed.entries()) {
    const excerpt = index < mostTraces ? await readExcerpt(job.id, { api, projectId }) : '';
    failures.push({ name: job.name, url: job.web_url ?? null, excerpt });
  }
  if (failures.length > 0) return { state, failures };
  // Child pipelines and outside statuses fail without a job here.
  return { state, failures: [{ name: `pipeline (${pipeline.status})`, url: pipeline.web_url ?? null, excerpt: '' }] };
}

async function readExcerpt(
  jobId: number,
  { api, projectId }: { readonly api: GitlabApi; readonly projectId: number },
): Promise<string> {
  try {
    const trace: unknown = await api.jobs.showLog(projectId, jobId);
    return typeof trace === 'string' ? excerptOf(trace) : '';
  } catch (error) {
    // The log may be erased, too long, or for others than us to see: the failure stands without it.
    const codes = ['NOT_FOUND', 'PERMISSION_DENIED', 'TIMEOUT'] as const;
    if (codes.some((code) => BatonError.is(error, code))) return '';
    throw error;
  }
}

/** The end of a log, without the runner's control sequences and section marks. */
export function excerptOf(trace: string): string {
  const text = trace
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replace(/section_(?:start|end):\d+:[^\r\n]*/g, '')
    .replace(/\r\n/g, '\n')
    // Whatever a line overwrote is no longer seen.
    .replace(/^.*\r(?=[^\n])/gm, '')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return text.length <= longestExcerpt ? text : `…${text.slice(-longestExcerpt)}`;
}
