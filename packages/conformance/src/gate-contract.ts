import assert from 'node:assert/strict';
import type { CheckEvidence, GateInput, GateResult } from '@baton/core';
import { type ContractCase, type ContractSuite, defineContract } from './contract.js';
import { proofCases } from './gate-contract/proof-cases.js';
import type { GateRig } from './gate-contract/rig.js';
import { watched } from './gate-contract/watched.js';

const canHang: Pick<ContractCase<GateRig>, 'requires'> = {
  requires: { what: 'an input that the gate hangs on', holds: (rig) => rig.hanging !== undefined },
};

/** Which verdict counts where a gate's checks differ: what can be mended is mended first. */
const graveness: Readonly<Record<GateResult['verdict'], number>> = {
  pass: 0,
  hold: 1,
  'not-run': 2,
  rework: 3,
  stop: 4,
};

const hasBaseline: Pick<ContractCase<GateRig>, 'requires'> = {
  requires: { what: 'a gate with a baseline', holds: (rig) => rig.gate.baseline !== undefined },
};

/** What every gate keeps to, whatever it looks at. */
export const gateContract: ContractSuite<GateRig> = defineContract<GateRig>('gate', [
  {
    id: 'says-which-contract-it-speaks-and-who-it-is',
    async run({ gate }) {
      assert.equal(gate.spec, 'gate/1');
      assert.match(gate.id, /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    },
  },
  {
    id: 'a-verdict-is-a-value-and-says-why',
    async run(rig) {
      await eachSituation(rig, async (verdict, input) => {
        const result = await rig.gate.check(input);
        assert.equal(result.verdict, verdict, explain(result));
        assert.notEqual(explain(result).trim(), '', `${verdict} without a word`);
        for (const note of result.notes ?? [])
          assert.match(note, /^[^\n\r]*\S[^\n\r]*$/, 'a note is one line of words');
      });
    },
  },
  {
    id: 'tests-and-what-steers-checks-are-of-the-change-and-what-steers-is-told',
    async run(rig) {
      await eachSituation(rig, async (_verdict, input) => {
        const { steers = [], tests = [], recordings = [], notes = [] } = await rig.gate.check(input);
        const touched = input.changes.flatMap(({ path, oldPath }) => (oldPath === null ? [path] : [path, oldPath]));
        for (const path of [...steers, ...tests]) {
          assert.ok(touched.includes(path), `${JSON.stringify(path)} is no path of the change`);
        }
        for (const path of recordings) assert.ok(tests.includes(path), `${JSON.stringify(path)} is no test's`);
        if (steers.length > 0) assert.notDeepEqual(notes, [], 'nothing is told of what steers checks');
      });
    },
  },
  {
    id: 'the-same-tree-gets-the-same-verdict-again',
    async run(rig) {
      await eachSituation(rig, async (verdict, input) => {
        await rig.gate.check(input);
        assert.equal((await rig.gate.check(input)).verdict, verdict);
      });
    },
  },
  {
    id: 'evidence-names-every-check-whatever-the-verdict',
    async run(rig) {
      await eachSituation(rig, async (_verdict, input) => {
        const { checks } = await rig.gate.check(input);
        assert.deepEqual(
          checks.map(({ name }) => name),
          rig.checks,
        );
      });
    },
  },
  {
    id: 'evidence-is-of-one-piece-and-can-be-stored',
    async run(rig) {
      await eachSituation(rig, async (_verdict, input) => {
        const { checks } = await rig.gate.check(input);
        for (const check of checks) checkEvidence(check);
        assert.deepEqual(JSON.parse(JSON.stringify(checks)), checks);
      });
    },
  },
  {
    id: 'what-did-not-run-is-never-passed',
    async run(rig) {
      await eachSituation(rig, async (_verdict, input) => {
        const { verdict, checks } = await rig.gate.check(input);
        const open = checks.filter(({ basis, head }) => basis === 'not-run' || head === null);
        if (verdict === 'pass') assert.deepEqual(open, []);
        if (verdict === 'not-run' && checks.length > 0) assert.notDeepEqual(open, [], 'every check has run');
      });
    },
  },
  {
    id: 'a-check-tells-nothing-graver-than-the-whole',
    async run(rig) {
      await eachSituation(rig, async (verdict, input) => {
        const { checks } = await rig.gate.check(input);
        for (const check of checks) {
          const own = check.verdict ?? 'pass';
          assert.ok(graveness[own] <= graveness[verdict], `${check.name} is ${own} where the whole is ${verdict}`);
        }
      });
    },
  },
  {
    id: 'what-fails-newly-fails-and-was-no-known-failure',
    async run(rig) {
      await eachSituation(rig, async (_verdict, input) => {
        for (const { name, head, newFailures = [], knownFailures, verdict } of (await rig.gate.check(input)).checks) {
          const failed = (head?.tests ?? []).filter(({ status }) => status === 'failed').map((test) => test.name);
          for (const test of newFailures) {
            assert.ok(failed.includes(test), `${name}: ${test} is newly red, and didn't fail`);
            assert.ok(!knownFailures.includes(test), `${name}: ${test} is newly red, and known to be`);
          }
          if (newFailures.length > 0) assert.notEqual(verdict, 'pass', `${name} passed with tests that are newly red`);
        }
      });
    },
  },
  {
    id: 'evidence-carries-what-the-base-did',
    ...hasBaseline,
    async run(rig) {
      await eachSituation(rig, async (_verdict, input) => {
        const { checks } = await rig.gate.check(input);
        for (const check of checks) {
          const before = input.baseline.find(({ name }) => name === check.name);
          assert.deepEqual(check.base, before?.base ?? null, `base of ${check.name}`);
        }
      });
    },
  },
  {
    id: 'a-baseline-tells-of-the-base-alone-and-every-check',
    ...hasBaseline,
    async run(rig) {
      await eachSituation(rig, async (_verdict, input) => {
        const evidence = (await rig.gate.baseline?.(input.checkout)) ?? [];
        assert.deepEqual(
          evidence.map(({ name }) => name),
          rig.checks,
        );
        for (const check of evidence) {
          assert.equal(check.head, null, `head of ${check.name}`);
          assert.equal(check.verdict, undefined, `a verdict on the base of ${check.name}`);
          assert.equal(check.base === null, check.basis === 'not-run', `${check.name}: base and basis disagree`);
        }
        assert.deepEqual(JSON.parse(JSON.stringify(evidence)), evidence);
      });
    },
  },
  {
    id: 'nothing-runs-on-what-another-run-left',
    async run(rig) {
      await eachSituation(rig, async (verdict, input) => {
        const used: string[] = [];
        await rig.gate.check({ ...input, checkout: watched(input.checkout, used) });
        assert.notEqual(used[0], 'used', `${verdict}: the checkout was used before it was made new`);
        assert.equal(await input.readText('no/such/file'), null);
      });
    },
  },
  {
    id: 'nothing-runs-on-after-a-verdict',
    async run(rig) {
      await eachSituation(rig, async (_verdict, input) => {
        await rig.gate.check(input);
        assert.deepEqual(await rig.processes(), []);
      });
    },
  },
  ...proofCases,
  {
    id: 'aborted-before-it-begins-it-rejects-with-the-reason',
    async run(rig) {
      const reason = new Error('stopped before');
      await eachSituation(rig, async (_verdict, input) => {
        const call = { signal: AbortSignal.abort(reason) };
        await assert.rejects(rig.gate.check(input, call), (error) => error === reason);
        if (rig.gate.baseline) {
          await assert.rejects(rig.gate.baseline(input.checkout, call), (error) => error === reason);
        }
        assert.deepEqual(await rig.processes(), []);
      });
    },
  },
  {
    id: 'aborted-on-the-way-it-rejects-with-the-reason-and-leaves-nothing',
    ...canHang,
    async run(rig) {
      const { input, begun } = (await rig.hanging?.()) ?? assert.fail('the rig promised an input that hangs');
      const abort = new AbortController();
      const reason = new Error('stopped on the way');
      const checked = rig.gate.check(input, { signal: abort.signal });
      // Else a verdict before the abort would wait for ever.
      await Promise.race([begun, checked.then((result) => assert.fail(`did not hang: ${result.verdict}`))]);
      abort.abort(reason);
      await assert.rejects(checked, (error) => error === reason);
      assert.deepEqual(await rig.processes(), []);
    },
  },
]);

async function eachSituation(
  rig: GateRig,
  look: (verdict: GateResult['verdict'], input: GateInput) => Promise<void>,
): Promise<void> {
  const verdicts: readonly GateResult['verdict'][] = ['pass', 'rework', 'hold', 'stop', 'not-run'];
  const known = verdicts.flatMap((verdict) => {
    const make = rig.situations[verdict];
    return make === undefined ? [] : [{ verdict, make }];
  });
  assert.ok(
    known.length > 1,
    'the rig needs situations with at least two verdicts: a gate that says one thing judges nothing',
  );
  for (const { verdict, make } of known) await look(verdict, await make());
}

function explain(result: GateResult): string {
  switch (result.verdict) {
    case 'pass':
      return 'pass';
    case 'rework':
      return result.feedback;
    case 'hold':
    case 'stop':
    case 'not-run':
      return result.reason;
  }
}

function checkEvidence(check: CheckEvidence): void {
  if (check.basis !== 'not-run') assert.notEqual(check.head, null, `${check.name} is judged by a run that isn't told`);
  if (check.basis === 'tests') {
    assert.notEqual(check.head?.tests ?? null, null, `${check.name} is judged by tests that aren't told`);
  }
  for (const run of [check.base, check.head]) {
    if (run === null) continue;
    assert.ok(run.durationMs >= 0, `${check.name}: a duration below zero`);
    if (run.timedOut) assert.equal(run.exitCode, null, `${check.name}: an exit code after the time limit`);
    const names = (run.tests ?? []).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length, `${check.name}: two tests with one name`);
    assert.ok(run.excerpt.length <= 100_000, `${check.name}: an excerpt of ${run.excerpt.length} characters`);
  }
}
