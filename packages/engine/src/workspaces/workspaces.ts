import { BatonError, type VerifyCheckout, type Workspace, type WorkspaceKey } from '@baton/core';
import type { StepContext } from '../job/step-context.js';
import { openCheckout } from './open-checkout.js';
import { createVerifyCheckout } from './verify-checkout.js';

/**
 * The checkout of the job's present attempt, made or found again. What the job goes on from is brought in anew where it
 * isn't on this machine any more.
 */
export async function openWorkspace(context: StepContext, role: WorkspaceKey['role']): Promise<Workspace> {
  const job = context.job();
  const { base } = job.data;
  if (base === null) {
    throw new BatonError('INTERNAL', `Job ${job.id} has no base commit in the phase ${job.phase}.`, { details: {} });
  }
  return withBase(context, base.branch, () => openAt(context, role, base.commit));
}

/**
 * What `read` makes of the commits that a job goes on from. Where it finds one missing, they are brought in anew, and it
 * is asked again: a copy of a repository goes while a pull request waits for weeks.
 */
export async function withBase<T>(context: StepContext, baseBranch: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!BatonError.is(error, 'NOT_FOUND')) throw error;
    await bringInAgain(context, baseBranch);
    return await read();
  }
}

/** Fetches anew what a job goes on from, where the copy of its repository went: its base, and what it has pushed. */
async function bringInAgain({ project, job, signal }: StepContext, baseBranch: string): Promise<void> {
  const { forge, workspaces } = project;
  const remote = await forge.remote({ signal });
  const bring = (branch: string, readableBy: 'commands' | 'daemon'): Promise<string> =>
    workspaces.fetch({ repository: forge.repository, remote, branch, readableBy }, { signal });
  // One that was renamed holds the same history under its present name.
  const isGone = (error: unknown): boolean => BatonError.is(error, 'NOT_FOUND');
  await bring(baseBranch, 'commands').catch(async (error: unknown) => {
    if (!isGone(error)) throw error;
    await bring(await forge.defaultBranch({ signal }), 'commands');
  });
  const { branch, data } = job();
  if (data.pushed !== null || data.publishedTree !== null) await bring(branch, 'daemon');
}

/** The same before the base commit is part of the job. */
export function openAt(context: StepContext, role: WorkspaceKey['role'], baseCommit: string): Promise<Workspace> {
  const { project, signal } = context;
  const { id, attempt } = context.job();
  const key = { job: id, attempt, role };
  return openCheckout(project, { key, baseCommit, onRefused: context.refusals.connection }, { signal });
}

/** A tree in a checkout of the role `verify`, for gates. What is refused while it is made new is refused to the setup. */
export function verifyCheckoutOf(context: StepContext, workspace: Workspace, tree: string): VerifyCheckout {
  const checkout = createVerifyCheckout(workspace, tree);
  return { ...checkout, renew: (options) => context.refusals.during('setup', () => checkout.renew(options)) };
}

/**
 * Takes both checkouts of an attempt away. The refs under which what was not pushed is kept. `discard`: for their room,
 * whatever of them can't be kept. Where checkouts are to stay, the one that the agent worked in goes for its room alone.
 */
export async function removeWorkspaces(
  context: StepContext,
  attempt: number,
  unrescued: 'keep' | 'discard' = 'keep',
): Promise<readonly string[]> {
  const { project, settings, signal } = context;
  const job = context.job().id;
  const rescued: string[] = [];
  for (const role of ['work', 'verify'] as const) {
    if (role === 'work' && settings.keepWorkspaces && unrescued === 'keep') continue;
    await context.confirm();
    const ref = await project.workspaces.remove({ job, attempt, role }, { signal, unrescued });
    // What checks leave behind in the verify worktree is nobody's work.
    if (ref !== null && role === 'work') rescued.push(ref);
  }
  return rescued;
}
