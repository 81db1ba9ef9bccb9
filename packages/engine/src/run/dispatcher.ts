import { BatonError, type Job, type JobLease, type JobStore, openPhases, type Runtime } from '@baton/core';
import { followSignal } from '../async/follow-signal.js';
import { isTended } from '../decide/tended.js';
import { readPause } from '../eligibility/pause.js';
import type { Project } from '../project/project.js';

/** What the dispatcher fills slots with. */
export interface DispatcherOptions {
  readonly store: JobStore;
  readonly runtime: Runtime;
  readonly worker: string;
  readonly leaseMs: number;
  /** Read at each claim, so that a change of the configuration holds at once. */
  readonly projects: () => readonly Project[];
  readonly concurrency: () => number;
  /** Over all workers on the store. Null: no limit. */
  readonly totalConcurrency: () => number | null;
  /** Whether nothing else may be at work while this job is. */
  readonly isAlone: (job: Job) => boolean;
  /** `isPaused`: nothing that costs anything is begun. */
  readonly run: (lease: JobLease, isPaused: boolean) => Promise<void>;
  /** Whether nothing is begun any more: what is claimed then would be let go at once, and be due again. */
  readonly isDraining: () => boolean;
  /** Looks after what jobs share with the store, before each look for work. Never rejects. */
  readonly look: () => Promise<void>;
  /** Told of what a job or the store threw. */
  readonly onError: (error: unknown) => void;
}

/** Fills slots with due jobs. */
export interface Dispatcher {
  /** Claims and begins as many jobs as there are due and free slots; `job` narrows to one. */
  fill(job?: string): Promise<void>;
  /** Lets a job of this worker go: now, or, where the store can't just now, once it can. Then it rejects all the same. */
  letGo(lease: JobLease): Promise<void>;
  /** Fills slots whenever one is freed, work comes in, or a second has passed, until `signal`. */
  loop(signal: AbortSignal): Promise<void>;
  /** Look now: work came in. */
  wake(): void;
  /** Whether a job is at work here. */
  isRunning(job: string): boolean;
  /** Resolves when a running job has ended: true. False at once where none runs. */
  oneEnded(): Promise<boolean>;
  /** Resolves when no job runs any more. */
  idle(): Promise<void>;
}

/** Jobs become due by themselves, and by other processes' signals. */
const lookMs = 1_000;
/** After the store failed, or the disk was full: not at once again. */
const pauseAfterErrorMs = 30_000;

/** A reason made once: a fresh one at every look would cost a stack trace each. */
const woke = new Error('The dispatcher woke.');

/** A dispatcher that has begun nothing. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, runtime } = options;
  const { clock } = runtime;
  const running = new Map<string, Promise<void>>();
  const dropped = new Map<string, { readonly lease: JobLease; readonly at: number }>();
  let endRest: () => void = () => {};
  /** The job that works alone, or is to once the others have come to their waits. */
  let alone: string | null = null;

  const claim = async (job: string | undefined): Promise<JobLease | null> => {
    const { worker, leaseMs } = options;
    const total = options.totalConcurrency();
    const caps = {
      worker: options.concurrency(),
      ...(total === null ? {} : { total }),
      byProject: Object.fromEntries(options.projects().map(({ name, concurrency }) => [name, concurrency])),
    };
    return store.claim({ worker, leaseMs, caps, ...(job === undefined ? {} : { job }) });
  };

  /** What is looked after during a pause, and what people have left a signal for. */
  const claimTended = async (): Promise<JobLease | null> => {
    const projects = new Set(options.projects().map(({ name }) => name));
    for await (const job of store.list({ phases: openPhases })) {
      if (job.wakeAt > clock.now() || !projects.has(job.project)) continue;
      if (!isTended(job) && (await store.pendingSignals(job.id)).length === 0) continue;
      const lease = await claim(job.id);
      if (lease !== null) return lease;
    }
    return null;
  };

  const drop = (lease: JobLease): void => {
    dropped.set(lease.job.id, { lease, at: clock.monotonic() });
  };

  const run = async (lease: JobLease, isPaused: boolean): Promise<void> => {
    try {
      await options.run(lease, isPaused);
    } catch (error) {
      drop(lease);
      options.onError(error);
    }
  };

  const begin = (lease: JobLease, isPaused: boolean): void => {
    const { id } = lease.job;
    // Lost to another worker and won back: what the turn of before began is ended first.
    const before = running.get(id) ?? Promise.resolve();
    const ended = before
      .then(() => run(lease, isPaused))
      .finally(() => {
        if (running.get(id) === ended) running.delete(id);
        if (alone === id) alone = null;
        endRest();
      });
    running.set(id, ended);
  };

  const letGo = async (lease: JobLease): Promise<void> => {
    try {
      await store.release(lease);
    } catch (error) {
      drop(lease);
      throw error;
    }
  };

  /** Nobody else does: a worker is never given what it holds. As late as another worker would get it, not at once and without end. */
  const letDroppedGo = async (): Promise<void> => {
    for (const [id, { lease, at }] of dropped) {
      if (clock.monotonic() - at < options.leaseMs) continue;
      await store.release(lease);
      dropped.delete(id);
    }
  };

  const fill = async (job?: string): Promise<void> => {
    await options.look();
    await letDroppedGo();
    const isPaused = job === undefined && (await readPause(store)) !== null;
    while (running.size < options.concurrency() && !options.isDraining()) {
      if (alone !== null && running.size > 0) return;
      const lease = isPaused ? await claimTended() : await claim(alone ?? job);
      if (lease === null && alone === null) return;
      alone = lease !== null && options.isAlone(lease.job) ? lease.job.id : null;
      if (lease === null) continue;
      if (alone !== null && running.size > 0) return letGo(lease);
      begin(lease, isPaused);
    }
  };

  const oneEnded = async (): Promise<boolean> => {
    if (running.size === 0) return false;
    await Promise.race(running.values());
    return true;
  };

  return {
    fill,
    letGo,
    async loop(signal) {
      while (!signal.aborted) {
        const rest = new AbortController();
        const woken = new Promise<void>((resolve) => {
          endRest = resolve;
        });
        let restMs = lookMs;
        try {
          await fill();
        } catch (error) {
          options.onError(error);
          restMs = BatonError.is(error, 'UNAVAILABLE') ? lookMs : pauseAfterErrorMs;
        }
        const unfollow = followSignal(signal, rest);
        const slept = clock.sleep(restMs, { signal: rest.signal }).catch(() => {});
        await (restMs === lookMs ? Promise.race([woken, slept]) : slept);
        rest.abort(woke);
        unfollow();
        await slept;
      }
    },
    wake: () => endRest(),
    isRunning: (job) => running.has(job),
    oneEnded,
    async idle() {
      while (await oneEnded());
    },
  };
}
