import { delimiter, dirname } from 'node:path';
import type { GateResult } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createCheckGate } from '../src/index.js';
import { gateInput } from './gate-input.js';
import { createPlainWorkspace } from './plain-workspace.js';
import { type Files, type How, type Runner, runners, type Test } from './runners.js';

async function judge(runner: Runner, base: Files, head: Files, run = runner.run): Promise<GateResult> {
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const gate = createCheckGate({
    commands: [{ name: 'test', run, report: runner.report, env: { PATH: path, PYTHONDONTWRITEBYTECODE: '1' } }],
    flakeRetries: 0,
  });
  await using before = await createPlainWorkspace(base);
  await using now = await createPlainWorkspace(head);
  const baseline = (await gate.baseline?.(before)) ?? [];
  return await gate.check(gateInput(now, { baseline }));
}

const tests = (pay: How, refund: How): readonly Test[] => [
  { name: 'pays', how: pay },
  { name: 'refunds', how: refund },
  { name: 'later', how: 'skip' },
];

describe.each(runners)('$name', (runner) => {
  const { write, missing } = runner;
  const shop = (pay: How, refund: How): Files => write('shop', tests(pay, refund));
  const whole = `( ${runner.run} )`;

  it.for<[string, Files, Files, GateResult['verdict']]>([
    ['green stays green', shop('pass', 'pass'), shop('pass', 'pass'), 'pass'],
    ['a failure of the base stays', shop('pass', 'fail'), shop('pass', 'fail'), 'pass'],
    ['one is mended', shop('fail', 'fail'), shop('pass', 'fail'), 'pass'],
    ['one breaks beside one that was red', shop('pass', 'fail'), shop('fail', 'fail'), 'rework'],
    ['one is mended and another breaks', shop('pass', 'fail'), shop('fail', 'pass'), 'rework'],
    ['a test is skipped', shop('pass', 'pass'), shop('skip', 'pass'), 'hold'],
  ])('%s', async ([_name, base, head, verdict], context) => {
    if (missing !== null) context.skip(missing);
    expect((await judge(runner, base, head)).verdict).toBe(verdict);
  });

  it('a file that does not load any more never passes', async (context) => {
    if (missing !== null) context.skip(missing);
    const green = shop('pass', 'pass');
    expect((await judge(runner, green, { ...green, ...runner.broken })).verdict).toBe('rework');
    const red = shop('pass', 'fail');
    expect((await judge(runner, red, { ...red, ...runner.broken })).verdict).not.toBe('pass');
  });

  it('of two tests with one name, one mended and the other broken never passes', async (context) => {
    if (missing !== null) context.skip(missing);
    const two = (cart: How, order: How): Files => ({
      ...write('cart', [{ name: 'same', how: cart }]),
      ...write('order', [{ name: 'same', how: order }]),
    });
    expect((await judge(runner, two('pass', 'fail'), two('fail', 'pass'))).verdict).not.toBe('pass');
    expect((await judge(runner, two('fail', 'fail'), two('fail', 'fail'))).verdict).toBe('pass');
  });

  it('a hook that fails where tests are skipped never passes', async (context) => {
    if (missing !== null) context.skip(missing);
    if (runner.failingHook === null) context.skip(`${runner.name} runs no such hook, or tells nothing of it`);
    const red = shop('pass', 'fail');
    expect((await judge(runner, red, { ...red, ...runner.failingHook })).verdict).not.toBe('pass');
  });

  it('an exit code that contradicts the tests is seen', async (context) => {
    if (missing !== null) context.skip(missing);
    const swallowed = `${whole} || true`;
    const broken = await judge(runner, shop('pass', 'pass'), shop('fail', 'pass'), swallowed);
    expect(broken).toMatchObject({ verdict: 'rework', feedback: expect.stringContaining('pays') });
    const always = `${whole}; exit $(cat code)`;
    const coded = (code: number): Files => ({ ...shop('pass', 'pass'), code: `${code}` });
    expect((await judge(runner, coded(0), coded(3), always)).verdict).toBe('rework');
    expect((await judge(runner, coded(3), coded(3), always)).verdict).toBe('hold');
  });
});
