import assert from 'node:assert/strict';
import type { CheckSummary, Forge } from '@baton/core';
import type { ContractCase } from '../contract.js';
import { type ForgeRig, type HostedCheck, openByBaton } from './rig.js';

type Result = HostedCheck['result'];

/** What is told of checks, by name and result, in the order in which they were started. */
const table: readonly {
  readonly id: string;
  readonly checks: readonly (readonly [name: string, result: Result])[];
  readonly state: CheckSummary['state'];
  readonly failures: readonly string[];
  readonly notes: readonly string[];
}[] = [
  { id: 'one-that-goes-on-is-pending', checks: [['test', 'running']], state: 'pending', failures: [], notes: [] },
  { id: 'one-that-is-green-passed', checks: [['test', 'passed']], state: 'passed', failures: [], notes: [] },
  { id: 'one-that-is-red-failed', checks: [['test', 'failed']], state: 'failed', failures: ['test'], notes: [] },
  {
    id: 'a-red-one-beside-green-ones-is-named',
    checks: [
      ['build', 'passed'],
      ['test', 'failed'],
      ['lint', 'failed'],
    ],
    state: 'failed',
    failures: ['lint', 'test'],
    notes: [],
  },
  {
    id: 'a-newer-green-run-of-the-name-counts',
    checks: [
      ['test', 'failed'],
      ['lint', 'passed'],
      ['test', 'passed'],
    ],
    state: 'passed',
    failures: [],
    notes: [],
  },
  {
    id: 'a-newer-red-run-of-the-name-counts',
    checks: [
      ['test', 'passed'],
      ['test', 'failed'],
    ],
    state: 'failed',
    failures: ['test'],
    notes: [],
  },
  {
    id: 'a-newer-run-that-goes-on-is-waited-for',
    checks: [
      ['test', 'failed'],
      ['test', 'running'],
    ],
    state: 'pending',
    failures: [],
    notes: [],
  },
  {
    id: 'a-cancelled-run-with-a-newer-one-is-forgotten',
    checks: [
      ['test', 'cancelled'],
      ['test', 'passed'],
    ],
    state: 'passed',
    failures: [],
    notes: [],
  },
  {
    id: 'a-cancelled-one-is-no-failure',
    checks: [
      ['test', 'cancelled'],
      ['lint', 'failed'],
    ],
    state: 'failed',
    failures: ['lint'],
    notes: ['test'],
  },
  {
    id: 'all-that-was-cancelled-is-no-result',
    checks: [['test', 'cancelled']],
    state: 'none',
    failures: [],
    notes: ['test'],
  },
  {
    id: 'a-skipped-one-is-no-failure',
    checks: [
      ['docs', 'skipped'],
      ['test', 'passed'],
    ],
    state: 'passed',
    failures: [],
    notes: ['docs'],
  },
  {
    id: 'one-that-waits-for-a-person-is-pending',
    checks: [
      ['test', 'passed'],
      ['deploy', 'waiting'],
    ],
    state: 'pending',
    failures: [],
    notes: ['deploy'],
  },
];

const requires = { what: 'a host that runs checks', holds: (rig: ForgeRig) => rig.setChecks !== undefined };

/** What the host's checks say: of the present head, by the newest run of each, and all of it. */
export const forgeCheckCases: readonly ContractCase<ForgeRig>[] = [
  ...table.map(({ id, checks, state, failures, notes }) => ({
    id: `checks-${id}`,
    requires,
    async run(rig: ForgeRig) {
      const forge = rig.createForge();
      const { id: pullRequestId } = await openByBaton(rig, forge);
      await rig.setChecks?.(pullRequestId, runsOf(checks));
      const told = await checksOf(forge, pullRequestId);
      assert.equal(told.state, state);
      assert.deepEqual(told.failures.map(({ name }) => name).sort(), failures);
      const noted = told.notes.map(({ name }) => name);
      // Some hosts cancel or skip as a whole and name no single check.
      if (noted.length > 0 || notes.length === 0) assert.deepEqual(noted, notes);
      for (const { what } of told.notes) assert.notEqual(what, '');
    },
  })),
  {
    id: 'checks-of-an-earlier-head-say-nothing-of-a-new-one',
    requires,
    async run(rig) {
      const forge = rig.createForge();
      const { id, head } = await openByBaton(rig, forge);
      await rig.setChecks?.(id, runsOf([['test', 'failed']]));
      assert.equal((await checksOf(forge, id)).state, 'failed');
      await rig.push(head);
      const fresh = rig.createForge();
      for (const each of [forge, fresh]) {
        const { state, failures } = await checksOf(each, id);
        assert.notEqual(state, 'failed');
        assert.deepEqual(failures, []);
      }
      await rig.setChecks?.(id, runsOf([['test', 'passed']]));
      assert.equal((await checksOf(forge, id)).state, 'passed');
    },
  },
  {
    id: 'checks-beyond-the-first-pages-are-told',
    requires,
    async run(rig) {
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      const red = new Set([55, 119, 239]);
      const many = Array.from({ length: 240 }, (_, index): readonly [string, Result] => [
        `test (${index})`,
        red.has(index) ? 'failed' : 'passed',
      ]);
      await rig.setChecks?.(id, runsOf(many));
      const { state, failures } = await checksOf(forge, id);
      assert.equal(state, 'failed');
      assert.deepEqual(failures.map(({ name }) => name).sort(), ['test (119)', 'test (239)', 'test (55)']);
    },
  },
];

function runsOf(checks: readonly (readonly [string, Result])[]): readonly HostedCheck[] {
  return checks.map(([name, result]) => ({ name, result }));
}

async function checksOf(forge: Forge, id: string): Promise<CheckSummary> {
  const [observation] = await forge.observe([{ id, cursor: null }]);
  return observation?.checks ?? assert.fail('the pull request is gone');
}
