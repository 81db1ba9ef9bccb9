import type { CheckRun, OutputSummary, TestResult } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { type Comparison, compareRuns } from '../../src/checks/compare-runs.js';
import { rules, verdictsByExitCode, verdictsByTests } from '../../src/checks/decide-check.js';
import { heedOutput } from '../../src/checks/heed-output.js';
import { renderVerdicts } from '../render-verdicts.js';

const statuses: Readonly<Record<string, TestResult['status']>> = { p: 'passed', f: 'failed', s: 'skipped' };

/** A run: its exit code, and its tests as `name:p`, `name:f` or `name:s`; null where it tells none. */
function run(exitCode: number | 'hangs', tests: string | null = null, more: Partial<CheckRun> = {}): CheckRun {
  return {
    exitCode: exitCode === 'hangs' ? null : exitCode,
    timedOut: exitCode === 'hangs',
    durationMs: 1_000,
    excerpt: '',
    altered: [],
    tests:
      tests === null
        ? null
        : tests.split(' ').flatMap((each) => {
            const [name = '', status = ''] = each.split(':');
            return name === '' ? [] : [{ name, status: statuses[status] ?? 'passed' }];
          }),
    ...more,
  };
}

const given = { allowed: new Set(['may']), reports: true };

describe('a check', () => {
  it('is judged as the page of verdicts tells', async () => {
    await expect(renderVerdicts()).toMatchFileSnapshot('../../../../docs/verdicts.md');
  });

  it('never passes where it is red on both sides and no test explains it', () => {
    const red = ['red', 'timed-out'] as const;
    for (const cells of [verdictsByExitCode.none, verdictsByExitCode.unread]) {
      for (const base of red) for (const result of red) expect(rules[cells[base][result]].verdict).not.toBe('pass');
    }
    for (const base of red) expect(rules[verdictsByTests.none[base].red].verdict).toBe('hold');
  });

  it.each<[string, CheckRun | null, CheckRun, string]>([
    ['red in the same way', run(1), run(1), 'hold'],
    ['red in another way, which for some runners is only the count', run(19), run(18), 'hold'],
    ['a report that cannot be read on either side, and red', run(2), run(2), 'hold'],
    ['red before, hangs now', run(1), run('hangs'), 'rework'],
    ['hung before, red now', run('hangs'), run(1), 'hold'],
    ['hangs on both', run('hangs'), run('hangs'), 'hold'],
    ['could not be started before, red now', run(127), run(1), 'rework'],
    ['ran before, cannot be started now', run(1), run(127), 'rework'],
    ['can be started on neither', run(127), run(126), 'not-run'],
    ['no report though one is due, nothing measured before', null, run(0), 'hold'],
    ['no report though one is due, red before', run(1), run(0), 'hold'],
    ['never a report, green on both', run(0), run(0), 'pass'],
    ['a report of no test, nothing measured before', null, run(0, ''), 'hold'],
    ['a report of no test, tests before', run(0, 'a:p'), run(0, ''), 'hold'],
    ['red tests are known', run(1, 'a:f b:p'), run(1, 'a:f b:p'), 'pass'],
    ['one mended, the other not', run(1, 'a:f b:f'), run(1, 'a:p b:f'), 'pass'],
    ['one mended, another broken', run(1, 'a:f b:p'), run(1, 'a:p b:f'), 'rework'],
    ['the report tells a failure, the exit code none', run(0, 'a:p'), run(0, 'a:f'), 'rework'],
    ['and did before', run(0, 'a:f'), run(0, 'a:f'), 'pass'],
    ['the exit code stopped telling what the tests still tell', run(1, 'a:f'), run(0, 'a:f'), 'hold'],
    ['the exit code tells what no test does', run(0, 'a:p'), run(1, 'a:p'), 'rework'],
    ['the exit code tells what no new failure does', run(0, 'a:f'), run(1, 'a:f'), 'rework'],
    ['the exit code tells what no test does, on both', run(1, 'a:p'), run(1, 'a:p'), 'hold'],
    ['all is mended and still it is red', run(1, 'a:f'), run(1, 'a:p'), 'hold'],
    ['a failure that is allowed makes it red', run(0, 'may:p'), run(1, 'may:f'), 'pass'],
    ['failures after a base that was red without a report', run(1), run(1, 'a:f'), 'hold'],
    ['failures after a base that was green without a report', run(0), run(1, 'a:f'), 'rework'],
    ['failures after a base that could not be started', run(127), run(1, 'a:f'), 'rework'],
    ['green after a base that did not compile', run(1), run(0, 'a:p'), 'pass'],
    ['breaks off', run(0, 'a:p'), run(0, 'a:p', { incomplete: 'Cut.' }), 'rework'],
    ['breaks off on both', run(1, 'a:p', { incomplete: 'Cut.' }), run(1, 'a:p', { incomplete: 'Cut.' }), 'hold'],
    [
      'a failure that a base that broke off did not tell',
      run(1, 'a:p', { incomplete: 'Cut.' }),
      run(1, 'b:f a:p'),
      'hold',
    ],
    ['a failure of what passed there', run(1, 'a:p', { incomplete: 'Cut.' }), run(1, 'a:f'), 'rework'],
  ])('%s', (_name, base, result, verdict) => {
    const comparison = compareRuns(base, result, given);
    expect(comparison.verdict).toBe(verdict);
    expect(comparison.reason).not.toMatch(/\{\w+\}|undefined/);
  });
});

describe('the output of a run', () => {
  const says = (failed: number, runners = 'pytest', more: Partial<OutputSummary> = {}): Partial<CheckRun> => ({
    summary: { failed, runners: runners === '' ? [] : runners.split(' '), ...more },
  });
  const heed = (base: CheckRun | null, result: CheckRun, reports = true): Comparison =>
    heedOutput(base, result, compareRuns(base, result, { ...given, reports }));

  it.each<[string, CheckRun | null, CheckRun, string]>([
    ['says what the report says', run(0, 'a:p', says(0)), run(0, 'a:p', says(0)), 'pass'],
    ['tells known failures, as the report does', run(1, 'a:f', says(1)), run(1, 'a:f b:p', says(1)), 'pass'],
    ['tells fewer than the report', run(1, 'a:f b:f', says(2)), run(1, 'a:f b:f', says(1)), 'pass'],
    ['tells a failure, the report none', run(0, 'a:p', says(0)), run(0, 'a:p', says(1)), 'hold'],
    ['tells more than the known failures', run(1, 'a:f b:p', says(1)), run(1, 'a:f b:p', says(2)), 'hold'],
    ['tells a failure, a report of none, on an unmeasured base', null, run(0, 'a:p', says(1)), 'hold'],
    ['tells a failure after a base that hung', run('hangs'), run(0, 'a:p', says(1)), 'hold'],
    ['contradicts the report, as on the base', run(0, 'a:p', says(1)), run(0, 'a:p', says(3)), 'pass'],
    ['tells a failure and so does the report', run(0, 'a:p', says(0)), run(1, 'a:f', says(2)), 'rework'],
    ['is silent where that of the base was not', run(0, 'a:p', says(0)), run(0, 'a:p'), 'hold'],
    ['lacks one of two runners', run(0, 'a:p', says(0, 'Jest pytest')), run(0, 'a:p', says(0)), 'hold'],
    ['has a runner more', run(0, 'a:p', says(0)), run(0, 'a:p', says(0, 'Jest pytest')), 'pass'],
    ['begins to sum up', run(0, 'a:p'), run(0, 'a:p', says(0)), 'pass'],
    ['is cut', run(0, 'a:p', says(0)), run(0, 'a:p', says(0, 'pytest', { cut: true })), 'hold'],
    [
      'is cut, as on the base',
      run(0, 'a:p', says(0, 'pytest', { cut: true })),
      run(0, 'a:p', says(0, 'pytest', { cut: true })),
      'pass',
    ],
    ['is cut where nothing sums up', run(0, 'a:p'), run(0, 'a:p', says(0, '', { cut: true })), 'pass'],
    ['is cut where nothing was measured', null, run(0, 'a:p', says(0, 'pytest', { cut: true })), 'pass'],
    ['is silent where it hangs', run(0, 'a:p', says(0)), run('hangs', 'a:p'), 'rework'],
  ])('%s', (_name, base, result, verdict) => {
    const comparison = heed(base, result);
    expect(comparison.verdict).toBe(verdict);
    expect(comparison.reason).not.toMatch(/\{\w+\}|undefined/);
  });

  it.each<[string, CheckRun | null, CheckRun, string]>([
    ['tells a failure, the exit code none', run(0, null, says(0)), run(0, null, says(1)), 'hold'],
    ['tells a failure, the exit code none, on an unmeasured base', null, run(0, null, says(1)), 'hold'],
    ['did so on the base', run(0, null, says(2)), run(0, null, says(1)), 'pass'],
    ['told a failure on the base, which was red for it', run(1, null, says(1)), run(0, null, says(1)), 'hold'],
    ['tells a failure and is red', run(0, null, says(0)), run(1, null, says(1)), 'rework'],
    ['told a failure on the base alone', run(1, null, says(1)), run(0, null, says(0)), 'pass'],
  ])('without a report: %s', (_name, base, result, verdict) => {
    expect(heed(base, result, false).verdict).toBe(verdict);
  });

  it('is quoted against the report', () => {
    const { reason, notes } = heed(run(0, 'a:p b:p', says(0)), run(0, 'a:p b:p', says(1)));
    expect(reason).toBe('The report says that 2 passed and none failed; its output says that 1 failed.');
    expect(notes).toEqual([reason]);
    expect(heed(run(0, null, says(0)), run(0, null, says(2)), false).reason).toBe(
      'Exit code 0; its output says that 2 failed.',
    );
  });

  it('is told to be no witness where that of the base is none', () => {
    const comparison = heed(run(0, 'a:p', says(1)), run(0, 'a:p', says(1)));
    expect(comparison).toMatchObject({ verdict: 'pass', notes: [expect.stringContaining('on the base too')] });
    expect(heed(run(0, 'a:p', says(1)), run(0, 'a:p', says(0))).notes).toEqual([]);
  });

  it('that differs in several ways is told in all of them, after what holds anyway', () => {
    const cut = run(0, null, says(0, '', { cut: true }));
    expect(heed(run(0, 'a:p', says(0, 'Jest pytest')), cut).reason).toMatch(
      /^Exit code 0, but .* left no report .*\. On the base .* \(Jest, pytest\), .*\. It printed more than the 16 MiB .*\.$/,
    );
  });
});

describe('tests that nothing tells apart', () => {
  const alike = (letters: string): TestResult[] =>
    [...letters]
      .sort()
      .reverse()
      .map((letter, index) => ({
        name: index === 0 ? 'a' : `a (${index + 1})`,
        status: statuses[letter] ?? 'passed',
        sharedName: 'a',
        alikeAs: 'a',
      }));
  const withTests = (exitCode: number, letters: string): CheckRun => ({ ...run(exitCode), tests: alike(letters) });

  it.each<[string, string, string, string]>([
    ['one failed before and one fails now: it may be the other', 'pf', 'pf', 'hold'],
    ['all failed before', 'ff', 'ff', 'pass'],
    ['more fail than failed', 'pf', 'ff', 'rework'],
    ['all failed before, and one came that may be the one that fails', 'f', 'pf', 'hold'],
    ['none failed before', 'pp', 'pf', 'rework'],
    ['one is gone', 'pp', 'p', 'hold'],
    ['one more is skipped', 'pp', 'ps', 'hold'],
    ['none fails', 'pp', 'ppp', 'pass'],
  ])('%s', (_name, before, now, verdict) => {
    const code = (letters: string): number => (letters.includes('f') ? 1 : 0);
    const comparison = compareRuns(withTests(code(before), before), withTests(code(now), now), given);
    expect(comparison.verdict).toBe(verdict);
    if (verdict === 'hold' && now === 'pf') expect(comparison.knownFailures).toEqual([]);
  });

  it('are said to be so', () => {
    const { notes, reason } = compareRuns(withTests(1, 'pf'), withTests(1, 'pf'), given);
    expect(reason).toContain("which is which can't be told");
    expect(notes.join(' ')).toContain('compared by count: `a`');
  });
});

describe('a name', () => {
  it.each([
    ['an address', 'pays with <Card at 0x7f32a1b2c3d0>', 'pays with <Card at 0x7f99ffb2c3d0>'],
    ['a duration', 'pays in 104ms', 'pays in 97ms'],
    ['a temporary path', 'reads /tmp/pytest-12/x', 'reads /tmp/pytest-13/x'],
    ['a port', 'answers on localhost:41231', 'answers on localhost:39999'],
    ['a date', 'is of 2026-01-02T10:00:00Z', 'is of 2026-02-03T11:22:33Z'],
    ['a UUID', 'finds 123e4567-e89b-12d3-a456-426614174000', 'finds 00000000-e89b-12d3-a456-426614174111'],
    ['a hash code', 'takes Card@6d06d69c', 'takes Card@7852e922'],
  ])('with %s in it is the same on the next run', (_name, before, now) => {
    const one = (name: string, status: TestResult['status'] = 'passed'): CheckRun => ({
      ...run(status === 'failed' ? 1 : 0),
      tests: [{ name, status }],
    });
    const comparison = compareRuns(one(before), one(now), given);
    expect(comparison).toMatchObject({ verdict: 'pass', vanished: [] });
    expect(comparison.notes.join(' ')).toContain('Names that change with each run');
    expect(compareRuns(one(before, 'failed'), one(now, 'failed'), given).verdict).toBe('pass');
    expect(compareRuns(one(before), one(now, 'failed'), given).verdict).toBe('rework');
  });

  it('that differs in what stays the same is another test', () => {
    const years = run(0, '1998-01-01:p 1999-01-01:p');
    expect(compareRuns(years, run(0, '1998-01-01:p 1999-01-01:p'), given).notes).toEqual([]);
    expect(compareRuns(years, run(0, '1998-01-01:p'), given)).toMatchObject({
      verdict: 'hold',
      vanished: ['1999-01-01'],
    });
  });

  it('of a red test in one file is not that of a red test in another', () => {
    const red = (file: string): CheckRun => ({
      ...run(1),
      tests: [
        { name: `${file} > renders`, status: 'failed', sharedName: 'renders' },
        { name: 'other.js > renders', status: 'passed', sharedName: 'renders' },
      ],
    });
    expect(compareRuns(red('cart.js'), red('shop.js'), given)).toMatchObject({
      verdict: 'rework',
      newFailures: ['shop.js > renders'],
    });
  });

  it('that got its file only because another test took it is the same test', () => {
    const result: CheckRun = {
      ...run(0),
      tests: [
        { name: 'cart.js > renders', status: 'passed', sharedName: 'renders' },
        { name: 'shop.js > renders', status: 'passed', sharedName: 'renders' },
      ],
    };
    expect(compareRuns(run(0, 'renders:p'), result, given)).toMatchObject({ verdict: 'pass', vanished: [] });
  });
});
