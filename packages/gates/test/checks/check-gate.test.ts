import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GateResult } from '@baton/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckCommand, createCheckGate } from '../../src/index.js';
import { exits, type Files, judge, open, script, tap, tells } from '../check-scene.js';
import { gateInput } from '../gate-input.js';

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
