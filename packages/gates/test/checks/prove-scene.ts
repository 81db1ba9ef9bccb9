import type { CheckProof } from '@baton/core';
import { type CheckCommand, createCheckGate } from '../../src/index.js';
import { type Files, open } from '../check-scene.js';
import { gateInput } from '../gate-input.js';

/** A change: what it does to tests, recordings apart, and to everything else. */
export interface ProvedChange {
  readonly base: Files;
  readonly tests: Files;
  readonly code: Files;
  /** Default: none. */
  readonly recordings?: Files;
}

/** Has a gate prove a change by one command. */
export async function prove(command: Omit<CheckCommand, 'name'>, change: ProvedChange): Promise<CheckProof> {
  const [proof] = await proveBy([{ name: 'test', ...command }], change);
  if (proof === undefined) throw new Error('nothing was proved');
  return proof;
}

/** As the engine does: it is run on the base, on the result, and on the base with the tests. */
export async function proveBy(
  commands: readonly CheckCommand[],
  { base, tests, code, recordings = {} }: ProvedChange,
): Promise<readonly CheckProof[]> {
  const gate = createCheckGate({ commands, flakeRetries: 1 });
  const baseline = (await gate.baseline?.(await open(base))) ?? [];
  const result = await open({ ...base, ...tests, ...recordings, ...code });
  const { checks } = await gate.check(gateInput(result, { baseline }));
  const recorded = Object.keys(recordings).length > 0;
  if (gate.prove === undefined) throw new Error('a gate that proves nothing');
  return await gate.prove({
    checkout: await open({ ...base, ...tests, ...recordings }),
    result,
    unrecorded: recorded ? await open(withoutNew({ ...base, ...tests, ...code }, base, recordings)) : null,
    checks,
  });
}

/** Recordings that the change brought are gone, others are the base's. */
function withoutNew(files: Files, base: Files, recordings: Files): Files {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !(path in recordings) || path in base));
}

/** Names of tests that show the change, and those that do not, by why. */
export function namesOf(proof: CheckProof): Readonly<Record<string, readonly string[]>> {
  if (proof.basis !== 'tests') return { [proof.isShown ? 'by exit code' : proof.reason]: [] };
  const unshown = Object.entries(proof.unshown).filter(([, names]) => names.length > 0);
  const shown = proof.shown.map(({ name }) => name);
  return { ...(shown.length > 0 && { shown }), ...Object.fromEntries(unshown) };
}
