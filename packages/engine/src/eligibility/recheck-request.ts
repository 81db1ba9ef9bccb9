import type { PullRequest } from '@baton/core';
import { endJob } from '../job/entries.js';
import type { JobEntry } from '../job/entry.js';
import type { StepContext } from '../job/step-context.js';
import { isTrusted, readTrust } from '../trust/trust.js';
import { whyNotLabelled } from './eligibility.js';

/**
 * Whether the work is still wanted by somebody who may want it: asked before a later turn, and right before
 * the work leaves the machine. Null where it is; else how the job ends.
 */
export async function recheckRequest(context: StepContext): Promise<JobEntry | null> {
  const { project, signal } = context;
  const { branch, data } = context.job();
  const { brief, issue, pullRequest } = data;
  if (brief === null) return endJob('untrusted', 'Nobody can tell who set the work going.');
  const { actor } = brief.trigger;
  if (
    !isTrusted(
      actor,
      await project.source.permission(actor, { signal }),
      await readTrust(context, 'source', { signal }),
    )
  ) {
    return endJob('untrusted', `${actor.login} set the work going and no longer has permission.`);
  }
  // A merge closes the issue too. Whatever closed it before this look shows in the pull request after it.
  const now = await project.source.get(issue.id, { signal });
  if (pullRequest !== null) {
    const handedIn = await project.forge.findPullRequests({ head: branch }, { signal });
    const listed = handedIn.find(({ id }) => id === pullRequest.id);
    // A list that lacks it may be one of another branch, or of a place that is away.
    const seen = listed ?? (await lookAt(context, pullRequest.id));
    if (seen === null) return endJob('closed', `Pull request #${pullRequest.number} is gone.`);
    const { unified: state } = seen.state;
    if (state !== 'open') return endJob(state, `Pull request #${pullRequest.number} was ${state} meanwhile.`);
  }
  if (now === null) return endJob('cancelled', 'The issue is gone, or no longer visible to Baton.');
  if (now.state.unified === 'closed') return endJob('cancelled', 'The issue was closed meanwhile.');
  const unlabelled = whyNotLabelled(now, project.query);
  return unlabelled === null ? null : endJob('cancelled', unlabelled);
}

async function lookAt({ project, job, signal }: StepContext, id: string): Promise<PullRequest | null> {
  const [seen] = await project.forge.observe([{ id, cursor: job().data.observeCursor }], { signal });
  return seen?.pullRequest ?? null;
}
