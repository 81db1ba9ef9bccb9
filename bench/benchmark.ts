import type { Finding } from './finding.ts';

/** What a benchmark is given. */
export interface BenchmarkContext {
  /** Fewer rounds: for a first look, not for a judgement. */
  readonly quick: boolean;
  /** Tell every request, where it is requests that are counted. */
  readonly verbose: boolean;
  /** An empty directory on the disk. Absolute. The caller removes it. */
  readonly disk: string;
  /** An empty directory in memory where there is room for big trees; else the same as `disk`. */
  readonly memory: string;
  /** Aborted by an interrupt: every process that a benchmark starts is to end by it. */
  readonly signal: AbortSignal;
  /** Says what is going on. */
  tell(line: string): void;
}

/** One file of this folder. */
export interface Benchmark {
  /** The name of the file. */
  readonly name: string;
  run(context: BenchmarkContext): Promise<readonly Finding[]>;
}
