import { BatonError, messageOf } from '@baton/core';
import { hasLapsed, keepClaim } from '../branches/keep-claim.js';
import { statusKey } from '../decide/status-label.js';
import type { Step } from '../job/step-context.js';
import { showStatus } from '../status/show-status.js';

/** Shows people where the job is. A tracker that can't be reached holds up nothing: the next change shows it too. */
export const mirror: Step = {
  name: 'mirror',
  async act(context) {
    const job = context.job();
    const shown = statusKey(job);
    try {
      // It would take the place of what another daemon has shown since.
      const lost = hasLapsed(context) ? await keepClaim(context) : null;
      if (lost) return [lost];
      await showStatus(context, job);
      return [{ type: 'mirrored', data: { shown, ok: true } }];
    } catch (error) {
      if (context.signal.aborted || BatonError.is(error, 'LEASE_LOST')) throw error;
      const message = messageOf(error);
      context.emit({
        type: 'log',
        at: context.runtime.clock.now(),
        level: 'warn',
        message: `The status comment could not be updated: ${message}`,
        jobId: job.id,
      });
      return [{ type: 'mirrored', data: { shown, ok: false } }];
    }
  },
};
