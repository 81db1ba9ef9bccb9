import type { CheckEvidence, CheckRun } from '@baton/core';
import { oneLine } from '../text/untrusted-text.js';

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
  /** Absent on the base, where its gate doesn't tell, and in what an earlier version stored. */
  readonly verdict?: NonNullable<CheckEvidence['verdict']>;
  /** How many tests fail that neither failed on the base nor may, and the first of them. Absent: none is known by name. */
  readonly newFailures?: { readonly count: number; readonly names: readonly string[] };
  readonly knownFailures: readonly string[];
  readonly notes: readonly string[];
}

const longestExcerpt = 2000;
const mostNames = 5;
const longestName = 200;

/** Counts what a check's evidence lists. */
export function mapCheckFigures(evidence: CheckEvidence): CheckFigures {
  const { newFailures = [], ...rest } = evidence;
  const names = newFailures.slice(0, mostNames).map((name) => oneLine(name, longestName));
  return {
    ...rest,
    ...(names.length > 0 && { newFailures: { count: newFailures.length, names } }),
    base: mapRun(evidence.base),
    head: mapRun(evidence.head),
  };
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
