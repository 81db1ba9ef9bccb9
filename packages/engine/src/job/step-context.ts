import type { Instant, JobLease, JobStore, Runtime } from '@baton/core';
import type { Project } from '../project/project.js';
import type { Baselines } from './baselines.js';
import type { BatonEvent } from './engine-event.js';
import type { JobEntry } from './entry.js';
import type { FoldedJob, StepIntent, StepName } from './job-data.js';
import type { RefusalLog } from './refusals.js';

/** What holds for every job of an engine. */
export interface EngineSettings {
  readonly labelPrefix: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly leaseMs: number;
  /** By what daemons that share no store know who works an issue: the same for all on one store. */
  readonly owner: string;
  /** When the store began, by our clock. */
  readonly bornAt: Instant;
  /** Names this process in the store. */
  readonly worker: string;
  /** Whether checkouts in which agents worked stay. */
  readonly keepWorkspaces: boolean;
  /** How a worker died, in a sentence without its end, where it did by itself; null where that isn't known. */
  deathOf(worker: string): string | null;
}

/** What a step is given of the world. */
export interface StepContext {
  readonly project: Project;
  readonly runtime: Runtime;
  readonly store: JobStore;
  readonly settings: EngineSettings;
  readonly baselines: Baselines;
  /** Is told what is refused to whatever the step starts; recorded with what the step comes to. */
  readonly refusals: RefusalLog;
  /** Aborted when the job is cancelled, lost, or the engine stops at once. */
  readonly signal: AbortSignal;
  /** The job as it is now. */
  job(): FoldedJob;
  /** Proof that the job is ours, for calls of the store. */
  lease(): JobLease;
  /** To be awaited before each effect on the outside. Rejects with `LEASE_LOST`. */
  confirm(): Promise<void>;
  /** Milliseconds since the step began, by the monotonic clock. */
  elapsedMs(): number;
  /** Records facts before the step has ended. */
  record(entries: readonly JobEntry[]): Promise<void>;
  emit(event: BatonEvent): void;
}

/**
 * One step of a job. The runner records the intent, confirms the lease, looks with `find`, and acts only
 * where nothing was found; what either returns is recorded in one transaction.
 */
export interface Step {
  readonly name: StepName;
  /** Looks on the outside whether it was done already. Null: it wasn't. Absent: looking is not cheaper than doing. */
  find?(context: StepContext, intent: StepIntent): Promise<readonly JobEntry[] | null>;
  /** Does it. Safe to repeat after a crash at any line. */
  act(context: StepContext, intent: StepIntent): Promise<readonly JobEntry[]>;
}
