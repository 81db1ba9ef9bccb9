import type { Instant } from '@baton/core';
import { BatonError } from '@baton/core';
import type { GitlabApi } from '../host/api.js';
import { type GitlabMergeRequest, type GitlabPipeline, pipelineShape, readList } from '../host/shapes.js';

type Head = Pick<GitlabMergeRequest, 'iid' | 'sha' | 'source_branch'>;

/** What CI did since the last look. */
export interface PipelineNews {
  readonly isEmpty: boolean;
  /** Whether it may have been for this merge request. */
  concerns(head: Head): boolean;
}

/** Listens to all pipelines of a project at once: what they do changes no merge request's `updated_at`. */
export interface PipelineWatch {
  /** `hidden`: this account may not list them. */
  look(api: GitlabApi, projectId: number): Promise<PipelineNews | 'hidden'>;
}

const pageSize = 100;
const mostPages = 3;
/** A change may become visible later than the instant that it bears. */
const overlapMs = 60_000;

/** Does no input or output. */
export function createPipelineWatch(): PipelineWatch {
  // Instants of GitLab's own clock alone.
  let newest: Instant | null = null;
  let seen: ReadonlyMap<string, Instant> = new Map();
  return {
    async look(api, projectId) {
      const since = newest;
      const listed = await list(api, projectId, since === null ? null : since - overlapMs);
      if (listed === null) return 'hidden';
      const fresh = listed.filter((each) => !seen.has(keyOf(each)));
      newest = listed.reduce((last, each) => Math.max(last, each.updated_at), newest ?? 0) || null;
      const from = (newest ?? 0) - overlapMs;
      const kept = [...seen, ...listed.map((each) => [keyOf(each), each.updated_at] as const)];
      seen = new Map(kept.filter(([, at]) => at >= from));
      // More than could be told: then it may be anybody.
      const isCut = listed.length >= pageSize * (since === null ? 1 : mostPages);
      const isEmpty = fresh.length === 0;
      return { isEmpty, concerns: (head) => !isEmpty && (isCut || fresh.some((each) => isOf(each, head))) };
    },
  };
}

/** Newest first. The first look asks how far CI is, no more. */
async function list(
  api: GitlabApi,
  projectId: number,
  since: Instant | null,
): Promise<readonly GitlabPipeline[] | null> {
  try {
    const listed: unknown = await api.pipelines.all(projectId, {
      orderBy: 'updated_at',
      sort: 'desc',
      perPage: pageSize,
      ...(since === null ? { page: 1 } : { maxPages: mostPages, updatedAfter: new Date(since).toISOString() }),
    });
    return readList(pipelineShape, listed, 'pipelines');
  } catch (error) {
    if (BatonError.is(error, 'PERMISSION_DENIED')) return null;
    throw error;
  }
}

/** Those for merged results and merge trains run on a commit of GitLab's own, at a ref that names the merge request. */
function isOf({ sha, ref }: GitlabPipeline, head: Head): boolean {
  return sha === head.sha || ref === head.source_branch || (ref ?? '').startsWith(`refs/merge-requests/${head.iid}/`);
}

function keyOf({ id, status, updated_at: at }: GitlabPipeline): string {
  return `${id} ${status} ${at}`;
}
