import type { StepContext } from '../job/step-context.js';
import type { DiskWatch } from './disk-watch.js';

/** What a job is run with, beside its lease. */
export type JobRunnerContext = Pick<
  StepContext,
  'project' | 'runtime' | 'store' | 'settings' | 'baselines' | 'emit'
> & {
  /** Aborted when the engine stops at once. */
  readonly stopped: AbortSignal;
  readonly disk: DiskWatch;
  /** Whether nothing is begun that costs anything. */
  readonly isPaused: boolean;
  /** Whether the engine drains: no step is begun any more. */
  isDraining(): boolean;
};
