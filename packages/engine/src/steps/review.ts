import { BatonError } from '@baton/core';
import { mapHandedIn } from '../handed-in.js';
import type { Step } from '../step.js';

/** The watcher wakes the job when something happens; this is for what it missed. */
const nextLookMs = 60 * 60_000;

/** Looks at the pull request until somebody merges or closes it. Baton does neither. */
export const review: Step = {
  name: 'review',
  find: async () => null,
  async act(context) {
    const { project, runtime, signal } = context;
    const { pullRequest, observeCursor } = context.job().data;
    if (pullRequest === null) throw new BatonError('INTERNAL', 'A job in review has no pull request.', { details: {} });
    const [observation] = await project.forge.observe([{ id: pullRequest.id, cursor: observeCursor }], { signal });
    if (!observation) {
      const reason = `Pull request #${pullRequest.number} is gone.`;
      return [{ type: 'ending', data: { outcome: 'closed', reason } }];
    }
    const seen = mapHandedIn(observation.pullRequest);
    const nextAt = runtime.clock.now() + nextLookMs;
    const observed = { type: 'observed' as const, data: { pullRequest: seen, cursor: observation.cursor, nextAt } };
    if (seen.state === 'open') return [observed];
    const reason = `Pull request #${seen.number} was ${seen.state}.`;
    return [observed, { type: 'ending', data: { outcome: seen.state, reason } }];
  },
};
