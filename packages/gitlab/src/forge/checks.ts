import type { AdapterHost, CheckSummary } from '@baton/core';
import { BatonError } from '@baton/core';
import type { GitlabApi } from '../host/api.js';
import { type GitlabMergeRequest, headPipelineShape, read } from '../host/shapes.js';
import { excerptOf } from './job-log.js';
import { type PipelineRuns, readPipelineRuns } from './pipeline-runs.js';

const mostTraces = 5;

/** What checks are read with. */
export interface CheckContext {
  readonly api: GitlabApi;
  readonly projectId: number;
  /** What logs of jobs pass before they are cut. */
  readonly mask: AdapterHost['mask'];
}

/**
 * https://docs.gitlab.com/api/pipelines/. Whatever else it may be called goes on still. `looked-into`: the word
 * hides what the jobs came to.
 */
const states: ReadonlyMap<string, CheckSummary['state'] | 'looked-into'> = new Map([
  ['success', 'passed'],
  ['failed', 'looked-into'],
  ['canceled', 'looked-into'],
  ['manual', 'looked-into'],
  ['skipped', 'none'],
]);

/** Another one whenever the pipeline of the merge request's head did something; null without one. */
export function pipelineKeyOf({ head_pipeline: pipeline }: GitlabMergeRequest): string | null {
  return pipeline ? [pipeline.id, pipeline.status, pipeline.updated_at ?? ''].join(' ') : null;
}

/** What the newest pipeline of the merge request's head says. One of an older head says nothing. */
export async function readChecks(found: GitlabMergeRequest, context: CheckContext): Promise<CheckSummary> {
  const pipeline = found.head_pipeline;
  if (!pipeline || !(await isOfHead(found, pipeline, context.api))) return { state: 'none', failures: [], notes: [] };
  const whole = { name: 'pipeline', what: pipeline.status };
  const state = states.get(pipeline.status) ?? 'pending';
  if (state !== 'looked-into') return { state, failures: [], notes: state === 'none' ? [whole] : [] };
  const runs = await readPipelineRuns({ ...pipeline, projectId: context.projectId }, context.api);
  const failures = await describe(runs, context);
  const notes = [...runs.undecided];
  if (failures.length > 0) return { state: 'failed', failures, notes };
  if (pipeline.status === 'failed' && !runs.goesOn) {
    const reason = pipeline.yaml_errors ?? '';
    return { state: 'failed', failures: [{ name: 'pipeline', url: pipeline.web_url ?? null, excerpt: reason }], notes };
  }
  // A failed job that was started again leaves the pipeline's word behind for a moment.
  const isOver = pipeline.status === 'canceled' && !runs.goesOn;
  return { state: isOver ? 'none' : 'pending', failures: [], notes: notes.length > 0 ? notes : [whole] };
}

const query = `query batonHeadPipeline($id: MergeRequestID!) {
  mergeRequest(id: $id) { headPipeline { id } }
}`;

/**
 * Whether a pipeline ran on this head: on the commit itself, or, for merged results, on a commit of GitLab's own that
 * merges it. REST shows the pipeline of the head before for a while after a push, and doesn't tell of which head one
 * for merged results is: its own commit is gone once a newer one was made. GraphQL shows it only as long as it is of
 * the present head (`diff_head_pipeline` in GitLab's source).
 */
async function isOfHead(
  found: GitlabMergeRequest,
  pipeline: NonNullable<GitlabMergeRequest['head_pipeline']>,
  api: GitlabApi,
): Promise<boolean> {
  if (pipeline.sha === found.sha) return true;
  if (pipeline.source !== 'merge_request_event' || found.id === undefined) return false;
  const data = await api.graphql(query, { id: `gid://gitlab/MergeRequest/${found.id}` });
  if (data === null) return false;
  const told = read(headPipelineShape, data, 'the pipeline of a head').mergeRequest?.headPipeline?.id;
  return told === `gid://gitlab/Ci::Pipeline/${pipeline.id}`;
}

async function describe({ failed }: PipelineRuns, { api, mask }: CheckContext): Promise<CheckSummary['failures']> {
  const failures: CheckSummary['failures'][number][] = [];
  let traces = 0;
  for (const { name, url, said, job } of failed) {
    traces += job === null ? 0 : 1;
    const trace = job !== null && traces <= mostTraces ? await readExcerpt(job, api, mask) : '';
    failures.push({ name, url, excerpt: trace === '' ? said : trace });
  }
  return failures;
}

async function readExcerpt(
  { id, projectId }: { readonly id: number; readonly projectId: number },
  api: GitlabApi,
  mask: AdapterHost['mask'],
): Promise<string> {
  try {
    const trace: unknown = await api.jobs.showLog(projectId, id);
    return typeof trace === 'string' ? excerptOf(trace, mask) : '';
  } catch (error) {
    // The log may be erased, too long, or for others than us to see: the failure stands without it.
    const codes = ['NOT_FOUND', 'PERMISSION_DENIED', 'TIMEOUT'] as const;
    if (codes.some((code) => BatonError.is(error, code))) return '';
    throw error;
  }
}
