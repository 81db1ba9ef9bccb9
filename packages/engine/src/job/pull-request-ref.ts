import type { PullRequest } from '@baton/core';
import type { HandedIn } from './job-data.js';

/** What a job keeps of its pull request. */
export function mapHandedIn(pullRequest: PullRequest): HandedIn {
  const { id, number, url, draft, state } = pullRequest;
  return { id, number, url, draft, state: state.unified };
}
