import type { Turn } from '../agents/simulated-agent.js';
import type { Daemon } from '../process/daemon.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

/** A claim among daemons has so much time left at least whenever a turn begins. */
const claimLeftMs = 4 * 3_600_000;

export const oneTurn: Invariant = {
  promise: 'No two turns are at work in one checkout, or on one issue for two daemons.',
  watch(world) {
    const holders = new Map<string, Daemon>();
    return {
      job({ kind, daemon, job }) {
        if (kind === 'claimed') holders.set(job.id, daemon);
        return null;
      },
      answered({ daemon, call, answer }) {
        // Whoever opens a checkout ends what another process has left running in it.
        if (call.method !== 'open' || typeof answer !== 'object' || answer === null || !('root' in answer)) return null;
        for (const turn of world.turns) if (turn.root === answer.root && turn.daemon !== daemon) turn.isOver = true;
        return null;
      },
      turn(turn) {
        // It stood still, was replaced, and is ended as soon as it looks.
        if (holders.get(turn.job) !== turn.daemon) turn.isOver = true;
        if (turn.isOver) return null;
        for (const other of world.turns) {
          if (other.isOver || other.daemon.life === 'dead' || other.host !== turn.host) continue;
          if (other.root === turn.root) return `Two turns are at work in ${turn.root}.`;
          if (other.issueKey === turn.issueKey && isElsewhere(world, other, turn)) {
            return `${other.daemon.installation.name} and ${turn.daemon.installation.name} both pay for ${turn.issueKey}.`;
          }
        }
        return null;
      },
    };
  },
};

/** For another state, and not because a claim was over or could not be made. */
function isElsewhere(world: World, other: Turn, turn: Turn): boolean {
  if (other.daemon.installation === turn.daemon.installation) return false;
  const slept = world.facts('slept').reduce((sum, { ms }) => sum + Math.max(0, ms), 0);
  const untold = world.facts('failed-call').some(({ method }) => method === 'claimRef' || method === 'remote');
  return slept < claimLeftMs && !untold;
}
