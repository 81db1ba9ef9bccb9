import type { Job, JobStore } from '@baton/core';
import type { JobEntry } from '../../../src/job/entry.js';

/** A job's history. Only the engine writes it, so its entries are what `JobEntry` says. */
export async function journalOf(store: JobStore, { id }: Pick<Job, 'id'>): Promise<readonly DatedEntry[]> {
  const entries = await Array.fromAsync(store.journal(id, 0));
  return entries.map(({ at, type, data }) => ({ at, entry: { type, data } as unknown as JobEntry }));
}

/** An entry, and when it was. */
export interface DatedEntry {
  readonly at: number;
  readonly entry: JobEntry;
}

/** What one record of a job added to its history. */
export function entriesOf(change: {
  readonly entries: readonly { readonly type: string; readonly data: unknown }[];
}): readonly JobEntry[] {
  return change.entries as unknown as readonly JobEntry[];
}
