import type { CallOptions, JobStore, Runtime } from '@baton/core';
import type { Project } from '../project/project.js';

/** What is announced, and for how long. */
export interface WatchedProjectsOptions {
  readonly store: JobStore;
  readonly clock: Runtime['clock'];
  /** Has joined the store before anything is announced. */
  readonly worker: string;
  /** An engine that gives no sign of life for so long is taken for gone. */
  readonly leaseMs: number;
  /** Read anew each time. */
  readonly projects: () => readonly Project[];
}

/**
 * Which projects the engines on a store are configured for: a job of a project that one of them knows is no stray to
 * the others. One of those that know a project stands for all; where it goes, the next one does within a third of a
 * lease.
 */
export interface WatchedProjects {
  /** Says by name what this engine is configured for, and what not any more. */
  announce(options?: CallOptions): Promise<void>;
  /** Announces again and again, until `signal`. Never rejects. */
  loop(signal: AbortSignal): Promise<void>;
  /** Whether another engine that is at work is configured for a project of that name, which this one isn't. */
  isAnothers(name: string, options?: CallOptions): Promise<boolean>;
}

/** An engine that has announced nothing. */
export function createWatchedProjects(options: WatchedProjectsOptions): WatchedProjects {
  const { store, clock, worker, leaseMs, projects } = options;
  const announced = new Set<string>();
  const keyOf = (name: string): string => `project/${name}`;

  const announce = async (call?: CallOptions): Promise<void> => {
    const names = new Set(projects().map(({ name }) => name));
    for (const name of names) {
      if (await store.hold(keyOf(name), worker, leaseMs, call)) announced.add(name);
    }
    for (const name of announced) {
      if (names.has(name)) continue;
      await store.hold(keyOf(name), worker, 0, call);
      announced.delete(name);
    }
  };
  return {
    announce,
    async loop(signal) {
      while (!signal.aborted) {
        // A store that can't be asked is told of by whoever fills slots.
        await announce({ signal }).catch(() => {});
        await clock.sleep(leaseMs / 3, { signal }).catch(() => {});
      }
    },
    async isAnothers(name, call) {
      if (!(await store.hold(keyOf(name), worker, leaseMs, call))) return true;
      await store.hold(keyOf(name), worker, 0, call);
      return false;
    },
  };
}
