import type { RunFigures } from './check-figures.js';
import { formatDuration, plural } from './format.js';

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

/** How many tests or checks are red on the base already, in words. Empty where none is. */
export function describeKnown(knownFailures: readonly string[]): string {
  if (knownFailures.length === 0) return '';
  const named = knownFailures.slice(0, 20).map((name) => `\`${name.replaceAll('`', "'")}\``);
  const more = knownFailures.length > named.length ? ` and ${knownFailures.length - named.length} more` : '';
  return `${plural(knownFailures.length, 'test')} red on the base already and still red: ${named.join(', ')}${more}.`;
}
