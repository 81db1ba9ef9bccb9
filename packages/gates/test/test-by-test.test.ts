import { describe, expect, it } from 'vitest';
import { exits, judge, nodeJunit, nodeSuite, nodeTap, tap, tells } from './check-scene.js';

describe('test by test', () => {
  it.each([
    ['tap', nodeTap],
    ['junit', nodeJunit],
  ])(
    'a base with 19 red tests and a fix that leaves just those passes and names them (G27, %s)',
    async (_name, command) => {
      const { result, check } = await judge(
        command,
        nodeSuite(() => false),
        nodeSuite((index) => index === 7),
      );
      expect(result.verdict).toBe('pass');
      expect(check.basis).toBe('tests');
      expect(check.knownFailures).toHaveLength(19);
      expect(check.knownFailures).toContain('doubles 3');
      expect(check.knownFailures).not.toContain('doubles 7');
      expect(check.base?.exitCode).toBe(1);
      expect(check.head?.tests?.filter(({ status }) => status === 'passed')).toEqual([
        { name: 'doubles 7', status: 'passed' },
      ]);
    },
  );

  it('one new failure among known ones goes back, with its name and why, and the known ones named as such (G27)', async () => {
    const { result, check } = await judge(
      nodeTap,
      nodeSuite((index) => index > 1),
      nodeSuite((index) => index > 2),
    );
    if (result.verdict !== 'rework') throw new Error(`not rework but ${result.verdict}`);
    expect(result.feedback).toContain('exit code 1');
    expect(result.feedback).toContain('--test-reporter=tap');
    expect(result.feedback).toContain('This test fails that did not fail on the base:\n- doubles 2');
    expect(result.feedback).toContain('NaN');
    expect(result.feedback).toContain('Known failures, which you need not mend: `doubles 0`, `doubles 1`.');
    expect(result.feedback.length).toBeLessThanOrEqual(6_000);
    expect(check.head?.excerpt).toContain('doubles 2');
    expect(check.notes).toContain('Run 2 times, red each time.');
  });

  it('a test that the operator lets be red may fail, without a base too', async () => {
    const head = tells(['ok 1 - a', 'not ok 2 - b'], 1);
    const known = { baseline: false, knownFailures: ['b'] };
    expect((await judge(tap, head, head, known)).result.verdict).toBe('pass');
    expect((await judge(tap, head, head, { baseline: false })).result.verdict).toBe('rework');
  });

  it('a vanished test holds, and is named', async () => {
    const { result, check } = await judge(tap, tells(['ok 1 - a', 'ok 2 - b'], 0), tells(['ok 1 - a'], 0));
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('`b`') });
    expect(check.notes.join(' ')).toContain('`b`');
  });

  it('so does one that was red, where no other came in its place', async () => {
    const red = tells(['ok 1 - a', 'not ok 2 - b'], 1);
    const { result } = await judge(tap, red, tells(['ok 1 - a'], 0));
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('not there any more: `b`') });
    // A file that could not be loaded tells of its tests once it can.
    const mended = await judge(tap, red, tells(['ok 1 - a', 'ok 2 - b adds', 'ok 3 - b subtracts'], 0));
    expect(mended.result.verdict).toBe('pass');
  });

  it.each([
    ['skip', 'ok 2 - b # SKIP later', 'ok 2 - b'],
    ['to do', 'not ok 2 - b # TODO mend', 'ok 2 - b'],
    ['skip of what was red', 'ok 2 - b # SKIP', 'not ok 2 - b'],
  ])('a newly skipped test holds: %s', async (_name, now, before) => {
    const { result } = await judge(tap, tells(['ok 1 - a', before], 0), tells(['ok 1 - a', now], 0));
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('skipped now: `b`') });
  });

  it('new tests, and ones that were skipped before, are no news', async () => {
    const base = tells(['ok 1 - a', 'ok 2 - b # SKIP'], 0);
    const head = tells(['ok 1 - a', 'ok 2 - b # SKIP', 'ok 3 - c'], 0);
    expect((await judge(tap, base, head)).result.verdict).toBe('pass');
  });

  it('a report that is switched off holds, however green it ends', async () => {
    const { result, check } = await judge(tap, tells(['ok 1 - a'], 0), exits(0));
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('no report') });
    expect(check.basis).toBe('exit-code');
  });

  it('a crash after green tests goes back, and is held where the base ended red as well', async () => {
    const green = ['ok 1 - a'];
    expect((await judge(tap, tells(green, 0), tells(green, 3))).result.verdict).toBe('rework');
    const { result, check } = await judge(tap, tells(green, 3), tells(green, 3));
    expect(result.verdict).toBe('hold');
    expect(check.notes.join(' ')).toContain('the base was red too');
  });

  it('a base that could not run its tests is no reason to doubt a result whose tests pass', async () => {
    const { result, check } = await judge(tap, exits(2, 'does not compile'), tells(['ok 1 - a'], 0));
    expect(result.verdict).toBe('pass');
    expect(check.basis).toBe('tests');
  });

  it('a tree that cannot run its tests any more goes back, though the base was red', async () => {
    const { result } = await judge(tap, tells(['not ok 1 - a'], 1), exits(1, 'does not compile'));
    if (result.verdict !== 'rework') throw new Error(`not rework but ${result.verdict}`);
    expect(result.feedback).toContain('does not compile');
  });
});

describe('the report file', () => {
  const junit = { run: 'sh ./check.sh', report: 'out/junit.xml' };
  const green = '<testsuite name="s"><testcase name="a"/></testsuite>';

  it('that an earlier run or the change itself left never counts', async () => {
    const { check } = await judge(junit, exits(0), { ...exits(0), 'out/junit.xml': green });
    expect(check.head?.tests).toBeNull();
    expect(check.notes.join(' ')).toContain('left no report');
  });

  it.each([
    ['a symlink', 'mkdir -p out; ln -s ../real.xml out/junit.xml'],
    ['a pipe', 'mkdir -p out; mkfifo out/junit.xml'],
    ['a directory', 'mkdir -p out/junit.xml'],
    ['cut off', `mkdir -p out; echo '<testsuite><testcase name="a">' > out/junit.xml`],
    ['too big', `mkdir -p out; head -c 9000000 /dev/zero > out/junit.xml`],
    ['with entities of its own', `mkdir -p out; printf '<!DOCTYPE x [<!ENTITY e "v">]>\\n${green}' > out/junit.xml`],
  ])('that is %s is not read', async (_name, line) => {
    const { result, check } = await judge(junit, exits(0), { 'check.sh': line, 'real.xml': green });
    expect(result.verdict).toBe('pass');
    expect(check.basis).toBe('exit-code');
    expect(check.head?.tests).toBeNull();
    expect(check.notes.join(' ')).toContain('compared by exit code');
  });
});
