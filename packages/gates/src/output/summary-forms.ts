/** A line by which a test runner sums up its tests. */
export interface SummaryForm {
  /** As people name it. Forms of one runner tell of the same tests: the one that tells most counts. */
  readonly runner: string;
  /** The whole line, without colours and without blanks at its end. Takes linear time. */
  readonly line: RegExp;
  /** What it tells of failed tests. All lines of a form are added up. */
  readonly failed: (match: RegExpExecArray) => number;
  /** Whether it is printed by a run without failures too, so that one without it was silenced. */
  readonly always: boolean;
  /** Such a line, as the runner prints it where tests fail. */
  readonly example: string;
  /** What the example tells. */
  readonly tells: number;
}

const one = (): number => 1;
const none = (): number => 0;
/** The groups of the line, added up. */
const groups = ([, ...found]: RegExpExecArray): number => found.reduce((sum, each) => sum + Number(each), 0);
/** The numbers that the pattern finds in the line, added up. */
const numbers =
  (pattern: RegExp) =>
  ({ input }: RegExpExecArray): number =>
    [...input.matchAll(pattern)].reduce((sum, [, found]) => sum + Number(found), 0);
/** `3 examples, 1 failure, 1 pending`. */
const counted = (unit: string): RegExp =>
  new RegExp(`^(?:\\d+ [a-z]+, )*\\d+ ${unit}s?, (?:\\d+ [a-z ]+, )*\\d+ (?:failure|error)s?(?:, \\d+ [a-z ]+)*$`);
const failuresAndErrors = numbers(/\b(\d+) (?:failure|error)s?\b/g);
/** Of all that there are, those that neither passed nor were left out. Added up over all lines, it is what failed. */
const lacking = ([, all, rest]: RegExpExecArray): number => (all === undefined ? -Number(rest) : Number(all));

/** How known test runners sum up. A line is of the first form that takes it. */
export const summaryForms: readonly SummaryForm[] = [
  {
    runner: 'pytest',
    line: /^(?:=+ )?(?:\d+ [a-z ]+, )*\d+ (?:passed|failed|errors?|skipped|deselected|xfailed|xpassed|warnings?|rerun) in \d+(?:\.\d+)?(?:s| seconds)(?: \(\d+:\d\d:\d\d\))?(?: =+)?$/,
    failed: numbers(/\b(\d+) (?:failed|errors?)\b/g),
    always: true,
    example: '=============== 3 failed, 1 passed, 2 xfailed, 1 error in 1.44s ================',
    tells: 4,
  },
  {
    runner: 'pytest',
    line: /^(?:FAILED|ERROR) \S+\.py(?:::\S|$| - )/,
    failed: one,
    always: false,
    example: 'FAILED test_a.py::U::test_x - AssertionError: x',
    tells: 1,
  },
  {
    runner: 'unittest',
    line: /^Ran \d+ tests? in \d+\.\d+s$/,
    failed: none,
    always: true,
    example: 'Ran 3 tests in 0.002s',
    tells: 0,
  },
  {
    runner: 'unittest',
    line: /^FAILED \((?:[a-z ]+=\d+(?:, |(?=\))))+\)$/,
    failed: numbers(/(?:\(|, )(?:failures|errors)=(\d+)/g),
    always: false,
    example: 'FAILED (failures=1, errors=1, expected failures=1)',
    tells: 2,
  },
  {
    runner: 'Mocha',
    line: /^ {2}\d+ passing \(\d+(?:\.\d+)?(?:ms|[smhd])\)$/,
    failed: none,
    always: true,
    example: '  1 passing (3ms)',
    tells: 0,
  },
  {
    runner: 'Mocha',
    line: /^ {2}(\d+) failing$/,
    failed: groups,
    always: false,
    example: '  1 failing',
    tells: 1,
  },
  {
    runner: 'Jest',
    line: /^Tests: +(?:\d+ [a-z]+, )+(?:\d+ of )?\d+ total$/,
    failed: numbers(/\b(\d+) failed\b/g),
    always: true,
    example: 'Tests:       1 failed, 1 skipped, 1 passed, 3 total',
    tells: 1,
  },
  {
    // A file that can't be loaded has no tests.
    runner: 'Jest',
    line: /^Test Suites: +(?:\d+ [a-z]+, )+(?:\d+ of )?\d+ total$/,
    failed: numbers(/\b(\d+) failed\b/g),
    always: true,
    example: 'Test Suites: 2 failed, 2 total',
    tells: 2,
  },
  {
    runner: 'Vitest',
    line: /^ *Tests {2}[\w |]+ \(\d+\)$/,
    failed: numbers(/\b(\d+) failed\b/g),
    always: true,
    example: '      Tests  1 failed | 1 passed | 1 skipped (3)',
    tells: 1,
  },
  {
    runner: 'Vitest',
    line: /^ *Test Files {2}[\w |]+ \(\d+\)$/,
    failed: numbers(/\b(\d+) failed\b/g),
    always: true,
    example: ' Test Files  2 failed (2)',
    tells: 2,
  },
  {
    runner: 'AVA',
    line: /^ {2}(\d+) tests? failed$/,
    failed: groups,
    always: false,
    example: '  2 tests failed',
    tells: 2,
  },
  {
    runner: 'Playwright',
    line: /^ {2}\d+ passed \(\d+(?:\.\d+)?(?:ms|[smhd])\)$/,
    failed: none,
    always: true,
    example: '  2 passed (1.2s)',
    tells: 0,
  },
  {
    runner: 'Playwright',
    line: /^ {2}(\d+) failed$/,
    failed: groups,
    always: false,
    example: '  1 failed',
    tells: 1,
  },
  {
    runner: 'Bun',
    line: /^ (\d+) fail$/,
    failed: groups,
    always: true,
    example: ' 1 fail',
    tells: 1,
  },
  {
    runner: 'Deno',
    line: /^(?:ok|FAILED) \| \d+ passed(?: \(\d+ steps?\))? \| (\d+) failed\b/,
    failed: groups,
    always: true,
    example: 'FAILED | 1 passed | 1 failed (5ms)',
    tells: 1,
  },
  {
    // Subtests stand further in, and are told once more by what they belong to.
    runner: 'TAP',
    line: /^not ok (?:\d+\b|- )(?!.*#\s*(?:todo|skip))/i,
    failed: one,
    always: false,
    example: 'not ok 2 - breaks',
    tells: 1,
  },
  {
    runner: 'TAP',
    line: /^(?:#|ℹ) fail +(\d+)$/,
    failed: groups,
    always: false,
    example: 'ℹ fail 2',
    tells: 2,
  },
  {
    // Of node:test, Mocha and tape. The first tells of cancelled tests apart from failed ones.
    runner: 'TAP',
    line: /^(?:#|ℹ) (?:tests +(\d+)|(?:pass|skipped|todo) +(\d+))$/,
    failed: lacking,
    always: true,
    example: '# tests 4',
    tells: 4,
  },
  {
    runner: 'TAP',
    line: /^# Looks like you failed (\d+) tests? of \d+\.$/,
    failed: groups,
    always: false,
    example: '# Looks like you failed 1 test of 3.',
    tells: 1,
  },
  {
    runner: 'TAP',
    line: /^Failed (\d+)\/\d+ subtests\b/,
    failed: groups,
    always: false,
    example: 'Failed 1/3 subtests',
    tells: 1,
  },
  {
    runner: 'TAP',
    line: /^Files=\d+, Tests=\d+, /,
    failed: none,
    always: true,
    example: 'Files=1, Tests=3,  0 wallclock secs ( 0.02 usr  0.01 sys +  0.02 cusr  0.01 csys =  0.06 CPU)',
    tells: 0,
  },
  {
    runner: 'Go',
    line: /^--- FAIL: \S/,
    failed: one,
    always: false,
    example: '--- FAIL: TestPays (0.00s)',
    tells: 1,
  },
  {
    runner: 'Go',
    line: /^(?:ok {2}|FAIL)\t\S/,
    failed: ([line]) => (line.startsWith('FAIL') ? 1 : 0),
    always: true,
    example: 'FAIL\texample.com/shop\t0.003s',
    tells: 1,
  },
  {
    runner: 'Go',
    line: /^DONE \d+ tests?(?:, \d+ [a-z]+)* in \d/,
    failed: failuresAndErrors,
    always: true,
    example: 'DONE 3 tests, 1 failure in 0.12s',
    tells: 1,
  },
  {
    runner: 'Cargo',
    line: /^test result: (?:ok|FAILED)\. \d+ passed; (\d+) failed;/,
    failed: groups,
    always: true,
    example: 'test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s',
    tells: 1,
  },
  {
    runner: 'Cargo',
    line: /^ *Summary \[ *\d+\.\d+s\] [\d/]+ tests? run: /,
    failed: numbers(/\b(\d+) (?:failed|timed out|exec failed)\b/g),
    always: true,
    example: '     Summary [   0.141s] 3 tests run: 1 passed, 1 failed, 1 timed out, 275 skipped',
    tells: 2,
  },
  {
    // That of a single class tells its time too.
    runner: 'Maven',
    line: /^Tests run: \d+, Failures: (\d+), Errors: (\d+), Skipped: \d+(?:, Flakes: \d+)?$/,
    failed: groups,
    always: true,
    example: '[ERROR] Tests run: 3, Failures: 1, Errors: 1, Skipped: 0',
    tells: 2,
  },
  {
    runner: 'Gradle',
    line: /^\d+ tests? completed, (\d+) failed(?:, \d+ skipped)?$/,
    failed: groups,
    always: false,
    example: '9 tests completed, 1 failed, 8 skipped',
    tells: 1,
  },
  {
    runner: 'JUnit',
    line: /^Tests run: \d+, {2}Failures: (\d+)$/,
    failed: groups,
    always: false,
    example: 'Tests run: 3,  Failures: 1',
    tells: 1,
  },
  {
    runner: 'JUnit',
    line: /^\[ +(\d+) tests failed +\]$/,
    failed: groups,
    always: true,
    example: '[         1 tests failed          ]',
    tells: 1,
  },
  {
    runner: 'TestNG',
    line: /^Total tests run: \d+, Passes: \d+, Failures: (\d+), Skips: \d+$/,
    failed: groups,
    always: true,
    example: 'Total tests run: 3, Passes: 1, Failures: 1, Skips: 1',
    tells: 1,
  },
  {
    runner: 'sbt',
    line: /^Tests: succeeded \d+, failed (\d+), canceled \d+/,
    failed: groups,
    always: true,
    example: '[info] Tests: succeeded 2, failed 1, canceled 0, ignored 0, pending 0',
    tells: 1,
  },
  {
    runner: 'sbt',
    line: /^(?:Passed|Failed|Error): Total \d+, Failed (\d+), Errors (\d+), Passed \d+/,
    failed: groups,
    always: true,
    example: '[error] Failed: Total 3, Failed 1, Errors 0, Passed 2',
    tells: 1,
  },
  {
    runner: 'PHPUnit',
    line: /^OK \(\d+ tests?, \d+ assertions?\)$/,
    failed: none,
    always: true,
    example: 'OK (3 tests, 3 assertions)',
    tells: 0,
  },
  {
    runner: 'PHPUnit',
    line: /^Tests: \d+, Assertions: \d+(?:, [A-Z][A-Za-z ]+: \d+)*\.$/,
    failed: numbers(/, (?:Failures|Errors): (\d+)/g),
    always: true,
    example: 'Tests: 4, Assertions: 3, Errors: 1, Failures: 1, Skipped: 1.',
    tells: 2,
  },
  {
    runner: 'Pest',
    line: /^ *Tests: +(?:\d+ [a-z]+, )*\d+ [a-z]+ \(\d+ assertions?\)$/,
    failed: numbers(/\b(\d+) failed\b/g),
    always: true,
    example: '  Tests:    1 failed, 2 passed (3 assertions)',
    tells: 1,
  },
  {
    runner: 'RSpec',
    line: counted('example'),
    failed: failuresAndErrors,
    always: true,
    example: '3 examples, 1 failure, 1 error occurred outside of examples',
    tells: 2,
  },
  {
    runner: 'Minitest',
    line: counted('run'),
    failed: failuresAndErrors,
    always: true,
    example: '3 runs, 3 assertions, 1 failures, 1 errors, 0 skips',
    tells: 2,
  },
  {
    runner: 'Jasmine',
    line: counted('spec'),
    failed: failuresAndErrors,
    always: true,
    example: '3 specs, 1 failure, 1 pending spec',
    tells: 1,
  },
  {
    runner: 'ExUnit, test-unit or Bats',
    line: counted('test'),
    failed: failuresAndErrors,
    always: true,
    example: '1 doctest, 3 tests, 1 failure, 1 skipped',
    tells: 1,
  },
  {
    runner: 'Cucumber',
    line: /^\d+ [Ss]cenarios? \([\d a-z,]+\)$/,
    failed: numbers(/\b(\d+) failed\b/g),
    always: true,
    example: '2 scenarios (1 failed, 1 passed)',
    tells: 1,
  },
  {
    runner: 'Behave',
    line: /^\d+ scenarios? passed, (\d+) failed, \d+ skipped/,
    failed: groups,
    always: true,
    example: '1 scenario passed, 1 failed, 0 skipped',
    tells: 1,
  },
  {
    runner: 'CTest',
    line: /^\d+% tests passed, (\d+) tests? failed out of \d+$/,
    failed: groups,
    always: true,
    example: '50% tests passed, 1 tests failed out of 2',
    tells: 1,
  },
  {
    runner: 'GoogleTest',
    line: /^\[ {2}PASSED {2}\] \d+ tests?\.$/,
    failed: none,
    always: true,
    example: '[  PASSED  ] 2 tests.',
    tells: 0,
  },
  {
    runner: 'GoogleTest',
    line: /^\[ {2}FAILED {2}\] (\d+) tests?, listed below:$/,
    failed: groups,
    always: false,
    example: '[  FAILED  ] 1 test, listed below:',
    tells: 1,
  },
  {
    runner: 'Catch2 or doctest',
    line: /^test cases: +\d+ \|/,
    failed: numbers(/\b(\d+) failed\b(?! as expected)/g),
    always: false,
    example: '[doctest] test cases:  2 |  1 passed | 1 failed | 0 skipped',
    tells: 1,
  },
  {
    runner: 'dotnet test',
    line: /^(?:Passed|Failed)! +- Failed: +(\d+), Passed: +\d+/,
    failed: groups,
    always: true,
    example:
      'Failed!  - Failed:     4, Passed:    30, Skipped:     0, Total:    34, Duration: 39 s - Shop.Tests.dll (net8.0)',
    tells: 4,
  },
  {
    runner: 'dotnet test',
    line: /^Test summary: total: \d+, failed: (\d+), succeeded: \d+/,
    failed: groups,
    always: true,
    example: 'Test summary: total: 17, failed: 1, succeeded: 16, skipped: 0, duration: 1.0s',
    tells: 1,
  },
  {
    runner: 'XCTest',
    line: /^Test Case '.+' failed \(\d/,
    failed: one,
    always: false,
    example: "Test Case '-[ShopTests.CartTests testPays]' failed (0.001 seconds).",
    tells: 1,
  },
  {
    runner: 'Dart',
    line: /^\d\d:\d\d \+\d+(?: ~\d+)? -(\d+): Some tests failed\.$/,
    failed: groups,
    always: false,
    example: '00:23 +95 -1: Some tests failed.',
    tells: 1,
  },
  {
    runner: 'Busted',
    line: /^\d+ success(?:es)? \/ (\d+) failures? \/ (\d+) errors? \/ \d+ pending/,
    failed: groups,
    always: true,
    example: '138 successes / 1 failure / 0 errors / 0 pending : 2.504431 seconds',
    tells: 1,
  },
  {
    runner: 'clojure.test',
    line: /^(\d+) failures, (\d+) errors\.$/,
    failed: groups,
    always: true,
    example: '1 failures, 0 errors.',
    tells: 1,
  },
  {
    runner: 'Tasty',
    line: /^(\d+) out of \d+ tests failed \(\d/,
    failed: groups,
    always: false,
    example: '1 out of 3 tests failed (0.00s)',
    tells: 1,
  },
];
