import { type CheckRun, formatDuration } from '@baton/core';
import { listNames } from '../text/clean-output.js';
import {
  type BaseState,
  type Ended,
  type Rule,
  type RuleName,
  type RunState,
  rules,
  verdictsByExitCode,
  verdictsByTests,
  verdictsWithLosses,
} from './decide-check.js';
import { type WeighedTests, weighTests } from './weigh-tests.js';

/** What one check says of a tree. */
export interface Comparison {
  readonly verdict: 'pass' | 'rework' | 'hold' | 'not-run';
  readonly basis: 'tests' | 'exit-code' | 'not-run';
  /** One sentence without the name of the check: `2 tests fail that passed on the base.` */
  readonly reason: string;
  /** Tests that fail here and may not. */
  readonly newFailures: readonly string[];
  /** Tests that fail here and may. */
  readonly knownFailures: readonly string[];
  /** Passed on the base, not there any more. */
  readonly vanished: readonly string[];
  /** Ran on the base, skipped here. */
  readonly newlySkipped: readonly string[];
  /** Tracked files that the run changed, and that the base's run leaves alone: see `refuseAlteration`. */
  readonly altered: readonly string[];
  readonly notes: readonly string[];
  /** Whether another run could tell otherwise. */
  readonly mayBeFlaky: boolean;
}

/** What a comparison needs beside the runs. */
export interface ComparisonRules {
  /** Names of tests that may fail. */
  readonly allowed: ReadonlySet<string>;
  /** Whether the command is to leave a report. */
  readonly reports: boolean;
}

/**
 * Sets a run on the result beside the run on the base: test by test where the result tells its tests, else by exit
 * code. What follows is in the tables of `decide-check.ts`, which `docs/verdicts.md` shows.
 */
export function compareRuns(base: CheckRun | null, result: CheckRun, given: ComparisonRules): Comparison {
  const state = base === null ? 'absent' : stateOf(base);
  const before = base === null || base.timedOut || base.tests?.length === 0 ? null : base.tests;
  const now = result.timedOut ? null : result.tests;
  if (now !== null && (now.length > 0 || before !== null)) {
    const weighed = weighTests({ run: base, state, tests: before }, now, given.allowed);
    return byTests({ base, before, state, result, weighed });
  }
  return byExitCode(base, before, result, given.reports);
}

/** How a run ended, as people say it. */
export function describeEnding(run: Pick<CheckRun, 'exitCode' | 'timedOut' | 'durationMs'>): string {
  if (run.timedOut) return `did not finish within ${formatDuration(run.durationMs)}`;
  if (run.exitCode === null) return 'was ended by a signal';
  if (run.exitCode === 127) return 'exit code 127 (command not found)';
  if (run.exitCode === 126) return 'exit code 126 (not executable)';
  // What a shell tells of a child that a signal ended (POSIX: above 128).
  if (run.exitCode > 128 && run.exitCode < 160) {
    return `exit code ${run.exitCode} (ended by signal ${run.exitCode - 128})`;
  }
  return `exit code ${run.exitCode}`;
}

function stateOf(run: CheckRun): RunState {
  if (run.timedOut) return 'timed-out';
  if (run.tests === null && (run.exitCode === 126 || run.exitCode === 127)) return 'could-not-start';
  return endedOf(run);
}

function endedOf(run: CheckRun): Ended {
  return run.exitCode === 0 ? 'green' : 'red';
}

function byExitCode(base: CheckRun | null, before: CheckRun['tests'], result: CheckRun, reports: boolean): Comparison {
  const now = stateOf(result);
  const rule =
    rules[
      base !== null && before !== null
        ? verdictsByExitCode.lost[endedOf(base)][now]
        : verdictsByExitCode[reports ? 'unread' : 'none'][base === null ? 'absent' : stateOf(base)][now]
    ];
  const reason = fill(rule.words, base, result, `the base told of ${countOf(before?.length ?? 0, 'test')}`);
  return {
    verdict: rule.verdict,
    basis: rule.verdict === 'not-run' ? 'not-run' : 'exit-code',
    reason,
    newFailures: [],
    knownFailures: [],
    vanished: [],
    newlySkipped: [],
    altered: [],
    notes: [
      ...(rule.verdict === 'hold' ? [reason] : []),
      ...(result.tests?.length === 0 && rule.verdict !== 'hold' ? ['Its report tells of no test.'] : []),
    ],
    mayBeFlaky: rule.again && (base === null || base.exitCode === 0),
  };
}

function byTests(runs: {
  readonly base: CheckRun | null;
  readonly before: CheckRun['tests'];
  readonly state: BaseState;
  readonly result: CheckRun;
  readonly weighed: WeighedTests;
}): Comparison {
  const { base, result, weighed } = runs;
  // A file that failed as a whole on the base tells of its tests once it loads: then there are no fewer.
  const isFewer = (result.tests?.length ?? 0) < (runs.before?.length ?? 0);
  const goneFailures = sentence(weighed.goneFailures, 'failed on the base and', 'not there any more');
  const losses = [
    ...(isFewer ? goneFailures : []),
    ...sentence(weighed.vanished, 'passed on the base and', 'not there any more'),
    ...sentence(weighed.newlySkipped, 'ran on the base and', 'skipped now'),
  ];
  const { rule, tests } = findRule(runs);
  const verdict = losses.length > 0 ? verdictsWithLosses[rule.verdict] : rule.verdict;
  const reason = fill(rule.words, base, result, tests);
  return {
    verdict,
    basis: 'tests',
    reason:
      verdict === rule.verdict && verdict !== 'hold'
        ? reason
        : [...(rule.verdict === 'pass' ? [] : [reason]), ...losses].join(' '),
    newFailures: weighed.newFailures,
    knownFailures: [...weighed.known, ...weighed.allowed],
    vanished: weighed.vanished,
    newlySkipped: weighed.newlySkipped,
    altered: [],
    notes: [
      ...(rule.verdict === 'hold' ? [reason] : []),
      ...losses,
      ...(isFewer ? [] : goneFailures),
      ...sentence(weighed.bornSkipped, 'new and', 'skipped'),
      ...describeNames(weighed),
      ...(result.incomplete === undefined || rule.verdict === 'hold' ? [] : [result.incomplete]),
    ],
    mayBeFlaky: rule.again,
  };
}

/** Which rule of the table holds, and what its words say of tests. */
function findRule({ base, before, state, result, weighed }: Parameters<typeof byTests>[0]): {
  readonly rule: Rule;
  readonly tests: string;
} {
  const now = endedOf(result);
  const cut = result.incomplete;
  const name = (rule: RuleName, tests = ''): { readonly rule: Rule; readonly tests: string } => ({
    rule: rules[rule],
    tests,
  });
  if (weighed.newFailures.length > 0) {
    const fails = weighed.newFailures.length === 1 ? 'fails' : 'fail';
    const what = `${countOf(weighed.newFailures.length, 'test')} ${fails} that ${base === null ? 'may not' : 'did not fail on the base'}`;
    return name(verdictsByTests.new[state][now], what);
  }
  const cutBefore = before === null ? undefined : base?.incomplete;
  if (cut !== undefined && cutBefore === undefined) return name(verdictsByTests['broken-off'][state][now], cut);
  const told = before === null || base === null ? null : endedOf(base);
  const unclear =
    cut === undefined
      ? describeUnclear(weighed.unclear, told !== null)
      : `${cut} So did the base's, so what is red here can't be told.`;
  if (unclear !== null) {
    // A base that could not start or was not measured leaves nothing unclear.
    const from = state === 'timed-out' ? state : 'red';
    return name(verdictsByTests.unclear[told ?? from][now], unclear);
  }
  if (weighed.allowed.length > 0) return name(verdictsByTests.allowed[state][now]);
  // Only a base that told its tests knows failures.
  if (weighed.known.length > 0) return name(verdictsByTests.known[told ?? 'green'][now]);
  return name(verdictsByTests.none[state][now]);
}

function describeUnclear(names: readonly string[], told: boolean): string | null {
  if (names.length === 0) return null;
  const fail = `${countOf(names.length, 'test')} ${names.length === 1 ? 'fails' : 'fail'}: ${listNames(names)}.`;
  const why = told
    ? "On the base too tests of the same name failed, and not all: which is which can't be told"
    : 'The base was red and told no test';
  return `${fail} ${why}, so whether this is new can't be known.`;
}

function describeNames({ mixed, masked }: WeighedTests): readonly string[] {
  return [
    ...(mixed.length === 0
      ? []
      : [
          `Tests of one name that nothing tells apart, and that did not all end alike, were compared by count: ${listNames(mixed)}.`,
        ]),
    ...(masked.length === 0
      ? []
      : [`Names that change with each run were compared without the part that does: ${listNames(masked)}.`]),
  ];
}

function fill(words: string, base: CheckRun | null, result: CheckRun, tests: string): string {
  const ending = describeEnding(result);
  const put: Readonly<Record<string, string>> = {
    result: ending,
    Result: capitalise(ending),
    base: base === null ? 'not measured' : describeEnding(base),
    tests,
  };
  return words.replace(/\{(\w+)\}/g, (whole, key: string) => put[key] ?? whole);
}

function sentence(names: readonly string[], before: string, now: string): readonly string[] {
  if (names.length === 0) return [];
  const be = names.length === 1 ? 'is' : 'are';
  return [
    `${countOf(names.length, 'test')} ${before === 'new and' ? `${be} ` : ''}${before} ${be} ${now}: ${listNames(names)}.`,
  ];
}

function countOf(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
