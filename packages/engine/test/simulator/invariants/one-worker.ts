import { isEnded } from '@baton/core';
import { hostOf } from '../host/jobs.js';
import type { JobEvent } from '../job-event.js';
import type { Daemon } from '../process/daemon.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

export const oneWorker: Invariant = {
  promise:
    'An issue has one open job in a store, which is held by one worker; whoever was replaced records nothing, and nobody takes over what is its own.',
  watch(world) {
    const holders = new Map<string, { readonly daemon: Daemon; until: number }>();
    return {
      job(event) {
        const { kind, daemon, job } = event;
        const holder = holders.get(job.id);
        const now = world.clock.now();
        switch (kind) {
          case 'enqueued':
            return findSecond(world, event) ? `${job.issueKey} has two open jobs in ${event.installation.name}.` : null;
          case 'claimed': {
            holders.set(job.id, { daemon, until: event.until });
            if (!holder || holder.daemon.life === 'dead') return null;
            if (holder.daemon === daemon) return `${daemon.name} took over job ${job.id}, which it held itself.`;
            return holder.until > now ? `${daemon.name} took job ${job.id} from ${holder.daemon.name}.` : null;
          }
          case 'confirmed':
            if (holder && holder.daemon !== daemon)
              return `${daemon.name} confirmed job ${job.id} after it was replaced.`;
            holders.set(job.id, { daemon, until: event.until });
            return null;
          case 'recorded':
            if (!holder || holder.daemon === daemon) return null;
            return `${daemon.name} recorded job ${job.id} after ${holder.daemon.name} had replaced it.`;
          case 'released':
            if (holder?.daemon === daemon) holders.delete(job.id);
            return null;
        }
      },
    };
  },
};

function findSecond(world: World, { installation, job }: JobEvent): boolean {
  return [...installation.jobs.values()].some(
    (other) =>
      other.id !== job.id &&
      other.issueKey === job.issueKey &&
      hostOf(world, other) === hostOf(world, job) &&
      !isEnded(other.phase),
  );
}
