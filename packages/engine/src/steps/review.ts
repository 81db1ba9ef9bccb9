import { BatonError } from '@baton/core';
import { keepClaim } from '../branches/keep-claim.js';
import type { Step } from '../job/step-context.js';
import { lookAtPullRequest } from '../review/look-at-pull-request.js';

/** Looks at the pull request until somebody merges or closes it, which Baton never does. */
export const review: Step = {
  name: 'review',
  async act(context) {
    const { pullRequest } = context.job().data;
    if (pullRequest === null) throw new BatonError('INTERNAL', 'A job in review has no pull request.', { details: {} });
    const lost = await keepClaim(context);
    return lost ? [lost] : lookAtPullRequest(context, pullRequest);
  },
};
