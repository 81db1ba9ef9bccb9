import { isEnded } from '@baton/core';
import { hostOf } from '../host/jobs.js';
import type { Invariant } from './invariant.js';

export const staysEnded: Invariant = {
  promise: 'An ended job stays ended, and another one is begun only where a person asks again.',
  watch(world) {
    /** At which step the newest job of an issue came to its end. */
    const endedAt = new Map<string, number>();
    return {
      job(event) {
        const { kind, job, installation } = event;
        const key = `${world.installations.indexOf(installation)} ${job.dedupeKey}`;
        if (kind === 'recorded') {
          if (isEnded(event.before.phase)) return `Job ${job.id} went on after its end.`;
          if (job.phase === 'settling' || isEnded(job.phase)) {
            if (!endedAt.has(key)) endedAt.set(key, world.step);
          }
        }
        if (kind !== 'enqueued') return null;
        const since = endedAt.get(key);
        endedAt.delete(key);
        if (since === undefined || world.facts('store-lost').length > 0) return null;
        const host = hostOf(world, job);
        const wasAsked = world
          .facts('asked')
          .some((each) => each.host === host && each.issue === job.issueKey && each.step >= since);
        return wasAsked ? null : `${job.issueKey} of ${host.name} is worked again, and nobody asked.`;
      },
    };
  },
};
