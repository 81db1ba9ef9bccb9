/** How a run ended. `could-not-start`: exit code 126 or 127 without a report. */
export type RunState = 'green' | 'red' | 'timed-out' | 'could-not-start';

/** The base: as it ended, or not measured. */
export type BaseState = 'absent' | RunState;

/** Endings of a run whose report was read. */
export type Ended = 'green' | 'red';

/** What is known where the result tells no test. */
export type Reports =
  /** None is configured: exit codes are all there is. */
  | 'none'
  /** One is configured, and neither base nor result left a test that can be read. */
  | 'unread'
  /** The base told its tests, the result doesn't. */
  | 'lost';

/** What the tests of a result tell beside those of the base: the first that holds. */
export type Failures =
  /** A test fails that didn't fail on the base and may not. */
  | 'new'
  /** The result's report says that it is not whole, the base's doesn't. */
  | 'broken-off'
  /** Tests fail of which can't be told whether they failed on the base. */
  | 'unclear'
  /** Tests fail that may by the operator's word, and none else but those of the base. */
  | 'allowed'
  /** Only tests fail that failed on the base. */
  | 'known'
  | 'none';

/** Which states the base can be in for each. */
export interface BaseOfReports {
  readonly none: BaseState;
  readonly unread: BaseState;
  readonly lost: Ended;
}

/** Which states the base can be in for each. */
export interface BaseOfFailures {
  readonly new: BaseState;
  readonly 'broken-off': BaseState;
  readonly unclear: Exclude<BaseState, 'absent' | 'could-not-start'>;
  readonly allowed: BaseState;
  readonly known: Ended;
  readonly none: BaseState;
}

/** What one check says of a tree. */
export type Verdict = 'pass' | 'rework' | 'hold' | 'not-run';

/** What follows from a situation. */
export interface Rule {
  readonly verdict: Verdict;
  /** Whether another run could tell otherwise, so that it is worth one. */
  readonly again: boolean;
  /** `{result}` and `{base}`: how they ended. `{Result}`: at the beginning of a sentence. `{tests}`: which tests. */
  readonly words: string;
}

const ruleTable = {
  'exit-0': { verdict: 'pass', again: false, words: 'Exit code 0.' },
  'turned-red': { verdict: 'rework', again: true, words: '{Result}; on the base: {base}.' },
  'red-unmeasured': { verdict: 'rework', again: true, words: '{Result}.' },
  hangs: { verdict: 'rework', again: false, words: '{Result}; on the base: {base}.' },
  'hangs-unmeasured': { verdict: 'rework', again: false, words: '{Result}.' },
  'red-on-both': {
    verdict: 'hold',
    again: false,
    words:
      "Red on the base already, and red here: {base} there, {result} here. Exit codes can't tell an old failure from a new one.",
  },
  'cannot-run': { verdict: 'not-run', again: false, words: 'It could not be run: {result}; on the base: {base}.' },
  'cannot-run-unmeasured': { verdict: 'not-run', again: false, words: 'It could not be run: {result}.' },
  'no-report': {
    verdict: 'hold',
    again: false,
    words:
      "Exit code 0, but no test of it was told, on the base neither ({base}): whether it tests anything can't be known.",
  },
  'no-report-unmeasured': {
    verdict: 'hold',
    again: false,
    words: "Exit code 0, but it should tell its tests and told none: whether it tests anything can't be known.",
  },
  'report-lost': {
    verdict: 'hold',
    again: false,
    words: 'Exit code 0, but {tests}, this left no report that can be read.',
  },
  'red-report-lost': {
    verdict: 'rework',
    again: true,
    words: '{Result}; {tests}, this left no report that can be read.',
  },
  'hangs-report-lost': { verdict: 'rework', again: false, words: '{Result}; on the base: {base}.' },
  'no-new-failure': { verdict: 'pass', again: false, words: 'No test fails that did not fail before.' },
  'new-failures': { verdict: 'rework', again: true, words: '{tests}.' },
  'broken-off': { verdict: 'rework', again: true, words: 'Its report breaks off: {tests}' },
  'cannot-be-told': { verdict: 'hold', again: false, words: '{tests}' },
  'no-test-failed': { verdict: 'rework', again: true, words: '{Result}, though no test failed.' },
  'no-test-failed-on-red': {
    verdict: 'hold',
    again: false,
    words: "{Result}, though no test failed; the base was red too ({base}), so whether this is new can't be told.",
  },
  'known-but-red': {
    verdict: 'rework',
    again: true,
    words: '{Result}, though only tests fail that failed on the base, which ended with exit code 0.',
  },
  'red-but-green': {
    verdict: 'hold',
    again: false,
    words: 'Exit code 0, though tests fail as they did on the base, which was red for it ({base}).',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** The name of a rule, as `docs/verdicts.md` has it. */
export type RuleName = keyof typeof ruleTable;

/** Every rule by its name. */
export const rules: Readonly<Record<RuleName, Rule>> = ruleTable;

type Cells<Base extends BaseState, Result extends RunState> = Readonly<
  Record<Base, Readonly<Record<Result, RuleName>>>
>;

/** The verdict where the result tells no test. A situation without a cell does not compile. */
export const verdictsByExitCode: { readonly [R in Reports]: Cells<BaseOfReports[R], RunState> } = {
  none: {
    absent: {
      green: 'exit-0',
      red: 'red-unmeasured',
      'timed-out': 'hangs-unmeasured',
      'could-not-start': 'cannot-run-unmeasured',
    },
    green: { green: 'exit-0', red: 'turned-red', 'timed-out': 'hangs', 'could-not-start': 'turned-red' },
    red: { green: 'exit-0', red: 'red-on-both', 'timed-out': 'hangs', 'could-not-start': 'turned-red' },
    'timed-out': { green: 'exit-0', red: 'red-on-both', 'timed-out': 'red-on-both', 'could-not-start': 'turned-red' },
    // What never ran there says nothing of what is red here: it came with the change.
    'could-not-start': { green: 'exit-0', red: 'turned-red', 'timed-out': 'hangs', 'could-not-start': 'cannot-run' },
  },
  unread: {
    absent: {
      green: 'no-report-unmeasured',
      red: 'red-unmeasured',
      'timed-out': 'hangs-unmeasured',
      'could-not-start': 'cannot-run-unmeasured',
    },
    // Green on both, and never a report: it is the setting that is wrong, not the change.
    green: { green: 'exit-0', red: 'turned-red', 'timed-out': 'hangs', 'could-not-start': 'turned-red' },
    red: { green: 'no-report', red: 'red-on-both', 'timed-out': 'hangs', 'could-not-start': 'turned-red' },
    'timed-out': {
      green: 'no-report',
      red: 'red-on-both',
      'timed-out': 'red-on-both',
      'could-not-start': 'turned-red',
    },
    'could-not-start': {
      green: 'no-report',
      red: 'turned-red',
      'timed-out': 'hangs',
      'could-not-start': 'cannot-run',
    },
  },
  lost: {
    green: {
      green: 'report-lost',
      red: 'red-report-lost',
      'timed-out': 'hangs-report-lost',
      'could-not-start': 'red-report-lost',
    },
    red: {
      green: 'report-lost',
      red: 'red-report-lost',
      'timed-out': 'hangs-report-lost',
      'could-not-start': 'red-report-lost',
    },
  },
};

const always = <Name extends RuleName>(rule: Name): Readonly<Record<Ended, Name>> => ({ green: rule, red: rule });

/** The verdict where the result tells its tests. A situation without a cell does not compile. */
export const verdictsByTests: { readonly [F in Failures]: Cells<BaseOfFailures[F], Ended> } = {
  new: {
    absent: always('new-failures'),
    green: always('new-failures'),
    red: always('new-failures'),
    'timed-out': always('new-failures'),
    'could-not-start': always('new-failures'),
  },
  'broken-off': {
    absent: always('broken-off'),
    green: always('broken-off'),
    red: always('broken-off'),
    'timed-out': always('broken-off'),
    'could-not-start': always('broken-off'),
  },
  unclear: {
    green: always('cannot-be-told'),
    red: always('cannot-be-told'),
    'timed-out': always('cannot-be-told'),
  },
  allowed: {
    absent: always('no-new-failure'),
    green: always('no-new-failure'),
    red: { green: 'red-but-green', red: 'no-new-failure' },
    'timed-out': always('no-new-failure'),
    'could-not-start': always('no-new-failure'),
  },
  known: {
    green: { green: 'no-new-failure', red: 'known-but-red' },
    red: { green: 'red-but-green', red: 'no-new-failure' },
  },
  none: {
    absent: { green: 'no-new-failure', red: 'no-test-failed' },
    green: { green: 'no-new-failure', red: 'no-test-failed' },
    red: { green: 'no-new-failure', red: 'no-test-failed-on-red' },
    'timed-out': { green: 'no-new-failure', red: 'no-test-failed-on-red' },
    'could-not-start': { green: 'no-new-failure', red: 'no-test-failed' },
  },
};

/** What becomes of a verdict where tests of the base are not there any more, or don't run. */
export const verdictsWithLosses: Readonly<Record<Verdict, Verdict>> = {
  pass: 'hold',
  rework: 'rework',
  hold: 'hold',
  'not-run': 'not-run',
};

/** What a run's own output says against it, where that of the base's run doesn't likewise: all that hold. */
export type Doubt =
  /** It tells more failed tests than the report, or some where there is no report and the exit code is 0. */
  | 'tells-failures'
  /** A runner that sums up on the base doesn't here. */
  | 'falls-silent'
  /** It is longer than is kept, and runners sum up on the base. */
  | 'was-cut';

/**
 * What is said of each. `{Report}`: what else there is of the run, and what that says. `{failed}`: how many tests the
 * output tells as failed. `{runners}`: which are silent, or cut. `{kept}`: how much is kept.
 */
export const doubts: Readonly<Record<Doubt, string>> = {
  'tells-failures': '{Report}; its output says that {failed} failed.',
  'falls-silent':
    'On the base its output sums up what was tested ({runners}), here it does not: nothing that it printed says that it passed.',
  'was-cut':
    'It printed more than the {kept} that are kept, and the base did not: what its output says of failures ({runners}) may be in what was dropped.',
};

/** What a reader is told where the base tells failures in its output likewise, so that nothing follows. */
export const noWitness =
  'Its output tells of failures that nothing else does, on the base too, so it is not held against it.';

/** What becomes of a verdict where the output raises a doubt. */
export const verdictsWithDoubts: Readonly<Record<Verdict, Verdict>> = {
  pass: 'hold',
  rework: 'rework',
  hold: 'hold',
  'not-run': 'not-run',
};
