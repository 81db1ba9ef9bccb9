import type { CheckProof, CheckRun, ShownTest, TestResult, UnshownReason } from '@baton/core';
import { describeEnding } from './compare-runs.js';

/** How a test ended. `absent`: the run doesn't tell of it. */
export type TestState = TestResult['status'] | 'absent';

/** What a test shows that passes on the result. Null: nothing, as it passed before and passes still. */
export type TestVerdict = 'shown' | UnshownReason | null;

/** By how a test ended on the base with the tests of the change, and on the base as it is. */
export const verdictsOfTests: Readonly<Record<TestState, Readonly<Record<TestState, TestVerdict>>>> = {
  failed: { passed: 'shown', failed: 'was-red', skipped: 'shown', absent: 'shown' },
  passed: { passed: null, failed: 'guard', skipped: 'guard', absent: 'guard' },
  skipped: { passed: 'not-run', failed: 'not-run', skipped: 'not-run', absent: 'not-run' },
  absent: { passed: 'not-run', failed: 'not-run', skipped: 'not-run', absent: 'not-run' },
};

/** What is set beside one another. */
export interface ProofRuns {
  /** On the base as it is. Null: nobody measured it. */
  readonly before: CheckRun | null;
  /** On the base with the tests of the change, each time. */
  readonly onBase: readonly [CheckRun, ...CheckRun[]];
  readonly result: CheckRun;
  /** On the result, after those on the base. Null: it was not run again. */
  readonly resultAgain: CheckRun | null;
  /** On the result with the recordings of the base. Null: the change recorded nothing. */
  readonly unrecorded: CheckRun | null;
}

/**
 * Test by test, by name alone: one that goes by another name on either side proves nothing, and one whose name others
 * have neither. `failureOf`: why a test failed on the base, fit to be shown.
 */
export function decideByTests(
  { before, onBase, result, resultAgain, unrecorded }: ProofRuns,
  failureOf: (test: string) => string,
): Pick<Extract<CheckProof, { basis: 'tests' }>, 'shown' | 'unshown'> {
  const [statesBefore, statesBare, statesAfter] = [before, unrecorded, resultAgain].map(statesOf);
  const [statesFirst, ...statesAgain] = onBase.map(statesOf);
  const alike = new Set(onBase.flatMap(({ tests }) => (tests ?? []).flatMap(failedAlike)));
  const judge = ({ name, alikeAs }: TestResult): TestVerdict => {
    const first = stateIn(statesFirst, name);
    const verdict = verdictsOfTests[first][stateIn(statesBefore, name)];
    if (alike.has(alikeAs ?? name) || (alikeAs !== undefined && verdict === 'shown')) return 'alike';
    if (verdict !== 'shown') return verdict;
    if (statesAgain.some((again) => stateIn(again, name) !== first)) return 'flaky';
    if (resultAgain !== null && stateIn(statesAfter, name) !== 'passed') return 'flaky';
    return unrecorded !== null && stateIn(statesBare, name) !== 'passed' ? 'recorded' : 'shown';
  };
  const shown: ShownTest[] = [];
  const unshown: Record<UnshownReason, string[]> = {
    ...{ guard: [], 'not-run': [], 'was-red': [], recorded: [], alike: [], flaky: [] },
  };
  for (const test of result.tests ?? []) {
    const verdict = test.status === 'passed' ? judge(test) : null;
    if (verdict === 'shown') shown.push({ name: test.name, failure: failureOf(test.name) });
    else if (verdict !== null) unshown[verdict].push(test.name);
  }
  return { shown, unshown };
}

type States = ReadonlyMap<string, TestState>;

function statesOf(run: CheckRun | null): States {
  return new Map(run?.tests?.map(({ name, status }) => [name, status]));
}

function stateIn(states: States | undefined, name: string): TestState {
  return states?.get(name) ?? 'absent';
}

/** The name that one that failed has in common with others. */
function failedAlike({ status, alikeAs }: TestResult): readonly string[] {
  return status === 'failed' && alikeAs !== undefined ? [alikeAs] : [];
}

/**
 * By the exit code of the whole command, which may be red for more reasons than a test that fails: only a run that
 * ended by itself counts, and where the result's output sums up tests, one that sums up some that failed.
 */
export function decideByExitCode(
  runs: ProofRuns,
): { readonly isShown: true } | { readonly isShown: false; readonly reason: string } {
  const reason = whyNotByExitCode(runs);
  return reason === null ? { isShown: true } : { isShown: false, reason };
}

function whyNotByExitCode({ before, onBase, result, resultAgain, unrecorded }: ProofRuns): string | null {
  const withTests = 'with the tests of the change';
  const [first, ...again] = onBase;
  if (before === null) return 'What it does on the base is not known.';
  if (before.exitCode !== 0) return 'It was red on the base already, and tells of no test by name.';
  if (result.exitCode !== 0) return 'It is red on the result.';
  if (first.exitCode === 0) return `It is green on the base ${withTests} too.`;
  const unended = onBase.find((run) => !endedByItself(run));
  if (unended !== undefined) return `On the base ${withTests} it ${describeUnended(unended)}.`;
  if (again.some(({ exitCode }) => exitCode === 0)) {
    return `On the base ${withTests} it is red in one run and green in another.`;
  }
  if (resultAgain !== null && resultAgain.exitCode !== 0)
    return 'It is green on the result in one run and not in another.';
  if (unrecorded !== null && unrecorded.exitCode !== 0) return 'It is green only with what the change recorded.';
  const tellsTests = (result.summary?.runners.length ?? 0) > 0;
  if (tellsTests && (first.summary?.failed ?? 0) === 0) {
    return `On the base ${withTests} its output tells of no test that failed: they may not have loaded.`;
  }
  return null;
}

/** A signal, a limit of time and a command that isn't there say nothing of tests. */
function endedByItself({ exitCode, timedOut }: CheckRun): boolean {
  return !timedOut && exitCode !== null && exitCode < 126;
}

function describeUnended(run: CheckRun): string {
  const ending = describeEnding(run);
  return run.exitCode === null || run.timedOut ? ending : `ended with ${ending}`;
}
