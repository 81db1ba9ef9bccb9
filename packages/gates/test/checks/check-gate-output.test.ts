import { describe, expect, it } from 'vitest';
import type { CheckCommand } from '../../src/index.js';
import { type Files, judge, node } from '../check-scene.js';

/** node:test in the process of the tests: a line on its output, and a report. */
const both = {
  run: `${node} --test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=junit.xml add.test.js`,
  report: 'junit.xml',
};
const byExitCode = { run: `${node} --test-reporter=spec add.test.js` };

const right = 'export const add = (a, b) => a + b;\n';
const wrong = 'export const add = (a, b) => a - b;\n';
const suite = (product: string, known = ''): Files => ({
  'package.json': '{ "type": "module" }',
  'add.js': product,
  'add.test.js': `import test from 'node:test';
import assert from 'node:assert';
import { add } from './add.js';
test('adds', () => assert.equal(add(1, 2), 3));
test('adds nothing', () => assert.equal(add(1, 0), 1));
${known}`,
});
/** What the code under test does as its process ends, when all is reported. */
const atExit = (body: string): string => `${wrong}
import fs from 'node:fs';
process.on('exit', () => { ${body} });
`;
const rewrites = `const green = ['adds', 'adds nothing'].map((name) => '<testcase name="' + name + '" classname="test"/>');
  fs.writeFileSync('junit.xml', '<testsuites>' + green.join('') + '</testsuites>');
  process.exitCode = 0;`;

const judgeOnce = (command: Omit<CheckCommand, 'name'>, base: Files, head: Files): ReturnType<typeof judge> =>
  judge(command, base, head, { flakeRetries: 0 });

describe('what a runner printed before its process ended', () => {
  it('bears out a green report, and a red one', async () => {
    const green = await judgeOnce(both, suite(right), suite(right));
    expect(green.check).toMatchObject({ verdict: 'pass', head: { summary: { failed: 0, runners: ['TAP'] } } });
    const red = await judgeOnce(both, suite(right), suite(wrong));
    expect(red.check).toMatchObject({ verdict: 'rework', head: { summary: { failed: 1 } } });
  });

  it('holds a report that was written anew at the end', async () => {
    const { result } = await judgeOnce(both, suite(right), suite(atExit(rewrites)));
    expect(result).toMatchObject({
      verdict: 'hold',
      reason: '`test`: The report says that 2 passed and none failed; its output says that 1 failed.',
    });
  });

  it('holds an exit code that was replaced at the end, where there is no report', async () => {
    const { result } = await judgeOnce(byExitCode, suite(right), suite(atExit('process.exitCode = 0;')));
    expect(result).toMatchObject({ verdict: 'hold', reason: '`test`: Exit code 0; its output says that 1 failed.' });
  });

  it('holds a report that leaves known failures alone, and a new one out', async () => {
    const known = "test('is known', () => assert.fail('known'));";
    const keeps = `const cases = '<testcase name="adds" classname="test"/><testcase name="adds nothing" classname="test"/><testcase name="is known" classname="test"><failure/></testcase>';
      fs.writeFileSync('junit.xml', '<testsuites>' + cases + '</testsuites>');`;
    const { result } = await judgeOnce(both, suite(right, known), suite(atExit(keeps), known));
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('its output says that 2 failed') });
  });

  it('is not taken back by a second summary', async () => {
    const { result } = await judgeOnce(
      both,
      suite(right),
      suite(atExit(`${rewrites} fs.writeSync(1, 'ℹ tests 2\\nℹ pass 2\\nℹ fail 0\\n');`)),
    );
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('its output says that 1 failed') });
  });

  it('is missed where it was silenced', async () => {
    const silenced = `${wrong}
import fs from 'node:fs';
fs.closeSync(1);
fs.openSync('/dev/null', 'w');
process.on('exit', () => { ${rewrites} });
`;
    const { result } = await judgeOnce(both, suite(right), suite(silenced));
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('here it does not') });
  });

  it('is missed where so much was printed before and after it that it was dropped', async () => {
    // A full pipe takes nothing for a moment.
    const flood =
      "for (let left = 9 * 2 ** 20; left > 0; ) try { left -= fs.writeSync(1, 'x'.repeat(65_536)); } catch {}";
    const floods = `${wrong}
import fs from 'node:fs';
${flood}
process.on('exit', () => { ${rewrites} ${flood} fs.writeSync(1, '\\nℹ tests 2\\nℹ pass 2\\nℹ fail 0\\n'); });
`;
    const { result } = await judgeOnce(both, suite(right), suite(floods));
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('printed more than the 16 MiB') });
  });

  it('is no witness where it contradicts the report on the base too: a suite that tests a runner', async () => {
    const prints = "console.log('  1 failing');\n";
    const { result } = await judgeOnce(both, suite(`${prints}${right}`), suite(`${prints}${prints}${right}`));
    expect(result.verdict).toBe('pass');
  });
});
