import { BatonError, type PullRequest } from '@baton/core';
import type { StepContext } from '../job/step-context.js';
import { branchFor } from './branch-name.js';

const refs = 'refs/heads/';

/**
 * An open pull request of the job's issue on another branch than its own. A daemon that shares no store with this one
 * counts the issue's jobs by itself, so that it may have another number for the next. Null where there is none, or
 * where nobody can list branches.
 */
export async function findOtherRequest({ project, job, signal }: StepContext): Promise<PullRequest | null> {
  const { branch, issueKey } = job();
  const { repository } = project.forge;
  const first = branchFor(project, issueKey, 0);
  const remote = await project.forge.remote({ signal });
  const listed = project.workspaces.listRefs?.({ repository, remote, prefix: `${refs}${first}` }, { signal });
  // A repository that isn't there has no branches; the step that needs it tells.
  const found = await listed?.catch((error: unknown) => {
    if (BatonError.is(error, 'NOT_FOUND')) return null;
    throw error;
  });
  for (const ref of found?.keys() ?? []) {
    const name = ref.slice(refs.length);
    if (name === branch || !/^(?:-\d+)?$/.test(name.slice(first.length))) continue;
    const handedIn = await project.forge.findPullRequests({ head: name }, { signal });
    const open = handedIn.find(({ state }) => state.unified === 'open');
    if (open) return open;
  }
  return null;
}

/** Why the issue is not worked beside it, for people. */
export function describeOtherRequest({ number, head }: PullRequest): string {
  return `Pull request #${number} of this issue stands open on ${head}, which another daemon made: there is never a second one. Merge or close it.`;
}
