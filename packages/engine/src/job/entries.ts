import type { JobOutcome, JournalEntry, WaitReason } from '@baton/core';
import { never } from './backoff.js';
import type { EntryOf, JobEntry } from './entry.js';

/** A job comes to its end, for this reason: a sentence for people. */
export function endJob(outcome: JobOutcome, reason: string): EntryOf<'ending'> {
  return { type: 'ending', data: { outcome, reason } };
}

/** A job waits until an instant and goes on at `resume`. `counted`: as one more of its tries. */
export function waitJob(
  wait: WaitReason,
  {
    counted = false,
    ...request
  }: Omit<EntryOf<'waiting'>['data'], 'wait' | 'counted'> & { readonly counted?: boolean },
): EntryOf<'waiting'> {
  return { type: 'waiting', data: { wait, ...request, counted } };
}

/** A job waits for a person's answer, and goes on at `resume` then. */
export function askPerson(reason: string, resume: EntryOf<'waiting'>['data']['resume']): EntryOf<'waiting'> {
  return waitJob('needs-person', { until: never, reason, resume });
}

/** An entry as the store gives it back. Only the engine writes the journal, so its entries are what `JobEntry` says. */
export function readEntry({ type, data }: Pick<JournalEntry, 'type' | 'data'>): JobEntry {
  return { type, data } as unknown as JobEntry;
}
