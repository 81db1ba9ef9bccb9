import { type Amount, BatonError, type JobLease, type Settlement } from '@baton/core';
import { z } from 'zod';
import type { Connection } from './connection.js';
import { getHeld, type JobRow } from './job-row.js';

type Where = Pick<Amount, 'scope' | 'period' | 'unit'>;
type Spent = Where & Pick<Amount, 'amount'>;

const sql = {
  find: 'SELECT settled, amounts FROM reservations WHERE job = :job AND id = :id',
  reserve: 'INSERT INTO reservations (job, id, settled, amounts) VALUES (:job, :id, 0, :amounts)',
  settle: 'UPDATE reservations SET settled = 1, amounts = :amounts WHERE job = :job AND id = :id',
  total: 'SELECT amount FROM totals WHERE scope = :scope AND period = :period AND unit = :unit',
  add: `INSERT INTO totals (scope, period, unit, amount) VALUES (:scope, :period, :unit, :amount)
    ON CONFLICT (scope, period, unit) DO UPDATE SET amount = amount + excluded.amount`,
};

/** `JobStore.spent`. */
export function getSpent(connection: Connection, { scope, period, unit }: Where): number {
  return connection.get<{ amount: number }>(sql.total, { scope, period, unit })?.amount ?? 0;
}

/** `JobStore.reserve`, inside a transaction. */
export function reserveSpend(connection: Connection, lease: JobLease, id: string, amounts: readonly Amount[]): boolean {
  const job = getHeld(connection, lease).number;
  if (connection.get(sql.find, { job, id })) return true;
  const added = new Map<string, number>();
  for (const each of amounts) {
    const key = JSON.stringify([each.scope, each.period, each.unit]);
    const sum = (added.get(key) ?? getSpent(connection, each)) + each.amount;
    if (sum > each.cap) return false;
    added.set(key, sum);
  }
  add(connection, amounts, 1);
  connection.run(sql.reserve, { job, id, amounts: serialize(amounts) });
  return true;
}

/** Closes a reservation of a job, inside the transaction that records why. */
export function settleSpend(
  connection: Connection,
  held: Pick<JobRow, 'id' | 'number'>,
  { id, actual }: Settlement,
): void {
  const job = held.number;
  const found = connection.get<{ settled: number; amounts: string }>(sql.find, { job, id });
  if (!found) {
    throw new BatonError('NOT_FOUND', `Job ${held.id} has no reservation ${id} to settle.`, {
      details: { resource: `reservation ${id}` },
      adapter: 'sqlite',
    });
  }
  if (found.settled === 1) return;
  add(connection, parseAmounts(found.amounts), -1);
  add(connection, actual, 1);
  connection.run(sql.settle, { job, id, amounts: serialize(actual) });
}

function add(connection: Connection, amounts: readonly Spent[], sign: 1 | -1): void {
  for (const { scope, period, unit, amount } of amounts) {
    connection.run(sql.add, { scope, period, unit, amount: sign * amount });
  }
}

const amountsShape = z.array(
  z.looseObject({ scope: z.string(), period: z.string(), unit: z.enum(['micro-usd', 'tokens']), amount: z.number() }),
);

/** What `serialize` wrote. A `SyntaxError` where it is damaged. */
function parseAmounts(text: string): readonly Spent[] {
  const parsed = amountsShape.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new SyntaxError('The amounts of a reservation are damaged.');
}

function serialize(amounts: readonly Spent[]): string {
  return JSON.stringify(amounts.map(({ scope, period, unit, amount }) => ({ scope, period, unit, amount })));
}
