import { plural, type UnshownReason } from '@baton/core';
import { type ProofFigures, unshownReasons } from '../job/proof-figures.js';
import { listTests, type ShowName, sentenceOfNames } from './describe-check.js';

/** What is said of tests that show nothing: of one, and of several. */
const unshownWords: Readonly<Record<UnshownReason, readonly [one: string, several: string]>> = {
  guard: ['passes on the base too, so it proves nothing', 'pass on the base too, so they prove nothing'],
  'not-run': ["could not run on the base's code", "could not run on the base's code"],
  'was-red': ['failed on the base already, and passes now', 'failed on the base already, and pass now'],
  recorded: ['passes only with what the change recorded', 'pass only with what the change recorded'],
  alike: [
    'has a name that others have, so which of them failed is not known',
    'have names that others have, so which of them failed is not known',
  ],
  flaky: ['fails in one run and not in another', 'fail in one run and not in another'],
};

/** Whether the change is shown to do something, in a sentence without its full stop. */
export function describeProof({ verdict, shown, byExitCode }: ProofFigures, show: ShowName): string {
  switch (verdict) {
    case 'shown': {
      const fail = shown.count === 1 ? 'fails' : 'fail';
      const pass = shown.count === 1 ? 'passes' : 'pass';
      return `${plural(shown.count, 'test')} of this change ${fail} on the base and ${pass} with it`;
    }
    case 'by-exit-code':
      return `by exit code: ${listTests(byExitCode, byExitCode.length, show)} is red on the base with the tests of this change, and green with all of it`;
    case 'not-shown':
      return 'not shown: no test fails on the base and passes with this change';
  }
}

/** What was not shown, and why, a sentence each. Tests that guard what was so before are told where nothing else shows anything. */
export function describeUnshown({ verdict, unshown, notes }: ProofFigures, show: ShowName): readonly string[] {
  const told = unshownReasons.flatMap((reason) => {
    const tests = unshown[reason];
    if (tests === undefined || (reason === 'guard' && verdict !== 'not-shown')) return [];
    const names = listTests(tests.names, tests.count, show, sentenceOfNames);
    const [one, several] = unshownWords[reason];
    return [`${plural(tests.count, 'test')} ${tests.count === 1 ? one : several}: ${names}.`];
  });
  return [...told, ...notes];
}
