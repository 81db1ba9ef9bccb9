import { BatonError, messageOf } from '@baton/core';
import { releaseIssueRef } from '../branches/issue-claim.js';
import { holdsClaim } from '../branches/keep-claim.js';
import { findOthersClaim } from '../branches/standing-claims.js';
import { freeWorkingLabel } from '../branches/working-label.js';
import { statusKey } from '../decide/status-label.js';
import { lookAtEnd } from '../eligibility/asked-again.js';
import { endJob } from '../job/entries.js';
import type { JobEntry } from '../job/entry.js';
import { reduce } from '../job/fold/reduce.js';
import type { FoldedJob } from '../job/job-data.js';
import { limitsOf } from '../job/limits-of.js';
import { outcomes } from '../job/outcomes.js';
import { mapPullRequestRef } from '../job/pull-request-ref.js';
import type { Step, StepContext } from '../job/step-context.js';
import { showStatus } from '../status/show-status.js';
import { removeWorkspaces } from '../workspaces/workspaces.js';

/** Notes what people had asked for so far, frees the claim, keeps what was not handed in, says on the issue how it ended. */
export const settle: Step = {
  name: 'settle',
  async act(context) {
    const { project, signal } = context;
    const { attempt, data } = context.job();
    // Once alone: what a person asks for between two tries at this step is newer than the end.
    if (data.lastSeen === null) {
      await context.record([{ type: 'last-seen', data: await lookAtEnd(context.job(), project, { signal }) }]);
    }
    const rescued: string[] = [];
    // A job that ends between two attempts still has the checkouts of the one before.
    for (const each of [attempt - 1, attempt]) {
      if (each > 0) rescued.push(...(await removeWorkspaces(context, each)));
    }
    const settled = (shown: string, ok = true): JobEntry => ({ type: 'settled', data: { rescued, shown, ok } });
    if (data.lostClaim) return [settled('taken over', false)];
    await lookAtRequest(context);
    const after = reduce(context.job(), settled(''), context.runtime.clock.now());
    const untold = await whyUntold(context, after);
    // There is nobody left to tell.
    const isGone = BatonError.is(untold, 'NOT_FOUND') && (await project.source.get(data.issue.id, { signal })) === null;
    const isLastTry = data.tries + 1 >= limitsOf(context.job()).attempts;
    // The claim goes last: whoever takes the issue over next reads there how it ended.
    if (untold === null || isGone || isLastTry) await releaseIssueRef(context);
    if (isGone) return [settled('gone', false)];
    if (untold !== null) throw untold;
    return [settled(statusKey(after))];
  },
};

/**
 * One whose opening was interrupted is open all the same, and people are told of it. Whatever else lets the job end, one
 * that was merged meanwhile is what it came to.
 */
async function lookAtRequest(context: StepContext): Promise<void> {
  const { branch, data } = context.job();
  const { pullRequest, mayHavePushed, ending } = data;
  if ((ending !== null && outcomes[ending.outcome].isPullRequests) || !mayHavePushed) return;
  const found = await context.project.forge.findPullRequests({ head: branch }, { signal: context.signal });
  const ours = pullRequest === null ? found : found.filter(({ id }) => id === pullRequest.id);
  const [standing] = [...ours.filter(({ state }) => state.unified === 'open'), ...ours];
  if (standing === undefined || standing.state.unified === 'closed') return;
  if (standing.state.unified === 'open' && pullRequest !== null) return;
  const request = { pullRequest: mapPullRequestRef(standing), commit: standing.headCommit };
  const reason = `Pull request #${standing.number} was merged.`;
  const merged: readonly JobEntry[] = standing.state.unified === 'merged' ? [endJob('merged', reason)] : [];
  await context.record([{ type: 'request-found', data: request }, ...merged]);
}

/** Says how the job ended; null once people can read it. */
async function whyUntold(context: StepContext, after: FoldedJob): Promise<unknown> {
  try {
    await tellEnd(context, after);
    return null;
  } catch (error) {
    return error;
  }
}

async function tellEnd(context: StepContext, after: FoldedJob): Promise<void> {
  const { project, signal } = context;
  const { data } = context.job();
  // What stands there is the other daemon's, which is at work on it.
  const whose = holdsClaim(context) ? 'ours' : await askWhose(context);
  if (whose === 'theirs') return;
  // An issue that was never claimed is not written to, save to tell people what they can mend.
  const isToldUnclaimed = after.outcome !== null && outcomes[after.outcome].isToldUnclaimed;
  if (data.mirrored !== null || isToldUnclaimed) await showStatus(context, after);
  else if (whose === 'ours') await freeOwnClaim(context);
  if (data.limits !== null) await project.source.ensureAssigned?.(data.issue.id, false, { signal });
}

/** A claim that was begun and never recorded may have left its label. */
async function freeOwnClaim({ project, runtime, settings, job, signal }: StepContext): Promise<void> {
  const { data, dedupeKey } = job();
  const issue = await project.source.get(data.issue.id, { signal });
  if (issue) await freeWorkingLabel({ project, runtime, ...settings }, issue, dedupeKey, { signal });
}

/** A remote that can't be asked keeps no job from ending. */
async function askWhose(context: StepContext): Promise<'ours' | 'theirs' | 'unknown'> {
  const { project, runtime, settings, job, signal } = context;
  try {
    const claim = await findOthersClaim({ project, runtime, owner: settings.owner }, job().dedupeKey, { signal });
    return claim === null ? 'ours' : 'theirs';
  } catch (error) {
    if (signal.aborted) throw error;
    const message = `Whether another daemon has the issue could not be asked: ${messageOf(error)}`;
    context.emit({ type: 'log', at: runtime.clock.now(), level: 'warn', message, jobId: job().id });
    return 'unknown';
  }
}
