import type { Instant, Job, JournalEntry, Signal } from '@baton/core';

/** One stay of a worker. The same name may come again: it is another stay. */
export interface Stay {
  readonly worker: string;
}

/** Whose a job, or what is done once for all, is for a while. */
export interface Held {
  readonly by: Stay;
  readonly until: Instant;
}

/** A job as it stands in memory. */
export interface Row {
  job: Job;
  fence: number;
  held: Held | null;
  readonly journal: JournalEntry[];
  signals: readonly { readonly number: number; readonly signal: Signal }[];
  /** Number of the last signal that was read under a lease. */
  seenSignal: number;
}
