import { once } from 'node:events';
import { watch } from 'node:fs';
import { type GateRig, gateContract } from '@baton/conformance';
import type { GateInput } from '@baton/core';
import { it } from 'vitest';
import { createCheckGate } from '../../src/index.js';
import { gateInput } from '../gate-input.js';
import { createPlainWorkspace } from '../plain-workspace.js';

const passing = 'echo "TAP version 14"; echo "ok 1 - adds"; echo "ok 2 - subtracts"; echo 1..2';
const junit = 'echo "<testsuite name=\\"s\\"><testcase name=\\"t\\"/></testsuite>" > junit.xml';

async function createRig(): Promise<GateRig> {
  const base = await createPlainWorkspace({ 'unit.sh': passing, 'lint.sh': junit });
  const head = await createPlainWorkspace();
  const bare = await createPlainWorkspace();
  const gate = createCheckGate({
    commands: [
      { name: 'unit', run: 'sh ./unit.sh', report: 'tap' },
      { name: 'lint', run: 'sh ./lint.sh', report: 'junit.xml' },
    ],
    flakeRetries: 0,
  });
  const situation = async (unit: string, before = passing): Promise<GateInput> => {
    await base.put({ 'unit.sh': before });
    await head.put({ 'unit.sh': unit, 'lint.sh': junit });
    return gateInput(head, { baseline: (await gate.baseline?.(base)) ?? [] });
  };
  return {
    gate,
    checks: ['unit', 'lint'],
    situations: {
      pass: () => situation(passing),
      rework: () => situation('echo "ok 1 - adds"; echo "not ok 2 - subtracts"; echo 1..2; exit 1'),
      hold: () => situation('echo "ok 1 - adds"; echo 1..1'),
      'not-run': () => situation('exit 127', 'exit 127'),
    },
    async proof() {
      const tests = {
        'unit.sh':
          'value=$(cat value); echo "$value"; test "$value" = right && echo "ok 1 - is right" || echo "not ok 1 - is right"; echo "ok 2 - adds"; cmp -s value value.snap && echo "ok 3 - as recorded" || echo "not ok 3 - as recorded"; echo 1..3',
      };
      await base.put({ 'unit.sh': passing, value: 'wrong\n', 'value.snap': 'wrong\n' });
      const baseline = (await gate.baseline?.(base)) ?? [];
      await head.put({ ...tests, 'lint.sh': junit, value: 'right\n', 'value.snap': 'right\n' });
      const { checks } = await gate.check(gateInput(head, { baseline }));
      await base.put({ ...tests, 'value.snap': 'right\n' });
      await bare.put({ ...tests, 'lint.sh': junit, value: 'right\n', 'value.snap': 'wrong\n' });
      return { input: { checkout: base, unrecorded: bare, result: head, checks }, shown: ['is right'] };
    },
    async hanging() {
      const input = await situation('sleep 1000 & touch "$HOME/begun"; sleep 1000');
      const watcher = watch(head.scratch);
      const begun = once(watcher, 'change').then(() => watcher.close());
      return { input, begun };
    },
    processes: async () => [...base.alive(), ...head.alive(), ...bare.alive()],
    async dispose() {
      await base[Symbol.asyncDispose]();
      await head[Symbol.asyncDispose]();
      await bare[Symbol.asyncDispose]();
    },
  };
}

gateContract(it, createRig);
