/** What a side came to over its rounds. */
export interface Spread {
  readonly unit: 'ms' | 'MiB' | 'count';
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
  /** As they were measured, in order of the rounds. */
  readonly values: readonly number[];
}

/** One line of the table. */
export interface Finding {
  /** What was measured against what. */
  readonly goal: string;
  readonly unit: 'ratio' | 'ms' | 'count';
  /** Of a ratio: the ratio of the two medians. */
  readonly measured: number;
  /** Of a ratio: the smallest and the largest ratio within one round. Null where there are no rounds. */
  readonly range: { readonly minimum: number; readonly maximum: number } | null;
  /** Null: told, but no goal. */
  readonly limit: { readonly rule: 'at most' | 'exactly'; readonly value: number } | null;
  /** Every side as it was measured, by name. */
  readonly sides: Readonly<Record<string, Spread>>;
}

/** Whether a finding keeps to its limit; null where it has none. */
export function isMet({ limit, measured }: Finding): boolean | null {
  if (limit === null) return null;
  return limit.rule === 'exactly' ? measured === limit.value : measured <= limit.value;
}
