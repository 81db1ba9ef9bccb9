import { BatonError, messageOf } from '@baton/core';
import { keepClaim } from '../branches/keep-claim.js';
import { recheckRequest } from '../eligibility/recheck-request.js';
import type { JobEntry } from '../job/entry.js';
import type { Step, StepContext } from '../job/step-context.js';
import { lookAtPullRequest } from '../review/look-at-pull-request.js';

/**
 * Looks after a job that waits for a person: whether it is still wanted, and whether somebody has answered where its
 * issue or its pull request stands. A host that can't be asked changes nothing: the question stands, and is looked
 * after again later.
 */
export const look: Step = {
  name: 'look',
  async act(context) {
    try {
      return await lookAfter(context);
    } catch (error) {
      if (context.signal.aborted || BatonError.is(error, 'LEASE_LOST')) throw error;
      const message = `What it waits for could not be looked at: ${messageOf(error)}`;
      context.emit({
        ...{ type: 'log', at: context.runtime.clock.now(), level: 'warn', message },
        jobId: context.job().id,
      });
      return [{ type: 'looked', data: {} }];
    }
  },
};

async function lookAfter(context: StepContext): Promise<readonly JobEntry[]> {
  const { resume, brief, pullRequest } = context.job().data;
  // It was never claimed: whether it may be is judged anew, and asked again where nothing has changed.
  if (resume === 'claiming' || brief === null) return [{ type: 'resumed', data: { phase: 'claiming' } }];
  const unwanted = (await keepClaim(context)) ?? (await recheckRequest(context));
  if (unwanted) return [unwanted];
  return pullRequest === null ? [{ type: 'looked', data: {} }] : lookAtPullRequest(context, pullRequest);
}
