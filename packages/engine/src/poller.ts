import type { Runtime } from '@baton/core';
import { followSignal } from './follow-signal.js';
import type { Project } from './project.js';

/** What a poller is made of. Projects and interval are read anew for each round. */
export interface PollerOptions {
  readonly runtime: Runtime;
  readonly projects: () => readonly Project[];
  readonly intervalMs: () => number;
  /** Polls one project. Never rejects. */
  readonly poll: (project: Project) => Promise<void>;
}

/** Polls projects in rounds. */
export interface Poller {
  /** One round, to its end. */
  round(): Promise<void>;
  /** Round after round until `signal`. One that takes long holds up nobody else's next poll. */
  loop(signal: AbortSignal): Promise<void>;
  /** The next round now: there is a new project. */
  poke(): void;
  /** Resolves when no poll runs any more. */
  idle(): Promise<void>;
}

/**
 * A poller that has begun nothing. All projects of a round are polled together, so that an adapter can ask for
 * many repositories at once; never two polls of one project at a time, however slow its tracker is (G26).
 */
export function createPoller({ runtime, projects, intervalMs, poll }: PollerOptions): Poller {
  const running = new Map<string, Promise<void>>();
  let wake: () => void = () => {};

  const pollOnce = (project: Project): Promise<void> => {
    const other = running.get(project.name);
    if (other) return other;
    const mine = poll(project).finally(() => running.delete(project.name));
    running.set(project.name, mine);
    return mine;
  };
  const round = async (): Promise<void> => {
    await Promise.all(projects().map(pollOnce));
  };

  return {
    round,
    async loop(signal) {
      while (!signal.aborted) {
        const rest = new AbortController();
        const unfollow = followSignal(signal, rest);
        wake = () => rest.abort(woke);
        void round();
        // Daemons that were started together don't stay together.
        const restMs = intervalMs() * (0.9 + 0.2 * runtime.random());
        await runtime.clock.sleep(restMs, { signal: rest.signal }).catch(() => {});
        unfollow();
      }
    },
    poke: () => wake(),
    async idle() {
      await Promise.all(running.values());
    },
  };
}

/** A reason made once: a fresh one would cost a stack trace each. */
const woke = new Error('The poller woke.');
