import { isEnded } from '@baton/core';
import { defaultLimits } from '../../../src/index.js';
import { foldedJob } from '../../../src/job/job-data.js';
import type { Daemon } from '../process/daemon.js';
import type { Installation } from '../process/installation.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

export const withinLimits: Invariant = {
  promise:
    'Rounds, but for those that the operator asks for, attempts, jobs at once and open pull requests stay within their limits.',
  watch(world) {
    const held = new Map<string, { readonly daemon: Daemon; readonly until: number }>();
    let wasAdopted = false;
    return {
      job(event) {
        const { kind, daemon, job, installation } = event;
        const now = world.clock.now();
        if (kind === 'released') held.delete(job.id);
        // It ends when it was confirmed to, which is sooner where the clock was put back.
        if (kind === 'confirmed') held.set(job.id, { daemon, until: event.until });
        if (kind === 'claimed') {
          held.set(job.id, { daemon, until: event.until });
          const ours = [...held.values()].filter(
            (each) => each.daemon.installation === installation && each.daemon.life !== 'dead' && each.until > now,
          );
          // Whoever only looks after a job without a project takes no slot.
          if (event.most === null) return null;
          const its = ours.filter((each) => each.daemon === daemon);
          if (its.length > world.concurrency)
            return `${its.length} jobs are held by ${daemon.name}; ${world.concurrency} may be.`;
          if (world.totalConcurrency !== null && ours.length > world.totalConcurrency)
            return `${ours.length} jobs are held; ${world.totalConcurrency} may be.`;
        }
        if (kind !== 'recorded') return null;
        wasAdopted ||= event.change.entries.some(({ type }) => type === 'adopted' || type === 'branch-found');
        if (job.attempt > defaultLimits.attempts) return `Job ${job.id} is in attempt ${job.attempt}.`;
        const told = world.facts('told').filter((each) => each.job === job.id && each.type === 'steer').length;
        if (!wasAdopted && job.round > defaultLimits.rounds + told) return `Job ${job.id} is in round ${job.round}.`;
        return wasAdopted ? null : findTooMany(world, installation);
      },
    };
  },
};

/** Pull requests that were there before, and are gone on with, take no place of others. */
function findTooMany({ caps }: World, { jobs }: Installation): string | null {
  if (caps.openPullRequests === null) return null;
  const open = new Map<string, number>();
  for (const job of jobs.values()) {
    if (isEnded(job.phase) || foldedJob(job).data.pullRequest === null) continue;
    open.set(job.project, (open.get(job.project) ?? 0) + 1);
  }
  const most = Math.max(0, ...open.values());
  return most > caps.openPullRequests ? `${most} pull requests are open; ${caps.openPullRequests} may be.` : null;
}
