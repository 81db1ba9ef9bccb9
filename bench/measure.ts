import type { Finding, Spread } from './finding.ts';

/** Measures one round of a side: what it returns counts, so that what it prepares and clears away doesn't. */
export type Side = (round: number) => Promise<number>;

/** Values of each side, by name, in order of the rounds. */
export type Measured<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/**
 * Measures all sides in every round, each round beginning with another side: what the machine does to one side
 * it does to all. The first `warmUps` rounds don't count.
 */
export async function interleave<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  options: { readonly rounds: number; readonly warmUps?: number },
): Promise<Measured<Name>> {
  const names = Object.keys(sides) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  const warmUps = options.warmUps ?? 1;
  for (let round = 0; round < warmUps + options.rounds; round += 1) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const value = await sides[name](round);
      if (round >= warmUps) values[name].push(value);
    }
  }
  return values;
}

/** Milliseconds that something took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The value below which so large a share lies, by linear interpolation. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (low === undefined || high === undefined) throw new Error('There is nothing to take a quantile of.');
  return low + (high - low) * (at - Math.floor(at));
}

export function spread(values: readonly number[], unit: Spread['unit'] = 'ms'): Spread {
  return { unit, median: quantile(values, 0.5), minimum: Math.min(...values), maximum: Math.max(...values), values };
}

/** `ours` against `theirs`, both measured in the same rounds. A limit of null: told, but no goal. */
export function compare(
  goal: string,
  limit: number | null,
  ours: { readonly name: string; readonly values: readonly number[] },
  theirs: { readonly name: string; readonly values: readonly number[] },
  unit: Spread['unit'] = 'ms',
): Finding {
  if (ours.values.length !== theirs.values.length) throw new Error(`${goal}: the sides were not measured in pairs.`);
  const ratios = ours.values.map((value, round) => value / (theirs.values[round] ?? Number.NaN));
  const [left, right] = [spread(ours.values, unit), spread(theirs.values, unit)];
  return {
    goal,
    unit: 'ratio',
    measured: left.median / right.median,
    range: { minimum: Math.min(...ratios), maximum: Math.max(...ratios) },
    limit: limit === null ? null : { rule: 'at most', value: limit },
    sides: { [ours.name]: left, [theirs.name]: right },
  };
}
