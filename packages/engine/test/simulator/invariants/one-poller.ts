import type { Daemon } from '../process/daemon.js';
import type { Invariant } from './invariant.js';

const intervalMs = 30_000;
/** A process that stood still, or a clock that was set, has two poll at once, and no more than that. */
const mostInARow = 5;

export const onePoller: Invariant = {
  promise: 'Of the daemons on a store one polls a project, once an interval.',
  watch(world) {
    const last = new Map<string, { readonly daemon: Daemon; readonly at: number; readonly inARow: number }>();
    return {
      answered({ daemon, call: { port, host, method }, args: [query] }) {
        // A start looks at all issues that bear a label of Baton's, and takes nothing in.
        if (port !== 'source' || method !== 'poll' || JSON.stringify(query).includes('baton:working')) return null;
        const key = `${daemon.installation.name} ${host}`;
        const before = last.get(key);
        const at = world.clock.monotonic();
        const isBeside =
          before !== undefined &&
          before.daemon !== daemon &&
          before.daemon.life === 'alive' &&
          at - before.at < 0.9 * intervalMs;
        const inARow = isBeside ? before.inARow + 1 : 0;
        last.set(key, { daemon, at, inARow });
        return inARow > mostInARow ? `${daemon.name} polls ${host} beside ${before?.daemon.name}.` : null;
      },
    };
  },
};
