import type { CheckRun } from '@baton/core';
import { listNames } from './clean-output.js';

/** What one check says of a tree. */
export interface Comparison {
  readonly verdict: 'pass' | 'rework' | 'hold' | 'not-run';
  readonly basis: 'tests' | 'exit-code' | 'not-run';
  /** One sentence without the name of the check: `2 tests fail that passed on the base.` */
  readonly reason: string;
  /** Tests that fail here and may not. */
  readonly newFailures: readonly string[];
  /** Tests that fail here and may. */
  readonly knownFailures: readonly string[];
  /** Passed on the base, not there any more. */
  readonly vanished: readonly string[];
  /** Ran on the base, skipped here. */
  readonly newlySkipped: readonly string[];
  /** Tracked files that the run changed, and that the base's run leaves alone: see `refuseAlteration`. */
  readonly altered: readonly string[];
  readonly notes: readonly string[];
  /** Whether another run could tell otherwise. */
  readonly mayBeFlaky: boolean;
}

type Judged = Pick<Comparison, 'verdict' | 'basis' | 'reason'> & Partial<Comparison>;

/**
 * Sets a run on the result beside the run on the base. Test by test where both tell their tests; else by exit
 * code, and then a check that was red on the base and ends here in the same way passes with a note: whether
 * it is the same failure, an exit code can't tell, and an agent that is sent back for what was red before it
 * came would be sent back for ever (G27). A different ending is news, and goes back.
 */
export function compareRuns(base: CheckRun | null, head: CheckRun, allowed: ReadonlySet<string>): Comparison {
  return {
    newFailures: [],
    knownFailures: [],
    vanished: [],
    newlySkipped: [],
    altered: [],
    notes: [],
    mayBeFlaky: false,
    ...judge(base, head, allowed),
  };
}

/** How a run ended, as people say it. */
export function describeEnding(run: Pick<CheckRun, 'exitCode' | 'timedOut' | 'durationMs'>): string {
  if (run.timedOut) return `did not finish within ${formatDuration(run.durationMs)}`;
  if (run.exitCode === null) return 'was ended by a signal';
  if (run.exitCode === 127) return 'exit code 127 (command not found)';
  if (run.exitCode === 126) return 'exit code 126 (not executable)';
  // What a shell tells of a child that a signal ended (POSIX: above 128).
  if (run.exitCode > 128 && run.exitCode < 160) {
    return `exit code ${run.exitCode} (ended by signal ${run.exitCode - 128})`;
  }
  return `exit code ${run.exitCode}`;
}

function judge(base: CheckRun | null, head: CheckRun, allowed: ReadonlySet<string>): Judged {
  const sameEnding = base !== null && base.timedOut === head.timedOut && base.exitCode === head.exitCode;
  const started = head.timedOut || head.tests !== null || (head.exitCode !== 127 && head.exitCode !== 126);
  if (!started && (base === null || sameEnding)) {
    return {
      verdict: 'not-run',
      basis: 'not-run',
      reason: `It could not be run: ${describeEnding(head)}${base === null ? '' : ', on the base too'}.`,
    };
  }
  if (head.timedOut) return byEnding(base, head, sameEnding);
  if (head.tests !== null && (base === null || base.tests !== null)) {
    if (head.tests.length > 0 || (base?.tests?.length ?? 0) > 0) {
      return byTests({ base, baseTests: base?.tests ?? null, head, headTests: head.tests, allowed });
    }
  } else if (base?.tests && base.tests.length > 0) {
    return withoutReport(base.tests.length, head);
  }
  return byEnding(base, head, sameEnding);
}

function byEnding(base: CheckRun | null, head: CheckRun, sameEnding: boolean): Judged {
  if (head.exitCode === 0 && !head.timedOut) return { verdict: 'pass', basis: 'exit-code', reason: 'Exit code 0.' };
  const ending = describeEnding(head);
  if (sameEnding) {
    const note = `Red on the base already, and stays red: ${ending} on both. Exit codes alone can't tell an old failure from a new one.`;
    return { verdict: 'pass', basis: 'exit-code', reason: note, notes: [note] };
  }
  const before = base === null ? '' : `; on the base: ${describeEnding(base)}`;
  return {
    verdict: 'rework',
    basis: 'exit-code',
    reason: `${capitalise(ending)}${before}.`,
    mayBeFlaky: !head.timedOut && (base === null || base.exitCode === 0),
  };
}

/** The base told its tests and this doesn't: a report that was switched off must not pass for one without failures. */
function withoutReport(baseTests: number, head: CheckRun): Judged {
  const lost = `the base ran ${baseTests} tests and reported them, this left no report that can be read`;
  if (head.exitCode === 0) {
    const note = `Exit code 0, but ${lost}.`;
    return { verdict: 'hold', basis: 'exit-code', reason: note, notes: [note] };
  }
  const reason = `${capitalise(describeEnding(head))}; ${lost}.`;
  return { verdict: 'rework', basis: 'exit-code', reason, mayBeFlaky: true };
}

function byTests(runs: {
  readonly base: CheckRun | null;
  readonly baseTests: CheckRun['tests'];
  readonly head: CheckRun;
  readonly headTests: NonNullable<CheckRun['tests']>;
  readonly allowed: ReadonlySet<string>;
}): Judged {
  const { base, head, headTests, allowed } = runs;
  const before = new Map(runs.baseTests?.map(({ name, status }) => [name, status]));
  const now = new Map(headTests.map(({ name, status }) => [name, status]));
  const failing = headTests.filter(({ status }) => status === 'failed').map(({ name }) => name);
  const isKnown = (name: string): boolean => before.get(name) === 'failed' || allowed.has(name);
  const knownFailures = failing.filter(isKnown);
  const newFailures = failing.filter((name) => !isKnown(name));
  const gone = [...before.keys()].filter((name) => !now.has(name));
  const vanished = gone.filter((name) => before.get(name) === 'passed');
  const skipped = headTests.filter(({ status }) => status === 'skipped').map(({ name }) => name);
  const newlySkipped = skipped.filter((name) => before.has(name) && before.get(name) !== 'skipped');
  const found = { basis: 'tests', knownFailures, newFailures, vanished, newlySkipped } as const;
  const losses = [
    ...sentence(vanished, 'passed on the base and', 'not there any more'),
    ...sentence(newlySkipped, 'ran on the base and', 'skipped now'),
  ];
  const notes = [
    ...losses,
    ...sentence(
      gone.filter((name) => before.get(name) === 'failed'),
      'failed on the base and',
      'not there any more',
    ),
    ...sentence(base === null ? [] : skipped.filter((name) => !before.has(name)), 'new and', 'skipped'),
  ];
  if (newFailures.length > 0) {
    const reason = `${countOf(newFailures, 'test')} ${newFailures.length === 1 ? 'fails' : 'fail'} that ${base === null ? 'may not' : 'did not fail on the base'}.`;
    return { ...found, verdict: 'rework', reason, notes, mayBeFlaky: true };
  }
  if (head.exitCode !== 0 && failing.length === 0) {
    const ending = `${capitalise(describeEnding(head))}, though no test failed`;
    if (base === null || base.exitCode === 0) {
      return { ...found, verdict: 'rework', reason: `${ending}.`, notes, mayBeFlaky: true };
    }
    notes.push(`${ending}; the base was red too (${describeEnding(base)}), so whether this is new can't be told.`);
  }
  if (losses.length > 0) return { ...found, verdict: 'hold', reason: losses.join(' '), notes };
  return { ...found, verdict: 'pass', reason: 'No test fails that did not fail before.', notes };
}

function sentence(names: readonly string[], before: string, now: string): readonly string[] {
  if (names.length === 0) return [];
  const be = names.length === 1 ? 'is' : 'are';
  return [
    `${countOf(names, 'test')} ${before === 'new and' ? `${be} ` : ''}${before} ${be} ${now}: ${listNames(names)}.`,
  ];
}

function countOf(names: readonly string[], noun: string): string {
  return names.length === 1 ? `1 ${noun}` : `${names.length} ${noun}s`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function formatDuration(milliseconds: number): string {
  return milliseconds < 120_000
    ? `${Math.round(milliseconds / 100) / 10} s`
    : `${Math.round(milliseconds / 60_000)} min`;
}
