import { BatonError, type EnsuredPullRequest, type GitRemote, type PullRequest, type Workspace } from '@baton/core';
import { keepClaim } from '../branches/keep-claim.js';
import { hasTaken } from '../branches/updated-branch.js';
import { type RepositoryStyle, readRepositoryStyle } from '../context/repository-style.js';
import { askBeforePush, whyNotPushed } from '../decide/await-approval.js';
import { recheckRequest } from '../eligibility/recheck-request.js';
import { askPerson, endJob } from '../job/entries.js';
import type { JobEntry } from '../job/entry.js';
import { describeFailure } from '../job/failure-words.js';
import type { JobData, StepIntent } from '../job/job-data.js';
import { mapPullRequestRef } from '../job/pull-request-ref.js';
import type { Step, StepContext } from '../job/step-context.js';
import { describeLeaks } from '../render/describe-leaks.js';
import { renderCommitMessage, renderPullRequestBody, renderTitle } from '../render/render-pull-request.js';
import { findLeaks } from '../status/withhold-leaks.js';
import { openWorkspace, removeWorkspaces } from '../workspaces/workspaces.js';

/**
 * Commits exactly the tree that was judged, pushes it, and opens the pull request. The commit's id is a
 * function of the job and the recorded intent, so whatever a crash left half done is found again.
 */
export const publish: Step = {
  name: 'publish',
  async find(context, intent) {
    const job = context.job();
    const { branch } = job;
    // What nobody tried yet was not done; an earlier life's branch or pull request is met with by `act` itself.
    if (job.data.interruptions + job.data.tries + job.data.outages === 0) return null;
    const style = await readRepositoryStyle(context);
    const { commit } = await commitOf(context, intent, style);
    const { forge } = context.project;
    const { signal } = context;
    // Of any state: somebody may have merged it while no daemon ran, and its branch may be gone since.
    const handedIn = await forge.findPullRequests({ head: branch }, { signal });
    const ours =
      handedIn.find((each) => each.headCommit === commit) ?? (await findPushedOnto(context, handedIn, commit));
    if (!ours) return whatEnded(handedIn);
    // Its labels, or in a later round its text, may not have come any more.
    const isOpen = ours.state.unified === 'open';
    const pullRequest = isOpen ? (await ensurePullRequest(context, commit, style)).pullRequest : ours;
    await removeWorkspaces(context, job.attempt);
    return [published(context, commit, pullRequest)];
  },

  async act(context, intent) {
    const { project, signal } = context;
    const job = context.job();
    const refusal = (await keepClaim(context)) ?? (await recheckRequest(context));
    if (refusal) return [refusal];
    const unpushed = whyNotPushed(context, job);
    if (unpushed !== null) return [askBeforePush(`The checks are green. ${unpushed}`)];
    const style = await readRepositoryStyle(context);
    const { workspace, commit } = await commitOf(context, intent, style);
    const leak = await lookForLeaks(context, workspace, commit, style);
    if (leak) return [leak];

    const remote = await project.forge.remote({ signal });
    const conflict = await push(context, workspace, remote, commit);
    if (conflict) return [conflict];
    const ensured = await ensurePullRequest(context, commit, style);
    if (ensured.action === 'found-ended') return [foundEnded(ensured.pullRequest)];
    await removeWorkspaces(context, job.attempt);
    return [published(context, commit, ensured.pullRequest)];
  },
};

/** It was handed in, and somebody pushed on top of it before it was heard of: what becomes of that is seen in review. */
async function findPushedOnto(
  context: StepContext,
  handedIn: readonly PullRequest[],
  commit: string,
): Promise<PullRequest | null> {
  const open = handedIn.find(({ state }) => state.unified === 'open');
  return open && (await hasTaken(context, open, commit)) ? open : null;
}

/** Somebody pushed to it and ended it before it was heard of: its branch, which may be gone since, is not pushed again. */
function whatEnded(handedIn: readonly PullRequest[]): readonly JobEntry[] | null {
  const [newest] = handedIn;
  return newest === undefined || handedIn.some(({ state }) => state.unified === 'open') ? null : [foundEnded(newest)];
}

/** The commit of the judged tree. Making it twice makes the same one. */
async function commitOf(
  context: StepContext,
  intent: StepIntent,
  style: RepositoryStyle,
): Promise<{ workspace: Workspace; commit: string }> {
  const job = context.job();
  const { base, judged, pushed } = job.data;
  if (base === null || judged === null) throw new Error('nothing judged to publish');
  const workspace = await openWorkspace(context, 'work');
  // It stands there already, of this life or of an earlier one.
  if (pushed !== null && pushed.tree === judged.tree) return { workspace, commit: pushed.commit };
  const commit = await workspace.commit(
    {
      tree: judged.tree,
      parents: parentsOf(job.data, base.commit),
      message: messageOf(context, style),
      author: context.settings.author,
      at: intent.at,
    },
    { signal: context.signal },
  );
  return { workspace, commit };
}

function messageOf({ job, project, settings }: StepContext, { titles }: RepositoryStyle): string {
  return renderCommitMessage(job(), project, { titles, author: settings.author });
}

/** What was pushed or handed in is gone on from: nothing is ever overwritten. */
function parentsOf({ publishedTree, commit, pushed }: JobData, base: string): readonly string[] {
  if (publishedTree !== null && commit !== null) return [commit];
  if (pushed === null) return [base];
  return pushed.base === base ? [pushed.commit] : [base, pushed.commit];
}

/** What people will read. The same for the same job and commit. */
function textsOf(
  { job, project }: StepContext,
  commit: string,
  { titles, template }: RepositoryStyle,
): { readonly title: string; readonly body: string } {
  const title = renderTitle(job(), project, titles);
  return { title, body: renderPullRequestBody(job(), project, { title, commit, template }) };
}

/** Aimed at the branch that the job began from, or at what the default branch is called since. */
async function ensurePullRequest(
  context: StepContext,
  commit: string,
  style: RepositoryStyle,
): Promise<EnsuredPullRequest> {
  const { project, signal } = context;
  const { branch, data } = context.job();
  const { draft, labels } = project.pullRequest;
  const base = data.base?.branch ?? '';
  const request = { head: branch, base, ...textsOf(context, commit, style), draft, labels };
  await context.confirm();
  try {
    return await project.forge.ensurePullRequest(request, { signal });
  } catch (error) {
    if (!BatonError.is(error, 'NOT_FOUND')) throw error;
    const renamed = await project.forge.defaultBranch({ signal });
    if (renamed === base) throw error;
    await context.confirm();
    return project.forge.ensurePullRequest({ ...request, base: renamed }, { signal });
  }
}

async function lookForLeaks(
  context: StepContext,
  workspace: Workspace,
  commit: string,
  style: RepositoryStyle,
): Promise<JobEntry | null> {
  const job = context.job();
  const texts = textsOf(context, commit, style);
  const tree = job.data.judged?.tree ?? '';
  const diff = await workspace.diff(tree, { signal: context.signal });
  const leaks = await findLeaks(context, [
    { where: 'diff', text: diff },
    { where: 'branch', text: job.branch },
    { where: 'commit message', text: messageOf(context, style) },
    { where: 'pull request title', text: texts.title },
    { where: 'pull request body', text: texts.body },
  ]);
  if (leaks.length === 0) return null;
  return endJob('secret-found', describeLeaks(leaks));
}

/** Pushes, or says why not. What stands on the branch and isn't ours is never overwritten. */
async function push(
  context: StepContext,
  workspace: Workspace,
  remote: GitRemote,
  commit: string,
): Promise<JobEntry | null> {
  const { signal } = context;
  const { branch, data } = context.job();
  const head = await workspace.remoteHead({ remote, branch }, { signal });
  // What stands there already, from before a crash, is pushed as well: so whoever keeps the work learns that it is safe.
  if (head !== null && head !== commit && head !== data.commit && head !== data.pushed?.commit) {
    const reason = `The branch ${branch} stands on the remote at ${head.slice(0, 7)}, which is not Baton's work.`;
    return endJob('conflict', reason);
  }
  await context.confirm();
  try {
    await workspace.push({ remote, branch, commit, expected: head }, { signal });
  } catch (error) {
    // A rule of the host turned it away, and would again: a person changes the rule, or what is made.
    if (!BatonError.is(error, 'PERMISSION_DENIED') || error.details.declined === undefined) throw error;
    return askPerson(describeFailure(error), 'publishing');
  }
  // Before a pull request tells of it: whatever comes of that, the branch is known to be Baton's.
  if (data.pushed?.commit !== commit) await context.record([{ type: 'pushed', data: { commit } }]);
  return null;
}

function foundEnded({ number, state }: PullRequest): JobEntry {
  const merged = state.unified === 'merged';
  const reason = `Pull request #${number} of this branch was ${merged ? 'merged' : 'closed'} already.`;
  return endJob(merged ? 'merged' : 'closed', reason);
}

function published(context: StepContext, commit: string, pullRequest: PullRequest): JobEntry {
  const durationMs = context.elapsedMs();
  return { type: 'published', data: { commit, pullRequest: mapPullRequestRef(pullRequest), durationMs } };
}
