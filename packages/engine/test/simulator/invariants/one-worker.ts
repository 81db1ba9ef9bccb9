import type { Daemon } from '../process/daemon.js';
import type { Invariant } from './invariant.js';

export const oneWorker: Invariant = {
  promise: 'A job is held by one worker; whoever was replaced records nothing, and nobody takes over what is its own.',
  watch(world) {
    const holders = new Map<string, { readonly daemon: Daemon; until: number }>();
    return {
      job(event) {
        const { kind, daemon, job } = event;
        const holder = holders.get(job.id);
        const now = world.clock.now();
        switch (kind) {
          case 'enqueued':
            return null;
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
