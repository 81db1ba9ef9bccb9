import type { BranchHistory, Brief, CallOptions, PullRequest } from '@baton/core';
import type { EntryOf, JobEntry } from '../job/entry.js';
import { mapPullRequestRef } from '../job/pull-request-ref.js';
import type { StepContext } from '../job/step-context.js';
import { readPolicyFigures } from '../policy/read-policy.js';
import type { Project } from '../project/project.js';

/** What is known of an issue that is taken up again. */
interface TakenUp {
  readonly brief: Brief;
  readonly lineup: readonly string[];
}

/** By the trailer of `renderCommitMessage`: nobody but Baton writes it, and who may push could write anything. */
export const trailer = /^Baton-Job: \S+$/m;

/**
 * A pull request of the job's branch that stood there already: of a life that this store knows nothing of, whose
 * reviewers are heard as before, or one that an agent or a person opened, which is only watched.
 */
export async function adoptPullRequest(
  context: StepContext,
  pullRequest: PullRequest,
  { brief, lineup }: TakenUp,
): Promise<JobEntry> {
  const { limits } = context.project;
  const history = await readOwn(context, pullRequest.base);
  const head = history?.commits[0];
  const known = mapPullRequestRef(pullRequest);
  if (!history || !head) return { type: 'adopted', data: { pullRequest: known, commit: pullRequest.headCommit } };
  const base = { branch: pullRequest.base, ...history.base };
  const policy = await readPolicyFigures(context.project, base, { signal: context.signal });
  const own = { brief, lineup, limits, base, policy, tree: head.tree, rounds: countRounds(history) };
  // A button of the host may have brought it up to date since the pull request was read: what stands there counts.
  return { type: 'adopted', data: { pullRequest: known, commit: head.id, own } };
}

/** What such a life had pushed for a job before it came to a pull request: it is judged anew, and gone on with. Null: nothing. */
export async function findOwnBranch(context: StepContext): Promise<EntryOf<'branch-found'> | null> {
  const { project, signal } = context;
  const branch = await project.forge.defaultBranch({ signal });
  const history = await readOwn(context, branch);
  const head = history?.commits[0];
  if (!history || !head) return null;
  return { type: 'branch-found', data: { commit: head.id, tree: head.tree, base: { branch, ...history.base } } };
}

function readOwn({ project, job, signal }: StepContext, onto: string): Promise<BranchHistory | null> {
  return readOwnHistory(project, { branch: job().branch, onto }, { signal });
}

/** What a branch has beyond the one that it goes to, whoever made it. Null where it isn't there, or can't be looked into. */
export async function readHistory(
  project: Project,
  { branch, onto }: { readonly branch: string; readonly onto: string },
  options: CallOptions = {},
): Promise<BranchHistory | null> {
  const { repository } = project.forge;
  const remote = await project.forge.remote(options);
  return (await project.workspaces.readBranch?.({ repository, remote, branch, onto }, options)) ?? null;
}

/** What Baton pushed to a branch. Null where it isn't there, holds nothing, or holds what isn't Baton's. */
export async function readOwnHistory(
  project: Project,
  { branch, onto }: { readonly branch: string; readonly onto: string },
  options: CallOptions = {},
): Promise<BranchHistory | null> {
  const history = await readHistory(project, { branch, onto }, options);
  if (!history || countRounds(history) === 0) return null;
  // What a button of the host brought in from the base is nobody's work.
  return history.commits.every(({ message, isUpdate }) => isUpdate || trailer.test(message)) ? history : null;
}

function countRounds({ commits }: BranchHistory): number {
  return commits.filter(({ message }) => trailer.test(message)).length;
}
