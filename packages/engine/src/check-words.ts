import type { RunFigures } from './check-figures.js';
import { formatDuration, plural } from './format.js';
import { codeSpan } from './untrusted-text.js';

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

/** What of the names fits into one line of a page, beside the sentence around them. */
const longestNames = 200;
const longestName = 80;

/** How many tests or checks are red on the base already, in Markdown; the first by name, whole. Empty where none is. */
export function describeKnown(knownFailures: readonly string[]): string {
  if (knownFailures.length === 0) return '';
  return `${plural(knownFailures.length, 'test')} red on the base already and still red: ${listTests(knownFailures)}.`;
}

/** Tests by name in a sentence, in Markdown: the first by name, whole, and how many more there are. */
export function listTests(names: readonly string[]): string {
  const named = names.map((name) => `\`${codeSpan(name, { longest: longestName })}\``);
  let shown = 1;
  while (shown < named.length && named.slice(0, shown + 1).join(', ').length <= longestNames) shown += 1;
  const more = named.length > shown ? ` and ${named.length - shown} more` : '';
  return `${named.slice(0, shown).join(', ')}${more}`;
}
