import type { Job, JobChange } from '@baton/core';
import type { Daemon } from './process/daemon.js';
import type { Installation } from './process/installation.js';

/** What a daemon did with a job in its store. `job`: as it is thereafter. */
export type JobEvent = {
  readonly installation: Installation;
  readonly daemon: Daemon;
  readonly job: Job;
} & (
  | { readonly kind: 'enqueued' | 'released' }
  /** `until`: when the lease ends. `most`: how many jobs the store was told the daemon may hold by then; null: any. */
  | { readonly kind: 'claimed'; readonly until: number; readonly most: number | null }
  | { readonly kind: 'confirmed'; readonly until: number }
  /** `before`: as it was. */
  | { readonly kind: 'recorded'; readonly before: Job; readonly change: JobChange }
);
