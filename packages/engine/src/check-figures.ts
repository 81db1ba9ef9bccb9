import type { CheckEvidence, CheckRun } from '@baton/core';

/** A run of a check, small enough to be stored with the job: counts in place of the tests' names. */
export interface RunFigures {
  /** Null when a signal or the time limit ended it. */
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly timedOut: boolean;
  /** Null where the command left no report. */
  readonly tests: { readonly passed: number; readonly failed: number; readonly skipped: number } | null;
  readonly excerpt: string;
}

/** What was measured of one check, small enough to be stored with the job. */
export interface CheckFigures {
  readonly name: string;
  readonly base: RunFigures | null;
  readonly head: RunFigures | null;
  readonly basis: CheckEvidence['basis'];
  readonly knownFailures: readonly string[];
  readonly notes: readonly string[];
}

const longestExcerpt = 2000;

/** Counts what a check's evidence lists. */
export function mapCheckFigures(evidence: CheckEvidence): CheckFigures {
  return { ...evidence, base: mapRun(evidence.base), head: mapRun(evidence.head) };
}

function mapRun(run: CheckRun | null): RunFigures | null {
  if (run === null) return null;
  const count = (status: string): number => run.tests?.filter((test) => test.status === status).length ?? 0;
  return {
    exitCode: run.exitCode,
    durationMs: run.durationMs,
    timedOut: run.timedOut,
    tests: run.tests && { passed: count('passed'), failed: count('failed'), skipped: count('skipped') },
    excerpt: run.excerpt.slice(-longestExcerpt).toWellFormed(),
  };
}
