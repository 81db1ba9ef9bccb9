import type { Runtime } from '@baton/core';
import { followSignal } from '../async/follow-signal.js';
import type { Project } from '../project/project.js';
import type { PollResult } from '../store/facts.js';
import type { PollDuty } from './poll-duty.js';

/** What a poller is made of. Projects and interval are read anew for each round. */
export interface PollerOptions {
  readonly runtime: Runtime;
  readonly projects: () => readonly Project[];
  readonly intervalMs: () => number;
  /** Which of them are polled by whom. */
  readonly duty: PollDuty;
  /** Polls one project. Never rejects. */
  readonly poll: (project: Project) => Promise<PollResult>;
}

/** Polls projects in rounds. */
export interface Poller {
  /** One round of some projects, those that are left alone for a while too, to its end. Each poll begins after the call. */
  round(projects: readonly Project[]): Promise<readonly PollResult[]>;
  /**
   * Round after round of what this engine is to poll, until `signal`; that is left to others then. One that takes long
   * holds up nobody else's next poll.
   */
  loop(signal: AbortSignal): Promise<void>;
  /** The next round now, of projects that are left alone for a while too: there is a new one. */
  wake(): void;
  /** Resolves when no poll runs any more. */
  idle(): Promise<void>;
}

/** A project whose polls fail. */
interface Failing {
  /** In a row. */
  readonly count: number;
  /** By the monotonic clock: not before then. */
  readonly dueAt: number;
}

const longestMs = 5 * 60_000;
/** A host may ask to be left alone for longer, and not for ever: its clock may be wrong. */
const longestAskedMs = 60 * 60_000;

/**
 * A poller that has begun nothing. All projects of a round are polled together, so that an adapter can ask for
 * many repositories at once; never two polls of one project at a time, however slow its tracker is.
 *
 * A project whose polls fail is left out of more rounds each time, for at most 5 minutes, or for as long as its host
 * says: the projects of a host that is away fail together, and are asked again together.
 */
export function createPoller({ runtime, projects, intervalMs, duty, poll }: PollerOptions): Poller {
  const { clock } = runtime;
  const running = new Map<string, { readonly project: Project; readonly result: Promise<PollResult> }>();
  const failing = new Map<string, Failing>();
  let endRest: () => void = () => {};

  const note = (result: PollResult): void => {
    if (result.kind === 'polled') {
      failing.delete(result.project);
      return;
    }
    const count = (failing.get(result.project)?.count ?? 0) + 1;
    // A host that says when to come back knows better than a guess that doubles.
    const restMs =
      result.retryAt === null
        ? restAfterFailures(count, intervalMs())
        : Math.min(longestAskedMs, result.retryAt - clock.now());
    failing.set(result.project, { count, dueAt: clock.monotonic() + restMs });
  };
  const pollOnce = (project: Project): Promise<PollResult> => {
    const other = running.get(project.name);
    // One as it was configured before may have asked for something else.
    if (other) return other.project === project ? other.result : other.result.then(() => pollOnce(project));
    const result = poll(project)
      .then((result) => {
        note(result);
        return result;
      })
      .finally(() => running.delete(project.name));
    running.set(project.name, { project, result });
    return result;
  };
  const pollAnew = async (project: Project): Promise<PollResult> => {
    await running.get(project.name)?.result;
    return pollOnce(project);
  };
  const isDue = ({ name }: Project): boolean => (failing.get(name)?.dueAt ?? 0) <= clock.monotonic();

  const idle = async (): Promise<void> => {
    while (running.size > 0) await Promise.all([...running.values()].map(({ result }) => result));
  };

  return {
    round: (chosen) => Promise.all(chosen.map(pollAnew)),
    async loop(signal) {
      let isAsked = true;
      while (!signal.aborted) {
        const rest = new AbortController();
        const unfollow = followSignal(signal, rest);
        const isWhole = isAsked;
        isAsked = false;
        endRest = () => {
          isAsked = true;
          rest.abort(woke);
        };
        // Also what rests: another engine would ask its host at once.
        const ours = await duty.take(projects());
        const chosen = signal.aborted ? [] : ours.filter((project) => isWhole || isDue(project));
        for (const project of chosen) void pollOnce(project);
        // Daemons that were started together don't stay together.
        const restMs = intervalMs() * (0.9 + 0.2 * runtime.random());
        await clock.sleep(restMs, { signal: rest.signal }).catch(() => {});
        unfollow();
      }
      await idle();
      await duty.leave();
    },
    wake: () => endRest(),
    idle,
  };
}

/**
 * At least how long a project is left alone: nothing beyond the interval after one failure, then double each time.
 * Without randomness of its own, so that the projects of one host stay together: rounds are jittered.
 */
function restAfterFailures(count: number, intervalMs: number): number {
  if (count === 1) return 0;
  return Math.min(longestMs, intervalMs * 2 ** Math.min(count - 1, 30)) - intervalMs / 2;
}

/** A reason made once: a fresh one would cost a stack trace each. */
const woke = new Error('The poller woke.');
