import type { CheckProof, ShownTest, UnshownReason } from '@baton/core';
import { oneLine } from '../text/untrusted-text.js';

/** Tests by name, small enough to be stored with the job. */
export interface NamedTests {
  readonly count: number;
  /** The first of them. */
  readonly names: readonly string[];
}

/** What the tests of a change show of it, small enough to be stored with the job. */
export interface ProofFigures {
  readonly verdict: 'shown' | 'by-exit-code' | 'not-shown';
  /** Tests that fail on the base and pass on the result: how many, and the first of them, each with its check. */
  readonly shown: { readonly count: number; readonly tests: readonly (ShownTest & { readonly check: string })[] };
  /** Tests that show nothing, by why. A reason without any is absent. */
  readonly unshown: Readonly<Partial<Record<UnshownReason, NamedTests>>>;
  /** Checks that tell of no test, and turned green. */
  readonly byExitCode: readonly string[];
  /** Why no more was shown, a sentence each. */
  readonly notes: readonly string[];
}

const mostShown = 10;
const mostNames = 5;
const longestName = 200;
const longestFailure = 300;
const mostChecks = 20;
const longestNote = 500;

const nameOf = (name: string): string => oneLine(name, longestName);

/** Nothing was run, since there is nothing to run. `note`: why, as a sentence. */
export function proveNothing(note: string): ProofFigures {
  return { verdict: 'not-shown', shown: { count: 0, tests: [] }, unshown: {}, byExitCode: [], notes: [note] };
}

/** Counts what gates proved. */
export function mapProofFigures(proofs: readonly CheckProof[]): ProofFigures {
  const byTests = proofs.filter((proof) => proof.basis === 'tests');
  const byCode = proofs.filter((proof) => proof.basis === 'exit-code');
  const shown = byTests.flatMap(({ name: check, shown: tests }) => tests.map((test) => ({ ...test, check })));
  const turned = byCode.filter(({ isShown }) => isShown).map(({ name }) => nameOf(name));
  const notes = byCode.flatMap((proof) => (proof.isShown ? [] : [`${proof.name}: ${proof.reason}`]));
  return {
    verdict: shown.length > 0 ? 'shown' : turned.length > 0 ? 'by-exit-code' : 'not-shown',
    shown: {
      count: shown.length,
      tests: shown.slice(0, mostShown).map(({ check, name, failure }) => ({
        check: nameOf(check),
        name: nameOf(name),
        failure: oneLine(failure, longestFailure),
      })),
    },
    unshown: mapUnshown(byTests.map(({ unshown }) => unshown)),
    byExitCode: turned.slice(0, mostChecks),
    notes: notes.slice(0, mostChecks).map((note) => oneLine(note, longestNote)),
  };
}

/** In the order in which people are told of them. */
export const unshownReasons: readonly UnshownReason[] = ['guard', 'not-run', 'was-red', 'recorded', 'alike', 'flaky'];

type Unshown = Extract<CheckProof, { basis: 'tests' }>['unshown'];

function mapUnshown(each: readonly Unshown[]): ProofFigures['unshown'] {
  return Object.fromEntries(
    unshownReasons.flatMap((reason) => {
      const names = each.flatMap((unshown) => unshown[reason]);
      return names.length === 0
        ? []
        : [[reason, { count: names.length, names: names.slice(0, mostNames).map(nameOf) }]];
    }),
  );
}
