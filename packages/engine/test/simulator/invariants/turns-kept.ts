import type { Turn } from '../agents/simulated-agent.js';
import type { Daemon } from '../process/daemon.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

const leaseMs = 60_000;

export const turnsKept: Invariant = {
  promise: 'A turn that is under way is thrown away for no sleep of the machine and no hiccup of the store.',
  watch(world) {
    const ended = new Set<Turn>();
    const holders = new Map<string, Daemon>();
    return {
      job(event) {
        const { job, daemon } = event;
        if (event.kind === 'claimed') {
          holders.set(job.id, daemon);
          // Whoever stood still for longer than its lease may be replaced by another one.
          for (const turn of world.turns) if (turn.job === job.id && turn.daemon !== daemon) ended.add(turn);
        }
        if (event.kind !== 'recorded') return null;
        const { change } = event;
        const types = change.entries.map(({ type }) => type);
        // A failure that was told, and a person's word, are reasons of their own.
        if (!types.some((type) => type === 'turn-ended' || type === 'step-failed' || type === 'signalled')) return null;
        for (const turn of world.turns) if (turn.job === job.id) ended.add(turn);
        return null;
      },
      turn(turn) {
        const { daemon, job } = turn;
        // It has been replaced, and is about to notice.
        if (holders.get(job) !== daemon) ended.add(turn);
        if (couldNotAskInTime(world)) return null;
        const lost = world.turns.find((each) => each.job === job && each.daemon === daemon && !ended.has(each));
        return lost ? `${daemon.name} threw a turn of job ${job} away and began it anew.` : null;
      },
    };
  },
};

/** Whether a store was locked for a lease, or just when a worker that had stood still would have asked whether it holds. */
function couldNotAskInTime(world: World): boolean {
  const froze = world.facts('froze');
  return world.facts('store-locked').some((lock) => lock.ms >= leaseMs || froze.some((each) => overlap(each, lock)));
}

interface Span {
  readonly at: number;
  readonly ms: number;
}

function overlap(one: Span, other: Span): boolean {
  return one.at <= other.at + other.ms && other.at <= one.at + one.ms;
}
