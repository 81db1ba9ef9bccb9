import type { Job, JobStore, Runtime, Signal } from '@baton/core';
import type { BatonEvent } from './job/engine-event.js';
import type { Project } from './project/project.js';
import type { Queries } from './queries/queries.js';
import type { DiskOptions } from './run/disk-watch.js';

/** What an engine is made of. Nothing is read or started by making one. */
export interface BatonOptions {
  readonly runtime: Runtime;
  readonly store: JobStore;
  /** Names must differ. */
  readonly projects: readonly Project[];
  /** Jobs that this engine works at once, over all projects. Default 3. */
  readonly concurrency?: number;
  /** Jobs worked at once by all engines on the store together, as far as each is told the same. Null: no limit. Default null. */
  readonly totalConcurrency?: number | null;
  /** Between two polls of a project, before jitter. Default 30 s. */
  readonly pollIntervalMs?: number;
  /** For how long a job is held without a sign of life. Default 60 s. */
  readonly leaseMs?: number;
  /** Begins every label of Baton's own. Default `baton:`. */
  readonly labelPrefix?: string;
  /** Names this process in the store: no two name themselves alike, nor one twice. Default: a random id. */
  readonly worker?: string;
  /**
   * By what daemons on other stores know this one when it claims issues: the same for every process on one store, also
   * after that was lost, and for nobody else, such as a host and a directory. Default: a random id that the store keeps.
   */
  readonly owner?: string;
  /**
   * How a worker of before, or another one, died: where it did by itself, of an exception or for want of memory, a
   * sentence without its end; else null. A job in whose step three died so, one after another, waits for a person;
   * after two it is worked alone. Default: nobody knows, and nothing is counted.
   */
  readonly deathOf?: (worker: string) => string | null;
  /** The disk that jobs share with the store and with everything else. Absent: nobody watches it. */
  readonly disk?: DiskOptions;
  /**
   * Checkouts in which agents worked stay where they are, those of jobs that have ended too, for a person to look at;
   * only one that takes too much room goes. Default: they go with their attempt, and what was not pushed is rescued.
   */
  readonly keepWorkspaces?: boolean;
  /** Who stands in the commits. Default `Baton <baton@localhost>`. */
  readonly author?: { readonly name: string; readonly email: string };
}

/** What may change while an engine runs. */
export type ProjectSettings = Pick<BatonOptions, 'projects' | 'concurrency' | 'totalConcurrency' | 'pollIntervalMs'>;

/** How `stop` goes about it. `drain`: every running step is finished and recorded. `now`: steps are aborted; what they did is found again at the next start. */
export type StopMode = 'drain' | 'now';

/** The engine. Several may run in one process, over one store or over different ones. */
export interface Baton extends Queries {
  /**
   * Joins the store, sweeps what a crash left, and begins to poll and to work. Of several engines on a store one polls a
   * project, and looks at its pull requests, for all of them. Resolves when it is ready. Rejects where the store can't be read.
   */
  start(): Promise<void>;
  /** One poll of every project, whoever else polls it; works everything that is due to its next wait or its end. Not while started. */
  runOnce(): Promise<void>;
  /**
   * One issue, by whatever a person types, to its next wait or its end; enqueued first where it has no job.
   * Null where no project knows the issue. Not while started. With `publish: false` a green result waits for a
   * person's `approve`, and nothing leaves the machine.
   */
  runIssue(reference: string, options?: { readonly project?: string; readonly publish?: boolean }): Promise<Job | null>;
  /** Ends polling and working. Idempotent; a second call may hurry the first. */
  stop(mode?: StopMode): Promise<void>;
  /** Everything from now on, until `stop`. Any number of readers; a slow one is told of the newest 10,000. */
  events(): AsyncIterable<BatonEvent>;
  /** Through the store: works for jobs that another process holds. */
  signal(jobId: string, signal: Omit<Signal, 'id' | 'at'>): Promise<void>;
  /**
   * A job that follows the newest of an issue, because a person asked. It goes on with a pull request that the
   * ended one left open; with `fresh` it has a branch of its own, whatever stands there. `CONFLICT` where the job
   * has not ended, where a newer one follows it, and where the issue is closed or gone.
   */
  retry(jobId: string, options?: { readonly fresh?: boolean }): Promise<Job>;
  /** Stores a job for each issue of which something was left, on the branch where it stands. Nothing is worked before `start`. */
  takeUp(): Promise<readonly Job[]>;
  /** Takes up other projects and numbers. Jobs being worked keep what they started with. */
  reconfigure(options: ProjectSettings): void;
}
