import type { PullRequest } from '@baton/core';
import type { PullRequestRef } from './job-data.js';

/** What a job keeps of its pull request. */
export function mapPullRequestRef(pullRequest: PullRequest): PullRequestRef {
  const { id, number, url, draft, state } = pullRequest;
  return { id, number, url, draft, state: state.unified };
}
