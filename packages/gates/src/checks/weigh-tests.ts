import type { CheckRun, TestResult } from '@baton/core';
import type { BaseState } from './decide-check.js';
import { type MatchedTests, matchTests } from './match-tests.js';

/** What the tests of a result are beside those of the base, by name. */
export interface WeighedTests {
  /** Fail here, did not on the base, and may not. */
  readonly newFailures: readonly string[];
  /** Fail here, and whether they failed on the base can't be told. */
  readonly unclear: readonly string[];
  /** Fail here, and failed on the base. */
  readonly known: readonly string[];
  /** Fail here, did not on the base, and may by the operator's word. */
  readonly allowed: readonly string[];
  /** Passed on the base, not there any more. */
  readonly vanished: readonly string[];
  /** Failed on the base, not there any more. */
  readonly goneFailures: readonly string[];
  /** Ran on the base, skipped here. */
  readonly newlySkipped: readonly string[];
  /** New here, and skipped. */
  readonly bornSkipped: readonly string[];
  /** Names of several tests that differ in how they ended and in nothing else. */
  readonly mixed: readonly string[];
  /** Names that were matched without the part that changes from run to run. */
  readonly masked: readonly string[];
}

/** What is known of the base where it doesn't tell of a test. */
type Silence = 'did-not-fail' | 'cannot-be-told';

const silenceOf: Readonly<Record<BaseState, Silence>> = {
  absent: 'did-not-fail',
  green: 'did-not-fail',
  red: 'cannot-be-told',
  'timed-out': 'cannot-be-told',
  // What never ran there says nothing of what is red here: it came with the change.
  'could-not-start': 'did-not-fail',
};

/** Sets the tests of two runs beside one another. `base`: null where it told none. */
export function weighTests(
  base: { readonly run: CheckRun | null; readonly state: BaseState; readonly tests: readonly TestResult[] | null },
  result: readonly TestResult[],
  allowed: ReadonlySet<string>,
): WeighedTests {
  const told = base.tests !== null && base.run?.incomplete === undefined;
  const silence = told ? 'did-not-fail' : silenceOf[base.state];
  const weighed = matchTests(base.tests ?? [], result).map((group) => weighGroup(group, silence, allowed));
  const all = (key: keyof WeighedTests): readonly string[] => weighed.flatMap((each) => each[key] ?? []);
  return {
    newFailures: all('newFailures'),
    unclear: all('unclear'),
    known: all('known'),
    allowed: all('allowed'),
    vanished: all('vanished'),
    goneFailures: all('goneFailures'),
    newlySkipped: all('newlySkipped'),
    bornSkipped: base.tests === null ? [] : all('bornSkipped'),
    mixed: all('mixed'),
    masked: all('masked'),
  };
}

function weighGroup(group: MatchedTests, silence: Silence, allowed: ReadonlySet<string>): Partial<WeighedTests> {
  const { base, result } = group;
  const before = sortOut(base);
  const now = sortOut(result);
  const mayFail = (test: TestResult): boolean => allowed.has(test.name) || allowed.has(test.sharedName ?? test.name);
  // Where all of the name failed there, each that fails here did, if there are no more of them.
  const allFailed = base.length > 0 && before.failed.length === base.length && result.length <= base.length;
  const excused = allFailed ? [] : now.failed.filter(mayFail);
  const failing = allFailed ? now.failed : now.failed.filter((test) => !mayFail(test));
  const lost = Math.max(0, base.length - result.length);
  const vanished = before.passed.slice(0, lost);
  const untold = base.length === 0 && silence === 'cannot-be-told';
  return {
    known: allFailed ? namesOf(failing) : [],
    allowed: namesOf(excused),
    newFailures: allFailed || untold ? [] : namesOf(failing.slice(before.failed.length)),
    unclear: allFailed ? [] : namesOf(untold ? failing : failing.slice(0, before.failed.length)),
    vanished: namesOf(vanished),
    goneFailures: namesOf(before.failed.slice(0, lost - vanished.length)),
    newlySkipped: base.length === 0 ? [] : namesOf(now.skipped.slice(before.skipped.length)),
    bornSkipped: base.length === 0 ? namesOf(now.skipped) : [],
    mixed: isMixed(base) && isMixed(result) ? [group.name] : [],
    masked: group.masked ? [group.name] : [],
  };
}

function isMixed(tests: readonly TestResult[]): boolean {
  return new Set(tests.map(({ status }) => status)).size > 1;
}

function sortOut(tests: readonly TestResult[]): Readonly<Record<TestResult['status'], readonly TestResult[]>> {
  const of = (wanted: TestResult['status']): readonly TestResult[] => tests.filter(({ status }) => status === wanted);
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}

function namesOf(tests: readonly TestResult[]): readonly string[] {
  return tests.map(({ name }) => name);
}
