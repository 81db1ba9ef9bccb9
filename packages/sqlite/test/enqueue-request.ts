import type { EnqueueRequest } from '@baton/core';

/** A job to be put into a store, alike but for its id and what it holds. */
export function enqueueRequest(id: string, data: EnqueueRequest['data'] = null): EnqueueRequest {
  return {
    id,
    supersedes: null,
    project: 'web',
    issueKey: id,
    issueCreatedAt: 0,
    dedupeKey: id,
    branch: `baton/${id}`,
    requestHash: 'i',
    priority: null,
    data,
  };
}
