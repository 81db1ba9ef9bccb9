import { formatDuration, plural } from '@baton/core';
import type { CheckFigures, RunFigures } from '../job/check-figures.js';
import { oneLine } from '../text/untrusted-text.js';

/** Whether a run of a check was red. One that didn't run is not. */
export function isRed(run: RunFigures | null): boolean {
  return run !== null && run.exitCode !== 0;
}

/** What a run came to, e.g. `exit 0 · 213 pass · 38 s`. */
export function describeRun(run: RunFigures | null): string {
  if (run === null) return 'not run';
  const exit = run.timedOut ? 'time limit' : run.exitCode === null ? 'ended by a signal' : `exit ${run.exitCode}`;
  const { tests } = run;
  const counts = tests && [
    `${tests.passed} pass`,
    ...(tests.failed > 0 ? [`${tests.failed} fail`] : []),
    ...(tests.skipped > 0 ? [`${tests.skipped} skipped`] : []),
  ];
  return [exit, ...(counts ? [counts.join(', ')] : []), formatDuration(run.durationMs)].join(' · ');
}

/** What follows from a check. By its exit code where its gate doesn't tell, or an earlier version stored it. */
export function verdictOf({ verdict, head, basis }: CheckFigures): NonNullable<CheckFigures['verdict']> {
  if (verdict !== undefined) return verdict;
  if (head === null || basis === 'not-run') return 'not-run';
  return isRed(head) ? 'rework' : 'pass';
}

/** Makes a name, which an agent may have chosen, fit for where it stands. */
export type ShowName = (name: string) => string;

/** What of the names fits into one line of a page, beside the sentence around them. */
const lineOfNames = { all: 200, each: 80 };
/** What a sentence of its own holds: names of suites come first, and what tells tests apart last. */
export const sentenceOfNames = { all: 400, each: 200 };
/** Those that nobody has to look at: fewer of them, each whole. */
const knownNames = { ...lineOfNames, each: sentenceOfNames.each };

/** The first of the names, whole, and how many more there are of them. */
export function listTests(names: readonly string[], count: number, show: ShowName, longest = lineOfNames): string {
  const named = names.map((name) => show(oneLine(name, longest.each)));
  let shown = 1;
  while (shown < named.length && named.slice(0, shown + 1).join(', ').length <= longest.all) shown += 1;
  const more = count > shown ? ` and ${count - shown} more` : '';
  return `${named.slice(0, shown).join(', ')}${more}`;
}

/** Which tests fail that didn't before, the first by name. Empty where none is known by name. */
export function describeNew({ newFailures }: CheckFigures, show: ShowName, longest = lineOfNames): string {
  if (newFailures === undefined) return '';
  const { count, names } = newFailures;
  return `${plural(count, 'test')} newly red: ${listTests(names, count, show, longest)}`;
}

/** Which tests fail, a sentence each: those that are newly red, and those that were red on the base. Empty where none is known by name. */
export function describeFailures(check: CheckFigures, show: ShowName): readonly string[] {
  const { knownFailures } = check;
  const newly = describeNew(check, show, sentenceOfNames);
  const count = knownFailures.length;
  const named = listTests(knownFailures, count, show, knownNames);
  const known = `${plural(count, 'test')} red on the base already and still red: ${named}`;
  return [...(newly === '' ? [] : [`${newly}.`]), ...(count === 0 ? [] : [`${known}.`])];
}
