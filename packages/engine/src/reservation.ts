import type { Amount, Settlement } from '@baton/core';
import type { JobEntry } from './entry.js';
import type { FoldedJob } from './job-data.js';

/** Money that is set aside for one turn. */
export interface Reserved {
  readonly id: string;
  /** One and the same amount in each scope that limits it. */
  readonly amounts: readonly Amount[];
  /** What it is less than the job could use: nothing, or the rest of the project's day. */
  readonly boundBy: 'job' | 'day';
  /** Whether its turn was begun, so that it may have cost something. */
  readonly begun: boolean;
}

/**
 * What the ledger is told with these entries: a reservation that the job has no more is replaced by what its turn
 * cost. A turn that ended, or whose worker died in it, and that told nothing of its cost is taken to have cost all
 * that was set aside. Pure.
 */
export function settlementsOf(
  before: FoldedJob,
  entries: readonly JobEntry[],
  after: FoldedJob,
): readonly Settlement[] {
  const { reserved } = before.data;
  if (reserved === null || after.data.reserved?.id === reserved.id) return [];
  const cost = costOf(before, reserved, entries);
  const actual = reserved.amounts.map(({ scope, period, unit, amount }) => ({
    ...{ scope, period, unit },
    amount: cost ?? amount,
  }));
  return [{ id: reserved.id, actual }];
}

/** In micro-dollars. Null: nobody knows, so that it can have been all. */
function costOf({ data }: FoldedJob, reserved: Reserved, entries: readonly JobEntry[]): number | null {
  const ended = entries.find((entry) => entry.type === 'turn-ended')?.data;
  if (ended) {
    // A provider that could not be asked was paid nothing.
    const isUnasked = ended.outcome === 'unavailable' && ended.usage.inputTokens === null;
    return ended.usage.microUsd ?? (isUnasked ? 0 : null);
  }
  const hasDied = reserved.begun && entries.some((entry) => entry.type === 'turn-lost');
  return data.turnUsage.microUsd ?? (hasDied ? null : 0);
}
