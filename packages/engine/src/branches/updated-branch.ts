import type { PullRequest } from '@baton/core';
import type { EntryOf } from '../job/entry.js';
import type { StepContext } from '../job/step-context.js';
import { readPolicyFigures } from '../policy/read-policy.js';
import { readHistory, trailer } from './own-branch.js';

/**
 * The branch of an open pull request as a button of the host left it that brings it up to date: the base merged in, or
 * Baton's own commits on top of a newer base. Null where it holds anybody's work, or can't be looked into: then it is
 * theirs.
 */
export async function findUpdatedBranch(
  { project, job, signal }: StepContext,
  { base: onto, headCommit }: Pick<PullRequest, 'base' | 'headCommit'>,
): Promise<EntryOf<'branch-updated'> | null> {
  const history = await readHistory(project, { branch: job().branch, onto }, { signal });
  const head = history?.commits[0];
  if (!history || head?.id !== headCommit) return null;
  const isOwn = history.commits.every(({ message, isUpdate }) => isUpdate || trailer.test(message));
  if (!isOwn) return null;
  const base = { branch: onto, ...history.base };
  const policy = await readPolicyFigures(project, base, { signal });
  return { type: 'branch-updated', data: { commit: head.id, tree: head.tree, base, policy } };
}

/**
 * Whether an open pull request of the job's branch holds a commit that was pushed to it, though its head is another one
 * since: somebody pushed on top, or a button of the host brought the branch up to date. Where the button put it on top
 * of a newer base its id is another one: in the first round it is known by being nobody else's work.
 */
export async function hasTaken(
  context: StepContext,
  { base, headCommit }: Pick<PullRequest, 'base' | 'headCommit'>,
  commit: string,
): Promise<boolean> {
  const { project, job, signal } = context;
  const { branch, data } = job();
  const history = await readHistory(project, { branch, onto: base }, { signal });
  if (history?.commits.some(({ id }) => id === commit)) return true;
  return data.publishedTree === null && (await findUpdatedBranch(context, { base, headCommit })) !== null;
}
