import type { CheckEvidence, GateResult } from '@baton/core';
import { onTestFinished } from 'vitest';
import { type CheckCommand, type CheckGateOptions, createCheckGate } from '../src/index.js';
import { gateInput } from './gate-input.js';
import { createPlainWorkspace, type PlainWorkspace } from './plain-workspace.js';

export type Files = Readonly<Record<string, string>>;

/** A checkout that goes with its test. */
export async function open(files: Files): Promise<PlainWorkspace> {
  const workspace = await createPlainWorkspace(files);
  onTestFinished(() => workspace[Symbol.asyncDispose]());
  return workspace;
}

/** Measures the base, then judges the result, as the engine does. */
export async function judge(
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

export const script = { run: 'sh ./check.sh' };
export const tap = { run: 'sh ./check.sh', report: 'tap' };
export const exits = (code: number, output = ''): Files => ({ 'check.sh': `echo '${output}'; exit ${code}` });
export const tells = (lines: readonly string[], code: number): Files => ({
  'check.sh': `cat <<'EOF'\nTAP version 14\n${lines.join('\n')}\n1..${lines.length}\nEOF\nexit ${code}\n`,
});

/** A suite of node:test over a module whose functions are right where `right` says so. */
export function nodeSuite(right: (index: number) => boolean): Files {
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

export const node = `'${process.execPath}'`;
export const nodeTap = { run: `${node} --test --test-reporter=tap`, report: 'tap' };
export const nodeJunit = {
  run: `${node} --test --test-reporter=junit --test-reporter-destination=junit.xml`,
  report: 'junit.xml',
};
