import { BatonError, type CallOptions, isEnded, type Job, type Runtime } from '@baton/core';
import { type FoldedJob, foldedJob } from '../job/job-data.js';
import { duePhases } from '../job/phases.js';
import type { Project } from '../project/project.js';
import { viewJob } from '../view/view-job.js';
import { openCheckout } from '../workspaces/open-checkout.js';
import { findLastCheckout } from './job-checkout.js';

/** What a job changes, or why it can't be shown. */
export type JobDiff =
  | { readonly kind: 'diff'; readonly text: string }
  /** It is being worked: its checkout is its agent's until it waits or ends. */
  | { readonly kind: 'under-way' }
  /** It has no base yet. */
  | { readonly kind: 'not-begun' }
  /** Nothing was handed in, and its checkout is gone: what there was is among the rescued work. */
  | { readonly kind: 'put-away' }
  /** It stands on a branch of the remote, and no checkout may be made to look at it, or its tree isn't known: `git diff <base> FETCH_HEAD` after a fetch. */
  | { readonly kind: 'on-branch'; readonly url: string; readonly ref: string; readonly base: string }
  /** No project that the engine knows is called as the job's. */
  | { readonly kind: 'no-project' };

/** How a diff is looked for. */
export interface DiffOptions extends CallOptions {
  /** Whether a checkout may be made for what was handed in, which runs the project's setup. Default true. */
  readonly mayOpen?: boolean;
}

/** The diff of a job's work against its base: as it stands in the job's checkout, or as it was handed in. */
export async function diffJob(
  project: Project,
  job: Job,
  runtime: Runtime,
  options: DiffOptions = {},
): Promise<JobDiff> {
  const folded = foldedJob(job);
  const { base } = folded.data;
  const { head } = viewJob(job);
  if (base === null) return { kind: 'not-begun' };
  const isStanding = head === null || !isEnded(job.phase);
  const standing = isStanding ? await diffOfCheckout(project, job, base.commit, options) : null;
  if (standing !== null) return standing;
  if (head === null) return { kind: 'put-away' };
  const tree = treeAt(folded, head);
  if (tree !== null && (options.mayOpen ?? true)) {
    const handedIn = { branch: job.branch, tree, baseCommit: base.commit };
    return { kind: 'diff', text: await diffOfBranch(project, handedIn, runtime, options) };
  }
  const { url } = await project.forge.remote(options);
  return { kind: 'on-branch', url, ref: `refs/heads/${job.branch}`, base: base.commit };
}

/** The tree of what was handed in; null where it isn't known, as of a job that an early version recorded. */
function treeAt({ data: { pushed, publishedTree } }: FoldedJob, head: string): string | null {
  return (pushed?.commit === head ? pushed.tree : publishedTree) || null;
}

/** The work from the job's own checkout; null where it has none. What a person is asked about, else as it stands. */
async function diffOfCheckout(
  project: Project,
  job: Job,
  baseCommit: string,
  options: CallOptions,
): Promise<JobDiff | null> {
  const key = await findLastCheckout(project, job.id, options);
  if (key?.attempt !== job.attempt) return null;
  try {
    const workspace = await openCheckout(project, { key, baseCommit }, options);
    const tree = viewJob(job).askedTree ?? (await workspace.snapshot(options)).tree;
    return { kind: 'diff', text: await workspace.diff(tree, options) };
  } catch (error) {
    // Another process runs its commands there.
    if (BatonError.is(error, 'UNAVAILABLE') && duePhases.includes(job.phase)) return { kind: 'under-way' };
    throw error;
  }
}

/** What was handed in, from the remote, by a checkout that goes again. */
async function diffOfBranch(
  project: Project,
  { branch, tree, baseCommit }: { readonly branch: string; readonly tree: string; readonly baseCommit: string },
  runtime: Runtime,
  options: CallOptions,
): Promise<string> {
  const { forge, workspaces } = project;
  const { repository } = forge;
  await workspaces.fetch({ repository, remote: await forge.remote(options), branch }, options);
  const key = { job: runtime.id('view'), attempt: 1, role: 'verify' } as const;
  try {
    return await (await openCheckout(project, { key, baseCommit }, options)).diff(tree, options);
  } finally {
    await workspaces.remove(key);
  }
}
