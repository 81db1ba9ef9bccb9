import type { CheckProof, Gate, GateResult, ShownTest } from '@baton/core';
import { outcomes } from '../job/outcomes.js';
import { unshownReasons } from '../job/proof-figures.js';

/** What an answer has to say beside its verdict. */
const saidWith: { readonly [Verdict in GateResult['verdict']]: readonly string[] } = {
  pass: [],
  rework: ['feedback'],
  hold: ['reason'],
  stop: ['outcome', 'reason'],
  'not-run': ['reason'],
};

/**
 * What a gate answered. Its package may have been written without types: an answer that is none lets nothing pass, a
 * person decides, and is told which gate it was.
 */
export function checkAnswer({ id }: Pick<Gate, 'id'>, answer: GateResult): GateResult {
  const flaw = findFlaw(answer);
  if (flaw === null) return answer;
  return { verdict: 'hold', checks: [], reason: `The gate ${id} gave an answer that is none: ${flaw}.` };
}

/** What a gate proved. Where that is no proof, nothing was shown, and people are told which gate it was. */
export function checkProofs({ id }: Pick<Gate, 'id'>, answer: readonly CheckProof[]): readonly CheckProof[] {
  if (Array.isArray(answer) && answer.every(isProof)) return answer;
  return [{ name: id, basis: 'exit-code', isShown: false, reason: 'The gate gave an answer that is no proof.' }];
}

function isProof(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || typeof Reflect.get(answer, 'name') !== 'string') return false;
  if (Reflect.get(answer, 'basis') === 'exit-code') {
    return Reflect.get(answer, 'isShown') === true || typeof Reflect.get(answer, 'reason') === 'string';
  }
  const [shown, unshown]: readonly unknown[] = [Reflect.get(answer, 'shown'), Reflect.get(answer, 'unshown')];
  if (Reflect.get(answer, 'basis') !== 'tests' || typeof unshown !== 'object' || unshown === null) return false;
  const areNames = (names: unknown): boolean => Array.isArray(names) && names.every((name) => typeof name === 'string');
  return (
    Array.isArray(shown) &&
    areNames(shown.flatMap((test: Partial<ShownTest> | null) => [test?.name, test?.failure])) &&
    unshownReasons.every((reason) => areNames(Reflect.get(unshown, reason)))
  );
}

function findFlaw(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null) return 'it is no object';
  const verdict: unknown = Reflect.get(answer, 'verdict');
  if (typeof verdict !== 'string' || !Object.hasOwn(saidWith, verdict)) {
    return `its verdict is none of ${Object.keys(saidWith).join(', ')}`;
  }
  if (!Array.isArray(Reflect.get(answer, 'checks'))) return 'it has no list of checks';
  const missing = Object.entries(saidWith)
    .flatMap(([each, fields]) => (each === verdict ? fields : []))
    .find((field) => typeof Reflect.get(answer, field) !== 'string' || Reflect.get(answer, field) === '');
  if (missing !== undefined) return `its verdict is ${verdict}, and it has no ${missing}`;
  const isKnown = verdict !== 'stop' || Object.hasOwn(outcomes, String(Reflect.get(answer, 'outcome')));
  return isKnown ? null : `its outcome is none of ${Object.keys(outcomes).join(', ')}`;
}
