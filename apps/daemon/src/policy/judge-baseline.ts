import { BatonError, type CheckEvidence, type Diagnosis, messageOf } from '@baton/core';
import type { Baton, FoundPolicy } from '@baton/engine';
import { placeOf } from './base-policy.js';

/** One line of the doctor about a project's base branch. */
export interface BaselineFinding extends Diagnosis {
  readonly subject: string;
  readonly severity: 'failure' | 'warning';
}

interface Measured {
  readonly subject: string;
  readonly place: string;
  /** Names of tests that may stay red, as the check gate takes them. */
  readonly mayFail: ReadonlySet<string>;
}

/** What a job would make of a base that is so, where its own work leaves it so. */
type Standing = 'green' | 'allowed' | 'known' | 'unexplained' | 'not-run';

function standingOf({ base }: CheckEvidence, mayFail: ReadonlySet<string>): Standing {
  if (base === null || base.timedOut || base.exitCode === null) return 'not-run';
  const red = base.tests?.filter(({ status }) => status === 'failed') ?? [];
  if (base.exitCode === 0) return 'green';
  if (red.length === 0 && (base.exitCode === 126 || base.exitCode === 127)) return 'not-run';
  if (red.length === 0 || base.incomplete !== undefined) return 'unexplained';
  return red.every((test) => mayFail.has(test.name) || mayFail.has(test.sharedName ?? test.name)) ? 'allowed' : 'known';
}

const consequences: Readonly<Record<Exclude<Standing, 'green'>, string>> = {
  allowed: ', as verify.knownFailures lets it',
  known: '; a job is judged by what else fails',
  unexplained: ', which no test explains; a change that leaves it red waits for a person',
  'not-run': '; nothing can be told of a change by it',
};

const fixes: Readonly<Record<Exclude<Standing, 'green'>, string | null>> = {
  allowed: null,
  known: 'repair the base branch, or list the tests under verify.knownFailures',
  unexplained: 'repair the base branch, or have the command leave a report (verify.commands[].report)',
  'not-run': 'mend the command, what it needs in the sandbox, or its time limit',
};

/** Names of the tests that fail and aren't let, as far as a line holds them. */
function nameFailures(check: CheckEvidence, standing: Standing, mayFail: ReadonlySet<string>): string {
  const tests = check.base?.tests ?? [];
  const red = tests.filter(({ status }) => status === 'failed');
  const unlisted = red.filter((test) => !mayFail.has(test.name) && !mayFail.has(test.sharedName ?? test.name));
  const failed = standing === 'known' ? unlisted : red;
  if (failed.length === 0) return '';
  const names = failed.slice(0, 3).map((test) => test.name);
  return `: ${failed.length} of ${tests.length} tests (${names.join(', ')}${failed.length > names.length ? ', …' : ''})`;
}

/** What is red on the base keeps no job from handing its work in where tests tell that it isn't the job's. */
function judge({ subject, place, mayFail }: Measured, check: CheckEvidence): BaselineFinding {
  const standing = standingOf(check, mayFail);
  const line = { subject, check: 'baseline' } as const;
  if (standing === 'green')
    return { ...line, severity: 'failure', ok: true, detail: `${check.name} is green on ${place}`, fix: null };
  const ended =
    standing === 'not-run' ? `can't be measured on ${place} (${describeEnding(check.base)})` : `is red on ${place}`;
  return {
    ...line,
    severity: standing === 'not-run' ? 'failure' : 'warning',
    ok: standing === 'allowed',
    detail: `${check.name} ${ended}${nameFailures(check, standing, mayFail)}${consequences[standing]}`,
    fix: fixes[standing],
  };
}

function describeEnding(base: CheckEvidence['base']): string {
  if (base === null) return 'not run';
  if (base.timedOut) return 'it ran into its time limit';
  return base.exitCode === null ? 'ended by a signal' : `exit ${base.exitCode}`;
}

function* judgePolicy(subject: string, place: string, found: FoundPolicy): Generator<BaselineFinding> {
  if (found.kind === 'none') return;
  const line = { subject, severity: 'failure', check: 'policy' } as const;
  if (found.kind === 'bad') {
    yield {
      ...line,
      ok: false,
      detail: found.reason,
      fix: `mend it on ${place.split('@')[0]}: until then each job waits`,
    };
    return;
  }
  const { path, summary } = found.figures;
  yield { ...line, ok: true, detail: `${path} of ${place} asks: ${summary.join('; ') || 'nothing'}`, fix: null };
}

/** What a project's checks, and those that its repository asks for, say of its base branch, line by line. */
export async function* judgeBaseline(
  baton: Pick<Baton, 'measureBaseline'>,
  project: string,
  /** Names of tests that may stay red. */
  knownFailures: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<BaselineFinding> {
  const mayFail = new Set(knownFailures);
  try {
    for await (const look of baton.measureBaseline(project, { signal })) {
      const place = placeOf(look);
      if (look.kind === 'policy') yield* judgePolicy(project, place, look.found);
      else yield judge({ subject: project, place, mayFail }, look.evidence);
    }
  } catch (error) {
    signal.throwIfAborted();
    const detail = messageOf(error);
    yield {
      subject: project,
      severity: 'failure',
      check: 'baseline',
      ok: false,
      detail,
      fix: (BatonError.is(error) ? error.fix : undefined) ?? 'mend what the line says, then try again',
    };
  }
}
