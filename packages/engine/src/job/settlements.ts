import type { Settlement } from '@baton/core';
import type { JobEntry } from './entry.js';
import type { FoldedJob } from './job-data.js';

/**
 * What the ledger is told with these entries: a reservation that the job has no more is replaced by what its turn has
 * told of its cost, however it ended, and be it by the death of its worker. An agent that tells of none can't be held
 * to a limit in money, and costs none here: calls whose cost a provider doesn't say are counted by who makes them. Pure.
 */
export function settlementsOf(
  before: FoldedJob,
  entries: readonly JobEntry[],
  after: FoldedJob,
): readonly Settlement[] {
  const { reserved, turnUsage } = before.data;
  if (reserved === null || after.data.reserved?.id === reserved.id) return [];
  const ended = entries.find((entry) => entry.type === 'turn-ended')?.data;
  const cost = (ended?.usage ?? turnUsage).microUsd ?? 0;
  const actual = reserved.amounts.map(({ scope, period, unit }) => ({ scope, period, unit, amount: cost }));
  return [{ id: reserved.id, actual }];
}
