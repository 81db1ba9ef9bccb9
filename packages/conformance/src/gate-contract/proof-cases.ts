import assert from 'node:assert/strict';
import type { CheckProof, ProofInput } from '@baton/core';
import type { ContractCase } from '../contract.js';
import type { GateRig } from './rig.js';
import { watched } from './watched.js';

const proves: Pick<ContractCase<GateRig>, 'requires'> = {
  requires: { what: 'a gate that proves', holds: (rig) => rig.proof !== undefined },
};

/** What a gate keeps to that proves changes. */
export const proofCases: readonly ContractCase<GateRig>[] = [
  {
    id: 'shown-is-what-fails-on-the-base-and-passes-on-the-result',
    ...proves,
    async run(rig) {
      const { proofs, input, shown } = await proofOf(rig);
      assert.deepEqual(
        proofs.flatMap((proof) => (proof.basis === 'tests' ? proof.shown : [])).map(({ name }) => name),
        shown,
      );
      for (const proof of proofs) {
        const check = input.checks.find(({ name }) => name === proof.name) ?? assert.fail(`no check is ${proof.name}`);
        const passed = (check.head?.tests ?? []).filter(({ status }) => status === 'passed').map(({ name }) => name);
        const told =
          proof.basis === 'tests'
            ? [...proof.shown.map(({ name }) => name), ...Object.values(proof.unshown).flat()]
            : [];
        for (const test of told) assert.ok(passed.includes(test), `${test} didn't pass on the result`);
        assert.equal(new Set(told).size, told.length, 'a test is told of twice');
      }
    },
  },
  {
    id: 'a-proof-can-be-shown-and-stored',
    ...proves,
    async run(rig) {
      const { proofs } = await proofOf(rig);
      for (const proof of proofs) {
        if (proof.basis === 'tests') {
          for (const { failure } of proof.shown) assert.match(failure, /^[^\p{Cc}\p{Cf}]{0,300}$/u);
        } else if (!proof.isShown) assert.match(proof.reason, /\S/, 'not shown, without a word');
      }
      assert.deepEqual(JSON.parse(JSON.stringify(proofs)), proofs);
    },
  },
  {
    id: 'a-proof-runs-on-what-was-made-new-and-leaves-nothing',
    ...proves,
    async run(rig) {
      const used: string[] = [];
      await proofOf(rig, (input) => ({
        ...input,
        checkout: watched(input.checkout, used),
        unrecorded: input.unrecorded && watched(input.unrecorded, used),
        result: watched(input.result, used),
      }));
      assert.equal(used[0], 'renewed');
      assert.ok(used.filter((each) => each === 'renewed').length >= 2, 'what was recorded was never taken away');
      assert.deepEqual(await rig.processes(), []);
      const reason = new Error('stopped before');
      await assert.rejects(
        proofOf(rig, (input) => input, AbortSignal.abort(reason)),
        (error) => error === reason,
      );
    },
  },
];

async function proofOf(
  { gate, proof }: GateRig,
  change: (input: ProofInput) => ProofInput = (input) => input,
  signal?: AbortSignal,
): Promise<{ readonly proofs: readonly CheckProof[]; readonly input: ProofInput; readonly shown: readonly string[] }> {
  const { input, shown } = (await proof?.()) ?? assert.fail('the rig promised a proof');
  const proofs = (await gate.prove?.(change(input), { ...(signal && { signal }) })) ?? assert.fail('no proof');
  return { proofs, input, shown };
}
