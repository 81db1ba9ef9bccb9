import type { Spread } from './measure.ts';

/** What a benchmark is given. */
export interface BenchmarkContext {
  /** Fewer rounds: for a first look, not for a judgement. */
  readonly quick: boolean;
  /** An empty directory on the disk. Absolute. The caller removes it. */
  readonly disk: string;
  /** An empty directory in memory where there is room for big trees; else the same as `disk`. */
  readonly memory: string;
  /** Aborted by an interrupt: every process that a benchmark starts is to end by it. */
  readonly signal: AbortSignal;
  /** Says what is going on. */
  tell(line: string): void;
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

/** One file of this folder. */
export interface Benchmark {
  /** The name of the file. */
  readonly name: string;
  run(context: BenchmarkContext): Promise<readonly Finding[]>;
}

/** Whether a finding keeps to its limit; null where it has none. */
export function isMet({ limit, measured }: Finding): boolean | null {
  if (limit === null) return null;
  return limit.rule === 'exactly' ? measured === limit.value : measured <= limit.value;
}
