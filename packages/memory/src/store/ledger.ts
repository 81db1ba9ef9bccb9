import { type Amount, BatonError, type Settlement } from '@baton/core';

type Spent = Pick<Amount, 'scope' | 'period' | 'unit' | 'amount'>;

/** What was set aside and what it came to. Ids are told apart by job. */
export interface MemoryLedger {
  reserve(jobId: string, id: string, amounts: readonly Amount[]): boolean;
  /** All of them or, where one was never reserved, none. */
  settle(jobId: string, settlements: readonly Settlement[]): void;
  spent(query: Omit<Spent, 'amount'>): number;
}

/** A ledger in memory, by the rules of `JobStore`. */
export function createMemoryLedger(): MemoryLedger {
  const totals = new Map<string, number>();
  const entries = new Map<string, { settled: boolean; amounts: readonly Spent[] }>();
  const keyOf = (query: Omit<Spent, 'amount'>): string => JSON.stringify([query.scope, query.period, query.unit]);
  const total = (query: Omit<Spent, 'amount'>): number => totals.get(keyOf(query)) ?? 0;
  const add = (amounts: readonly Spent[], sign: 1 | -1): void => {
    for (const each of amounts) totals.set(keyOf(each), total(each) + sign * each.amount);
  };
  const pick = (amounts: readonly Spent[]): readonly Spent[] =>
    amounts.map(({ scope, period, unit, amount }) => ({ scope, period, unit, amount }));
  return {
    reserve(jobId, id, amounts) {
      const key = JSON.stringify([jobId, id]);
      if (entries.has(key)) return true;
      add(amounts, 1);
      if (amounts.some((each) => total(each) > each.cap)) {
        add(amounts, -1);
        return false;
      }
      entries.set(key, { settled: false, amounts: pick(amounts) });
      return true;
    },
    settle(jobId, settlements) {
      const found = settlements.map(({ id, actual }) => {
        const entry = entries.get(JSON.stringify([jobId, id]));
        if (entry) return { entry, actual };
        throw new BatonError('NOT_FOUND', `Job ${jobId} has no reservation ${id} to settle.`, {
          details: { resource: `reservation ${id}` },
          adapter: 'memory',
        });
      });
      for (const { entry, actual } of found) {
        if (entry.settled) continue;
        add(entry.amounts, -1);
        entry.settled = true;
        entry.amounts = pick(actual);
        add(entry.amounts, 1);
      }
    },
    spent: total,
  };
}
