import type { Turn } from '../agents/simulated-agent.js';
import type { JobEvent } from '../job-event.js';
import type { Daemon } from '../process/daemon.js';
import type { Call } from '../process/fate.js';
import type { World } from '../world.js';

/** A call that had its effect. */
export interface Answered {
  readonly daemon: Daemon;
  readonly call: Call;
  readonly args: readonly unknown[];
  readonly answer: unknown;
  /** At which step it was asked: a process that is frozen on the way can't take it back. */
  readonly begunAt: number;
}

/** What watches one run. Each method says, in words, how the promise is broken, or null. */
export interface Watch {
  job?(event: JobEvent): string | null;
  answered?(answered: Answered): string | null;
  /** Before a turn begins. */
  turn?(turn: Turn): string | null;
  /** Once everything has come to rest, every fault is over and every question answered. */
  rest?(): Promise<string | null> | string | null;
}

/** Something that holds whatever happens. */
export interface Invariant {
  /** What is promised, in one sentence. */
  readonly promise: string;
  watch(world: World): Watch;
}
