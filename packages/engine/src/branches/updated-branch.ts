import type { PullRequest } from '@baton/core';
import type { EntryOf } from '../job/entry.js';
import type { StepContext } from '../job/step-context.js';
import { readPolicyFigures } from '../policy/read-policy.js';
import { trailer } from './own-branch.js';

/**
 * The branch of an open pull request as a button of the host left it that brings it up to date: the base merged in, or
 * Baton's own commits on top of a newer base. Null where it holds anybody's work, or can't be looked into: then it is
 * theirs.
 */
export async function findUpdatedBranch(
  { project, job, signal }: StepContext,
  { base: onto, headCommit }: Pick<PullRequest, 'base' | 'headCommit'>,
): Promise<EntryOf<'branch-updated'> | null> {
  const { branch } = job();
  const { repository } = project.forge;
  const remote = await project.forge.remote({ signal });
  const history = await project.workspaces.readBranch?.({ repository, remote, branch, onto }, { signal });
  const head = history?.commits[0];
  if (!history || head?.id !== headCommit) return null;
  const isOwn = history.commits.every(({ message, isUpdate }) => isUpdate || trailer.test(message));
  if (!isOwn) return null;
  const base = { branch: onto, ...history.base };
  const policy = await readPolicyFigures(project, base, { signal });
  return { type: 'branch-updated', data: { commit: head.id, tree: head.tree, base, policy } };
}
