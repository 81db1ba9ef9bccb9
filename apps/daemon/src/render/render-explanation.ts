import type { JobOutcome, WaitReason } from '@baton/core';
import { asksPerson, type Explanation, viewJob } from '@baton/engine';
import { aheadWords, type Place } from '../jobs/find-places.js';
import type { ToldPolicy } from '../policy/base-policy.js';
import { escapeLine } from '../text/escape-control.js';
import { formatTime } from '../text/format-instants.js';
import { renderTable } from '../text/render-table.js';
import { wrapLines } from '../text/wrap-text.js';
import type { Output } from '../verb/output.js';
import { jobStanding } from './job-standing.js';
import { whatNext } from './what-next.js';

function verdictWords(explanation: Explanation, place: Place | null, now: number): string {
  const { verdict, job } = explanation;
  if (job !== null && job.outcome !== null)
    return `ended: ${job.outcome} (job ${job.id}; baton retry ${job.id} asks again)`;
  if (job !== null && asksPerson(job)) return `waits for a person (job ${job.id})`;
  switch (verdict.kind) {
    case 'run':
      if (job?.phase === 'waiting') return `${jobStanding(viewJob(job), now)} (job ${job.id})`;
      if (job !== null && job.phase !== 'queued') return `goes on: job ${job.id} is ${job.phase}`;
      return ['will run', aheadWords(place)].filter(Boolean).join(' ');
    case 'wait':
      return `waits: ${verdict.wait}`;
    case 'end':
      return `will NOT run: ${verdict.outcome}`;
  }
}

/** What the verdict and the issue's newest job come to together: what has ended, or waits, isn't run for being let. */
function comesTo({ verdict, job }: Explanation): {
  readonly verdict: 'run' | 'wait' | 'end';
  readonly wait: WaitReason | null;
  readonly outcome: JobOutcome | null;
  readonly reason: string | null;
} {
  const told = job && viewJob(job);
  if (told && told.outcome !== null) return { verdict: 'end', wait: null, outcome: told.outcome, reason: told.reason };
  switch (verdict.kind) {
    case 'run':
      if (told?.phase !== 'waiting') return { verdict: 'run', wait: null, outcome: null, reason: null };
      return { verdict: 'wait', wait: told.wait, outcome: null, reason: told.reason };
    case 'wait':
      return { verdict: 'wait', wait: verdict.wait, outcome: null, reason: verdict.reason };
    case 'end':
      return { verdict: 'end', wait: null, outcome: verdict.outcome, reason: verdict.reason };
  }
}

/** What is told of one issue. */
export interface ToldExplanation {
  readonly explanation: Explanation;
  /** What its repository asks. Null: nobody looked. */
  readonly policy: ToldPolicy | null;
  /** Where in the queue its job is. Null where no job of it is queued. */
  readonly place: Place | null;
}

function policyRow({ state, source, says }: ToldPolicy, { dim, green, red }: Output['colours']): readonly string[] {
  const marks = { none: green('✓'), asks: green('✓'), bad: red('✗'), unread: dim('–') };
  const details = {
    none: `There is no .baton.yaml in ${source}.`,
    asks: `${source} asks: ${says.join('; ') || 'nothing'}.`,
    bad: `A job would wait for a person: ${says.join(' ')}`,
    unread: source,
  };
  return [`  ${marks[state]}`, 'policy', escapeLine(details[state])];
}

/** Every check that decides whether an issue runs, what its repository asks, and what would turn the answer. */
export function renderExplanation(
  { explanation, policy, place }: ToldExplanation,
  output: Output,
  now: number,
): string {
  const { bold, dim, green, red } = output.colours;
  const { issue, job, branch, verdict } = explanation;
  const rows = verdict.checks.map((check) => [
    `  ${check.ok ? green('✓') : red('✗')}`,
    check.check,
    escapeLine(check.detail),
  ]);
  rows.push([
    `  ${green('✓')}`,
    'branch',
    `${job === null ? 'It would be' : 'It is'} worked on ${escapeLine(branch)}.`,
  ]);
  const turns = verdict.checks.flatMap((check) => (check.ok || check.wouldRunIf === null ? [] : [check.wouldRunIf]));
  if (policy?.state === 'bad') turns.push(`it is mended on ${policy.source.split('@')[0]}`);
  const wrap = (text: string): string => wrapLines(text, output.columns);
  const { reason } = comesTo(explanation);
  const answers = job !== null && asksPerson(job) ? whatNext(viewJob(job)) : [];
  return [
    wrap(`${bold(escapeLine(issue.key))}  ${escapeLine(issue.title)}`),
    wrap(`  ${verdictWords(explanation, place, now)}    ${dim(`decided ${formatTime(now)}`)}`),
    ...(reason === null ? [] : [wrap(`  ${escapeLine(reason)}`)]),
    renderTable(policy === null ? rows : [...rows, policyRow(policy, output.colours)], output.columns),
    ...turns.map((turn) => wrap(`  would run if  ${escapeLine(turn)}`)),
    ...answers.map((command, index) => `  ${index === 0 ? 'you can' : '       '}  ${command}`),
  ].join('\n');
}

/** As programs are told of it: `baton.explanation/v1`. */
export function mapExplanationJson(explanation: Explanation): Readonly<Record<string, unknown>> {
  const { project, issue, job, branch, verdict } = explanation;
  return {
    project,
    issue: { key: issue.key, title: issue.title, url: issue.url },
    job: job === null ? null : { id: job.id, phase: job.phase, outcome: job.outcome, wait: job.wait },
    branch,
    ...comesTo(explanation),
    checks: verdict.checks,
  };
}

/**
 * `will run`, `waits: budget`, `will NOT run: untrusted`: one row of a plan. `asked`: what a person asked of the
 * issue's job and nobody has acted on yet, in words.
 */
export function explanationRow(
  { explanation, place }: Omit<ToldExplanation, 'policy'>,
  asked: string,
  now: number,
): readonly string[] {
  const { project, issue } = explanation;
  const why = escapeLine(comesTo(explanation).reason ?? '');
  return [
    project,
    escapeLine(issue.key),
    verdictWords(explanation, place, now),
    [asked, why].filter(Boolean).join('; '),
  ];
}
