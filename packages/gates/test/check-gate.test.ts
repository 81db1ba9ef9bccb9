import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckEvidence, GateResult } from '@baton/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CheckCommand, type CheckGateOptions, createCheckGate } from '../src/index.js';
import { gateInput } from './gate-input.js';
import { createPlainWorkspace, type PlainWorkspace } from './plain-workspace.js';

type Files = Readonly<Record<string, string>>;

const opened: PlainWorkspace[] = [];
afterEach(async () => {
  for (const workspace of opened.splice(0)) await workspace[Symbol.asyncDispose]();
});

async function open(files: Files): Promise<PlainWorkspace> {
  const workspace = await createPlainWorkspace(files);
  opened.push(workspace);
  return workspace;
}

/** Measures the base, then judges the result, as the engine does. */
async function judge(
  command: Omit<CheckCommand, 'name'>,
  base: Files,
  head: Files,
  options: Omit<CheckGateOptions, 'commands'> = {},
): Promise<{ result: GateResult; check: CheckEvidence; workspace: PlainWorkspace }> {
  const gate = createCheckGate({ commands: [{ name: 'test', ...command }], ...options });
  const baseline = (await gate.baseline?.(await open(base))) ?? [];
  const workspace = await open(head);
  const result = await gate.check(gateInput(workspace, { baseline }));
  const [check] = result.checks;
  if (check === undefined) throw new Error('no evidence');
  return { result, check, workspace };
}

const script = { run: 'sh ./check.sh' };
const tap = { run: 'sh ./check.sh', report: 'tap' };
const exits = (code: number, output = ''): Files => ({ 'check.sh': `echo '${output}'; exit ${code}` });
const tells = (lines: readonly string[], code: number): Files => ({
  'check.sh': `cat <<'EOF'\nTAP version 14\n${lines.join('\n')}\n1..${lines.length}\nEOF\nexit ${code}\n`,
});

/** A suite of node:test over a module whose functions are right where `right` says so. */
function nodeSuite(right: (index: number) => boolean): Files {
  const indexes = Array.from({ length: 20 }, (_each, index) => index);
  return {
    'package.json': '{ "type": "module" }',
    'double.js': `export const double = (n) => [${indexes.filter(right)}].includes(n) ? n * 2 : NaN;\n`,
    'double.test.js': [
      "import { test } from 'node:test';",
      "import assert from 'node:assert';",
      "import { double } from './double.js';",
      ...indexes.map((index) => `test('doubles ${index}', () => assert.equal(double(${index}), ${index * 2}));`),
    ].join('\n'),
  };
}

const node = `'${process.execPath}'`;
const nodeTap = { run: `${node} --test --test-reporter=tap`, report: 'tap' };
const nodeJunit = {
  run: `${node} --test --test-reporter=junit --test-reporter-destination=junit.xml`,
  report: 'junit.xml',
};

describe('a secret that a check prints', () => {
  const secret = `tk-${'4f9a8c7e6d5b'.repeat(4)}`;
  const mask = (text: string): string => text.replaceAll(secret, '[SECRET]');
  const junit = { run: 'sh ./check.sh; exit 1', report: 'junit.xml' };
  const reports = (name: string, message: string): Files => ({
    'check.sh': `cat > junit.xml <<'EOF'
<testsuite name="s"><testcase name="${name}"><failure message="m">${message}</failure></testcase></testsuite>
EOF`,
  });
  const escaped = secret.replace('-', '&#45;');

  it.each<[string, Omit<CheckCommand, 'name'>, (padding: string) => Files]>([
    ['output', script, (padding) => exits(1, `${secret}${padding}`)],
    ['errors', script, (padding) => ({ 'check.sh': `echo '${secret}${padding}' >&2; exit 1` })],
    ['failure in TAP', tap, (padding) => tells([`not ok 1 - a\n  ---\n  message: "${secret}${padding}"\n  ...`], 1)],
    ['failure in JUnit', junit, (padding) => reports('a', `${secret}${padding}`)],
    ['failure in JUnit, escaped', junit, (padding) => reports('a', `${escaped}${padding}`)],
    ['name of a test in TAP', tap, (padding) => tells([`not ok 1 - ${padding.slice(0, 270)}${secret}`], 1)],
    ['name of a test in JUnit', junit, (padding) => reports(`${padding.slice(0, 270)}${secret}`, 'no')],
  ])('leaves no part in the evidence or the feedback, wherever the cut falls (%s)', async (_name, command, head) => {
    for (const length of [460, 570, 1_470]) {
      const { result } = await judge(command, {}, head('0'.repeat(length)), { baseline: false, flakeRetries: 0, mask });
      expect(result.verdict).toBe('rework');
      const told = JSON.stringify(result);
      expect(told).toContain('000');
      expect(told).not.toContain('6d5b4f9a');
    }
  });
});

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

describe('by exit code', () => {
  it.each<[string, number, number, GateResult['verdict']]>([
    ['green stays green', 0, 0, 'pass'],
    ['green turns red', 0, 1, 'rework'],
    ['red turns green', 1, 0, 'pass'],
    ['red stays red: a person decides, and nobody is sent back for it (G27)', 1, 1, 'hold'],
    ['red in another way, which no exit code tells from the same', 1, 2, 'hold'],
    ['a command that exists neither here nor on the base has not run', 127, 127, 'not-run'],
    ['a command that exists on the base alone', 0, 127, 'rework'],
  ])('%s', async (_name, before, now, verdict) => {
    const { result, check } = await judge(script, exits(before), exits(now));
    expect(result.verdict).toBe(verdict);
    expect(check.base?.exitCode).toBe(before);
    expect(check.head?.exitCode).toBe(now);
    if (before === 1 && now === 1) expect(check.notes.join(' ')).toContain('Red on the base already');
  });

  it('explains a command that is not found, and a signal', async () => {
    const missing = await judge({ run: 'no-such-program --now' }, exits(0), exits(0), { baseline: false });
    expect(missing.result).toMatchObject({ verdict: 'not-run', reason: expect.stringContaining('command not found') });
    expect(missing.check.basis).toBe('not-run');
    const killed = await judge(script, exits(0), { 'check.sh': 'kill -9 $$' });
    expect(killed.result).toMatchObject({ verdict: 'rework', feedback: expect.stringContaining('signal') });
  });

  it('what hangs is ended, told as such, and not tried again', async () => {
    const { result, check, workspace } = await judge(
      { ...script, timeoutMs: 300 },
      exits(0),
      { 'check.sh': 'echo waiting; sleep 1000' },
      { flakeRetries: 3 },
    );
    expect(result).toMatchObject({ verdict: 'rework', feedback: expect.stringContaining('hangs') });
    expect(check.head).toMatchObject({ exitCode: null, timedOut: true, excerpt: 'waiting' });
    expect(workspace.lines).toEqual(['sh ./check.sh']);
    expect(workspace.alive()).toEqual([]);
  });
});

describe('what a check comes to by itself', () => {
  it('is told with it: what passes, is red, waits for a person, or did not run', async () => {
    const green = exits(0);
    const red = exits(1);
    expect((await judge(script, green, green)).check.verdict).toBe('pass');
    expect((await judge(script, green, red)).check.verdict).toBe('rework');
    expect((await judge(script, red, red)).check.verdict).toBe('hold');
    expect((await judge(script, exits(127), exits(127))).check.verdict).toBe('not-run');
  });

  it('names the tests that are newly red, and no others', async () => {
    const base = tells(['not ok 1 - old', 'ok 2 - adds', 'ok 3 - skips'], 1);
    const head = tells(['not ok 1 - old', 'not ok 2 - adds', 'ok 3 - skips'], 1);
    const { check } = await judge(tap, base, head);
    expect(check).toMatchObject({ verdict: 'rework', newFailures: ['adds'], knownFailures: ['old'] });
    const same = await judge(tap, base, base);
    expect(same.check).toMatchObject({ verdict: 'pass', knownFailures: ['old'] });
    expect(same.check).not.toHaveProperty('newFailures');
  });
});

describe('a flake', () => {
  /** What isn't in the checkout may differ from run to run: here a file of the machine, as elsewhere the time. */
  const once = (first: string, later: string): Files => {
    const seen = join(outside, randomUUID());
    return { 'check.sh': `if test -e ${seen}; then ${later}; else touch ${seen}; ${first}; fi` };
  };
  let outside = '';
  beforeAll(async () => {
    outside = await mkdtemp(join(tmpdir(), 'baton-flakes-'));
  });
  afterAll(() => rm(outside, { recursive: true, force: true }));

  it('passes when it is green the second time, and is named', async () => {
    const first = 'echo "not ok 1 - a"; echo 1..1; exit 1';
    const { result, check, workspace } = await judge(
      tap,
      tells(['ok 1 - a'], 0),
      once(first, 'echo "ok 1 - a"; echo 1..1'),
    );
    expect(result.verdict).toBe('pass');
    expect(check.notes).toEqual(['`a` failed at first and not when it was run again, with nothing changed: flaky.']);
    expect(check.head?.exitCode).toBe(0);
    expect(workspace.lines).toHaveLength(2);
  });

  it('is none where retries are off, or where the base could not be started', async () => {
    const off = await judge(script, exits(0), once('exit 1', 'exit 0'), { flakeRetries: 0 });
    expect(off.result.verdict).toBe('rework');
    const red = await judge(script, exits(127), once('exit 2', 'exit 0'));
    expect(red.result.verdict).toBe('rework');
  });

  it('does not hide a test that vanished the second time', async () => {
    const first = 'echo "not ok 1 - a"; echo 1..1; exit 1';
    const { result } = await judge(tap, tells(['ok 1 - a', 'ok 2 - b'], 0), once(first, 'echo "ok 1 - a"; echo 1..1'));
    expect(result.verdict).toBe('hold');
  });
});

describe('several checks', () => {
  const gate = createCheckGate({
    commands: [
      { name: 'lint', run: 'echo "\u001b[31mbad\u001b[0m semicolon"; exit 1' },
      { name: 'types', run: 'exit 0' },
      { name: 'unit', run: 'i=0; while test $i -lt 5000; do echo "line $i of much output"; i=$((i+1)); done; exit 1' },
    ],
    baseline: false,
  });

  it('all run, and what goes back is bounded, in plain text, with the end of each output', async () => {
    const result = await gate.check(gateInput(await open({})));
    expect(result.checks.map(({ name, head }) => [name, head?.exitCode])).toEqual([
      ['lint', 1],
      ['types', 0],
      ['unit', 1],
    ]);
    if (result.verdict !== 'rework') throw new Error(`not rework but ${result.verdict}`);
    expect(result.feedback).toContain('bad semicolon');
    expect(result.feedback).not.toContain('\u001b');
    expect(result.feedback).toContain('line 4999 of much output');
    expect(result.feedback).not.toContain('"types"');
    expect(result.feedback.length).toBeLessThanOrEqual(6_000);
  });
});
