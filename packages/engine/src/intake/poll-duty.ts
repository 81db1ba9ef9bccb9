import type { JobStore } from '@baton/core';
import type { Project } from '../project/project.js';
import { pollKey } from './intake.js';

/** What a duty is made of. */
export interface PollDutyOptions {
  readonly store: JobStore;
  /** Has joined the store before anything is taken. */
  readonly worker: string;
  /** A project is held for so long without a sign of life, or for two intervals where these are longer. */
  readonly leaseMs: number;
  /** All that this engine is configured for. Read anew each time. */
  readonly projects: () => readonly Project[];
  /** Read anew each time. */
  readonly intervalMs: () => number;
  /** Told of a store that can't say who polls a project. */
  readonly onError: (project: Project, error: unknown) => void;
}

/**
 * Which projects this engine polls for all engines on its store. Each project is held by itself, since engines may be
 * configured for different ones; who shares a project's cursor shares its polls.
 */
export interface PollDuty {
  /**
   * Those of the projects that are this engine's to poll. What it isn't configured for any more is left to others. To be
   * called again before two intervals have passed. Never rejects.
   */
  take(projects: readonly Project[]): Promise<readonly Project[]>;
  /** Leaves all of them to others, at once. Nothing is taken any more. Never rejects. */
  leave(): Promise<void>;
}

/** A duty that has taken nothing. */
export function createPollDuty(options: PollDutyOptions): PollDuty {
  const { store, worker, leaseMs, intervalMs, onError } = options;
  const held = new Set<string>();
  let hasLeft = false;

  const keyOf = (project: Project): string => `poll/${pollKey(project)}`;
  const hold = async (project: Project): Promise<boolean> => {
    const key = keyOf(project);
    try {
      const isHeld = await store.hold(key, worker, Math.max(leaseMs, 2 * intervalMs()));
      if (isHeld) held.add(key);
      return isHeld;
    } catch (error) {
      onError(project, error);
      return false;
    }
  };

  /** What can't be let go runs out. */
  const letGo = async (keys: readonly string[]): Promise<void> => {
    for (const key of keys) held.delete(key);
    await Promise.allSettled(keys.map((key) => store.hold(key, worker, 0)));
  };

  return {
    async take(projects) {
      if (hasLeft) return [];
      const wanted = new Set(options.projects().map(keyOf));
      await letGo([...held].filter((key) => !wanted.has(key)));
      const isHeld = await Promise.all(projects.map(hold));
      return projects.filter((_, index) => isHeld[index] === true);
    },
    async leave() {
      hasLeft = true;
      await letGo([...held]);
    },
  };
}
