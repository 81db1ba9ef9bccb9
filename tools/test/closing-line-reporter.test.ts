import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root as repository, runProcess } from '../run-process.ts';

/** Runs one test file in a process of its own and returns the lines it ends with. */
async function runTests(
  text: string,
  failedStages = '',
): Promise<{ readonly exitCode: number; readonly lines: readonly string[] }> {
  const root = mkdtempSync(join(tmpdir(), 'baton-reporter-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  writeFileSync(join(root, 'one.test.ts'), text);
  const reporter = join(repository, 'tools/closing-line-reporter.ts');
  const { exitCode, output } = await runProcess(
    join(repository, 'node_modules/.bin/vitest'),
    ['run', '--globals', '--root', root, '--reporter', reporter],
    { output: 'keep', cwd: root, env: { BATON_FAILED_STAGES: failedStages } },
  );
  return { exitCode, lines: output.trimEnd().split('\n') };
}

describe('the closing line', () => {
  it('counts what passed, and says why a group was skipped', async () => {
    const { exitCode, lines } = await runTests(`
      it('passes', () => {});
      it('asks', (context) => { context.skip('no rocket here'); });
      describe.skip('needs a rocket', () => { it('a', () => {}); it('b', () => {}); });
    `);
    expect(exitCode).toBe(0);
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 3 skipped');
    expect(lines).toContain('skipped: one.test.ts › asks: no rocket here (1)');
    expect(lines).toContain('skipped: one.test.ts › needs a rocket: see its name (2)');
  });

  it.each([
    ['an import that leads nowhere', "import './nowhere.js';", '0 passed, 1 failed, 0 skipped'],
    ['an error while the file loads', "throw new Error('no');", '0 passed, 1 failed, 0 skipped'],
    ['a red test', "it('x', () => { throw new Error('no'); });", '0 passed, 1 failed, 0 skipped'],
    [
      'a hook',
      "describe('x', () => { beforeAll(() => { throw new Error('no'); }); it('y', () => {}); });",
      '0 passed, 1 failed, 1 skipped',
    ],
    [
      'an error that no test catches',
      "it('x', () => { void Promise.reject(new Error('no')); });",
      '1 passed, 1 failed, 0 skipped',
    ],
  ])('counts %s as a failure', async (_name, text, closingLine) => {
    const { exitCode, lines } = await runTests(text);
    expect(exitCode).not.toBe(0);
    expect(lines.at(-1)).toBe(closingLine);
  });

  it('counts the stages that failed before the tests', async () => {
    const { exitCode, lines } = await runTests("it('passes', () => {});", 'lint,types');
    expect(exitCode).toBe(1);
    expect(lines.slice(-3)).toEqual([
      'failed before the tests: lint',
      'failed before the tests: types',
      '1 passed, 2 failed, 0 skipped',
    ]);
  });
});
