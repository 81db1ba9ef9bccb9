import type { OutputSummary } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { readSummaries } from '../src/output/read-summaries.js';
import { summaryForms } from '../src/output/summary-forms.js';
import { createReadingPace } from '../src/reports/reading-pace.js';

const read = async (stdout: string, stderr = '', truncated = false): Promise<OutputSummary | null> =>
  await readSummaries({ stdout, stderr, truncated }, createReadingPace(60_000));

describe('a line by which a runner sums up', () => {
  it.each(summaryForms.map((form) => [form.example, form] as const))('%s', async (example, form) => {
    const wanted = { failed: form.tells, runners: form.always ? [form.runner] : [] };
    expect((await read(example)) ?? { failed: 0, runners: [] }).toEqual(wanted);
    expect((await read('', example)) ?? { failed: 0, runners: [] }).toEqual(wanted);
    expect(await read(`## ${example}`)).toBeNull();
  });

  it.each<[string, string]>([
    ['pytest', '======= 404 passed, 3 skipped, 2 xfailed, 1 xpassed, 1 warning in 65.12s (0:01:05) ======='],
    ['pytest', '1 passed in 0.01s'],
    ['Mocha', '  1975 passing (2s)\n  1 pending'],
    ['Jest', 'Test Suites: 1 skipped, 2 passed, 2 of 3 total\nTests:       3 skipped, 3 passed, 6 total'],
    ['Vitest', ' Test Files  6 passed (6)\n      Tests  145 passed | 1 expected fail | 2 todo (148)'],
    ['TAP', 'not ok 3 z # TODO\nok 4 s # SKIP\n1..4\n# tests 4\n# pass  4\n# ok'],
    ['TAP', 'ℹ tests 3\nℹ suites 1\nℹ pass 1\nℹ fail 0\nℹ cancelled 0\nℹ skipped 1\nℹ todo 1'],
    ['TAP', 'a.t .. ok\nAll tests successful.\nFiles=1, Tests=3,  0 wallclock secs\nResult: PASS'],
    ['Cargo', 'test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s'],
    ['Cargo', '     Summary [   1.000s] 4 tests run: 4 passed (1 flaky), 0 skipped'],
    ['Go', 'ok  \texample.com/shop\t0.003s\nok  \texample.com/cart\t(cached)'],
    ['Maven', '[WARNING] Tests run: 3, Failures: 0, Errors: 0, Skipped: 1, Flakes: 1'],
    ['PHPUnit', 'OK, but incomplete, skipped, or risky tests!\nTests: 3, Assertions: 2, Skipped: 1.'],
    ['Minitest', '3 runs, 3 assertions, 0 failures, 0 errors, 1 skips'],
    ['RSpec', '3 examples, 0 failures, 1 pending'],
    ['ExUnit, test-unit or Bats', '3 tests, 0 failures'],
    ['Playwright', '  1 flaky\n    [chromium] › a.spec.ts:3:5 › pays\n  2 passed (1.2s)'],
    ['CTest', '100% tests passed, 0 tests failed out of 2'],
    ['Deno', 'ok | 2 passed | 0 failed (10ms)'],
    ['Bun', ' 2 pass\n 0 fail'],
    ['unittest', 'Ran 3 tests in 0.002s\n\nOK (expected failures=1)'],
  ])('of %s tells of no failure: %s', async (runner, lines) => {
    expect(await read(lines)).toEqual({ failed: 0, runners: [runner] });
  });

  it.each(['web:test: ', '@shop/web:test: ', 'packages/web test: ', '[0] ', '[web] ', 'web-1  | '])(
    'is found behind the label %s',
    async (label) => {
      for (const line of ['Tests:       1 failed, 3 total', '  1 failing', 'not ok 1 - pays', '1 failed in 0.1s']) {
        expect(await read(`${label}${line}`)).toMatchObject({ failed: 1 });
      }
      // Of a nested test the one is told that it belongs to.
      expect(await read(`${label}    not ok 1 - pays`)).toBeNull();
    },
  );

  it('is read without colours and as it was drawn last', async () => {
    const line = '\u001B[31m= \u001B[1m1 failed\u001B[0m, \u001B[32m2 passed\u001B[0m in 0.12s =\u001B[0m\r';
    expect(await read(line.replace('= ', '').replace(' =', ''))).toMatchObject({ failed: 1 });
    expect(await read('running 9 of 12\r  3 failing')).toMatchObject({ failed: 3 });
  });

  it.each([
    'the server saw 1 failed, 2 passed requests',
    '120 packages in 3s',
    '    1 failed',
    '1 failing',
    'Tests: 1 failed',
    'FAILED',
    'not okay',
    'response: not ok',
    '--- FAIL:',
    '# tests of 4 shops',
    '',
    `1 failed in 0.1s${' '.repeat(3_000)}x`,
  ])('is not %s', async (line) => {
    expect(await read(line)).toBeNull();
  });
});

describe('several summaries', () => {
  it('of one runner add up, and none takes another back', async () => {
    expect(await read('1 failed, 2 passed in 0.1s\n404 passed in 3.21s')).toEqual({ failed: 1, runners: ['pytest'] });
    const cargo = (failed: number): string =>
      `test result: FAILED. 1 passed; ${failed} failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s`;
    expect(await read([cargo(1), cargo(2), cargo(0)].join('\n'))).toEqual({ failed: 3, runners: ['Cargo'] });
  });

  it('in several forms of one runner count once', async () => {
    const jest = 'Test Suites: 1 failed, 1 total\nTests:       2 failed, 1 passed, 3 total';
    expect(await read(jest)).toEqual({ failed: 2, runners: ['Jest'] });
    const tap = 'not ok 1 - pays\n# Looks like you failed 1 test of 3.\n# tests 3\n# pass 2\n# fail 1';
    expect(await read(tap)).toEqual({ failed: 1, runners: ['TAP'] });
  });

  it('of several runners add up', async () => {
    expect(await read('  1 failing\n  2 passing (3ms)', '2 failed in 0.1s')).toEqual({
      failed: 3,
      runners: ['Mocha', 'pytest'],
    });
  });

  it('that tell fewer failures than tests did not pass tell of the rest', async () => {
    expect(await read('# tests 1976\n# pass 1974\n# fail 0')).toEqual({ failed: 2, runners: ['TAP'] });
    expect(await read('ℹ tests 4\nℹ pass 1\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0')).toMatchObject({
      failed: 2,
    });
  });
});

it('a number without end is still one that can be kept', async () => {
  const { failed } = (await read(`  ${'9'.repeat(400)} failing\n# tests ${'9'.repeat(400)}`)) ?? { failed: 0 };
  expect(Number.isSafeInteger(failed)).toBe(true);
  expect(failed).toBeGreaterThan(1_000);
});

it('output of which a part is gone is told so, whatever the rest sums up', async () => {
  expect(await read('…', '', true)).toEqual({ failed: 0, runners: [], cut: true });
  expect(await read('1 passed in 0.01s', '', true)).toEqual({ failed: 0, runners: ['pytest'], cut: true });
});
