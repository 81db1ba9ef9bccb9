import { writeSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

function outermostSkippedGroup(test: TestCase): TestSuite | undefined {
  let group: TestSuite | undefined;
  for (let parent = test.parent; parent.type === 'suite'; parent = parent.parent) {
    if (parent.options.mode !== 'run') group = parent;
  }
  return group;
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  if (result.state === 'skipped' && result.note !== undefined) return result.note;
  if (test.options.mode === 'todo') return 'not written yet';
  return test.options.mode === 'skip' ? 'see its name' : 'not run, because something before it failed';
}

/** Counts every way to fail: a test, a hook, an import, an error outside of any test. */
function count(module: TestModule, tally: Tally, skipped: Map<string, number>): void {
  let broken = module.errors().length;
  for (const suite of module.children.allSuites()) broken += suite.errors().length;
  if (module.state() === 'failed' && broken === 0 && [...module.children.allTests()].length === 0) broken = 1;
  tally.failed += broken;
  const file = relative(process.cwd(), module.moduleId);
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed') tally.passed += 1;
    else if (state === 'failed') tally.failed += 1;
    else {
      tally.skipped += 1;
      const name = outermostSkippedGroup(test)?.fullName ?? test.fullName;
      const line = `skipped: ${file} › ${name}: ${reasonOf(test)}`;
      skipped.set(line, (skipped.get(line) ?? 0) + 1);
    }
  }
}

/** Ends a run with `N passed, N failed, N skipped`, the line that CI reads. */
export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const failedStages = (process.env['BATON_FAILED_STAGES'] ?? '').split(',').filter((stage) => stage !== '');
    const tally: Tally = { passed: 0, failed: unhandledErrors.length + failedStages.length, skipped: 0 };
    const skipped = new Map<string, number>();
    for (const module of modules) count(module, tally, skipped);
    const lines = [...skipped].map(([line, tests]) => `${line} (${tests})`);
    lines.push(...failedStages.map((stage) => `failed before the tests: ${stage}`));
    lines.push(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
    // At exit, because other reporters may still print; vitest itself exits red on any failure but a stage's.
    process.once('exit', () => {
      writeSync(1, `${lines.join('\n')}\n`);
      if (failedStages.length > 0) process.exitCode = 1;
    });
  }
}

export default ClosingLineReporter;
