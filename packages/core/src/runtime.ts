import type { CallOptions } from './adapter.js';

/**
 * Epoch milliseconds. Contracts carry instants, never durations measured from "now", save where a store
 * judges by its own clock.
 */
export type Instant = number;

/** Time, as the engine sees it. A virtual one runs the whole engine in a simulator. */
export interface Clock {
  /** The wall clock. May jump, forwards and back: fit for dates that people read, never for durations. */
  now(): Instant;
  /**
   * Milliseconds that never go back and don't count the machine's sleep as work. For durations, stalls and
   * deadlines within one process; says nothing between two.
   */
  monotonic(): number;
  /** Resolves after so many milliseconds of `monotonic`. An abort rejects with its reason and leaves no timer. */
  sleep(milliseconds: number, options?: CallOptions): Promise<void>;
}

/** Everything that would make a run differ from its replay comes from here: the engine touches no global. */
export interface Runtime {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  /**
   * A new id that begins with the first letter of `kind`, e.g. `id('job')` → `'j7f3k9q'`: lower-case letters
   * and digits, safe in file names, branch names and URLs. No two are equal on one machine.
   */
  id(kind: string): string;
}
