import { describeCost, formatDuration, formatUsage } from '@baton/core';
import {
  describeFailures,
  describeProof,
  describeRefusals,
  describeRun,
  describeUnshown,
  type JobView,
  type TimelineLine,
  verdictOf,
} from '@baton/engine';
import { aheadWords, type Place } from '../jobs/find-places.js';
import type { PendingSignal } from '../jobs/list-pending.js';
import { quoteSeen } from '../jobs/what-was-seen.js';
import { cutTold } from '../text/cut-text.js';
import { escapeLine, escapeText } from '../text/escape-control.js';
import { formatAge, formatTime } from '../text/format-instants.js';
import { renderTable } from '../text/render-table.js';
import { wrapLines } from '../text/wrap-text.js';
import type { Output } from '../verb/output.js';
import { jobStanding } from './job-standing.js';
import { whatNext } from './what-next.js';

type Colours = Output['colours'];
type Check = JobView['checks'][number];

const quote = (name: string): string => JSON.stringify(name);
const short = (commit: string): string => commit.slice(0, 7);

/** What follows from a check, whatever its exit code was: what is red as the base was is no less green for it. */
function renderMark(check: Check, { green, red, yellow, dim }: Colours): string {
  switch (verdictOf(check)) {
    case 'pass':
      return green('✓');
    case 'rework':
      return red('✗');
    case 'hold':
      return yellow('held');
    case 'not-run':
      return dim('–');
  }
}

/** Whose results stand beside the base's: what was judged last need not be what was handed in. */
function describeHead({ judged, head }: JobView): string {
  if (judged === null) return 'this work';
  if (judged.pushed && head !== null) return `this work ${short(head)}`;
  return `this work, not pushed (tree ${judged.tree.slice(0, 12)})`;
}

/** Each check on the base and on what was judged last; empty where nothing was measured. Wrapped where there are columns. */
export function renderEvidence(view: JobView, colours: Colours, columns: number | null = null): string {
  if (view.checks.length === 0) return '';
  const base = view.base === null ? 'base' : `${escapeLine(view.base.branch)}@${short(view.base.commit)}`;
  const rows = view.checks.map((check) => [
    renderMark(check, colours),
    escapeLine(check.name),
    describeRun(check.base),
    describeRun(check.head),
  ]);
  const notes = view.checks.flatMap((check) =>
    [...describeFailures(check, quote), ...check.notes].map(
      (note) => `   ${escapeLine(check.name)}: ${escapeLine(note)}`,
    ),
  );
  const table = renderTable([['', 'check', base, describeHead(view)], ...rows], columns);
  return [table, ...notes.map((note) => wrapLines(note, columns))].join('\n');
}

/** A job's steps, oldest first, each on a line that is wrapped where there are columns. */
export function renderTimelineLines(
  lines: readonly TimelineLine[],
  colours: Colours,
  columns: number | null = null,
): string {
  const rows = lines.map((line) => [
    colours.dim(formatTime(line.at)),
    line.ok ? colours.green('✓') : colours.red('✗'),
    line.step,
    escapeLine(oneLine(line.detail)) +
      (line.durationMs === null ? '' : colours.dim(`   ${formatDuration(line.durationMs)}`)),
  ]);
  return renderTable(rows, columns);
}

/** What was said in several lines, in one. */
const oneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, ' ');

/** Words of others in lines of their own, without anything that drives a terminal. */
const quoteLines = (text: string): string => escapeText(text.trim().replaceAll('\t', '  ').replaceAll(/\r\n/g, '\n'));

/** A reason that stands above already is not told again in full. */
function withoutRepeated(timeline: readonly TimelineLine[], reason: string | null): readonly TimelineLine[] {
  if (reason === null) return timeline;
  const last = timeline.findLastIndex(({ detail }) => detail.endsWith(`: ${reason}`));
  return timeline.map((line, index) =>
    index === last ? { ...line, detail: `${line.detail.slice(0, -reason.length)}as above` } : line,
  );
}

/** What the sandbox was measured to enforce. */
export function renderSandbox(report: NonNullable<JobView['sandbox']>): string {
  const parts = (['files', 'network', 'processes', 'memory'] as const).map((kind) => `${kind} ${report[kind]}`);
  return `${parts.join(', ')} (measured; ${escapeLine(report.detail)})`;
}

function renderPending({ type, data, at }: PendingSignal): string {
  const message = typeof data === 'object' && data !== null && 'message' in data ? data.message : null;
  const said = typeof message === 'string' ? ` "${escapeLine(message)}"` : '';
  return `${type}${said}, since ${formatTime(at)}; nobody has acted on it yet`;
}

/** Of a text that was approved: who is asked about one reads all of it, and each part of it under its own name. */
const longestText = 4_000;

/** The text that a person is asked about, or has approved, as a terminal shows it. */
function renderEditedText({ editedText }: JobView): readonly (readonly [string, string])[] {
  if (editedText === null) return [];
  const { state, hash, title, body, comments } = editedText;
  const shown = (text: string): string => (state === 'approved' ? cutTold(text, longestText) : text);
  const whole = [title, body].filter((part) => part !== '').join('\n\n');
  const name = state === 'asked' ? 'asked about text' : 'approved text';
  return [
    ...renderText(name, `${quoteSeen({ kind: 'text', seen: hash })}  ${shown(whole)}`),
    ...comments.flatMap((each) =>
      renderText(`comment by ${escapeLine(each.author?.login ?? 'nobody knows whom')}`, shown(each.body)),
    ),
  ];
}

/** Line by line, all under the first: nothing in it can be taken for a line of Baton's. */
function renderText(name: string, text: string): readonly (readonly [string, string])[] {
  const [first = '', ...rest] = escapeText(text.trim()).split('\n');
  return [[name, first], ...rest.map((line) => ['', line] as const)];
}

/** What is told of one job. */
export interface ToldJob {
  readonly view: JobView;
  readonly timeline: readonly TimelineLine[];
  readonly pending: readonly PendingSignal[];
  /** Where in the queue it is. Null where it isn't queued. */
  readonly place: Place | null;
}

/** Everything about one job that a person decides by; wrapped where there are columns. */
export function renderJob(
  { view, timeline, pending, place }: ToldJob,
  colours: Colours,
  now: number,
  columns: number | null = null,
): string {
  const { bold, dim } = colours;
  const cost = describeCost(view.cost);
  const tokens = formatUsage(view.usage);
  const kept = [
    ...(view.head === null ? [] : [`branch ${escapeLine(view.branch)}`]),
    ...view.rescued.map((ref) => `rescue ${ref}`),
  ];
  const facts: readonly (readonly [string, string | null])[] = [
    ['what happened', view.reason === null ? null : quoteLines(view.reason)],
    ['asked', pending.length === 0 ? null : pending.map(renderPending).join('; ')],
    [
      "agent's words",
      view.summary === null || view.summary === '' || view.summary === view.reason ? null : quoteLines(view.summary),
    ],
    ...renderEditedText(view),
    [
      'pull request',
      view.pullRequest === null
        ? null
        : `#${view.pullRequest.number} ${view.pullRequest.state}${view.pullRequest.draft ? ' (draft)' : ''}  ${escapeLine(view.pullRequest.url)}`,
    ],
    [
      'changes',
      view.changes === null
        ? null
        : `${view.changes.files} ${view.changes.files === 1 ? 'file' : 'files'}, +${view.changes.added} −${view.changes.deleted}`,
    ],
    ['kept', kept.length === 0 ? null : kept.join(', ')],
    [
      'agent',
      view.agent === null
        ? null
        : `${view.agent}${view.model === null ? '' : ` (${escapeLine(view.model)})`} · attempt ${view.attempt}, round ${view.round}`,
    ],
    ['cost', `${cost} · ${tokens}`],
    [
      'repository asks',
      view.policy === null ? null : escapeLine(`${view.policy.path}: ${view.policy.summary.join('; ') || 'nothing'}`),
    ],
    ['sandbox', view.sandbox === null ? null : renderSandbox(view.sandbox)],
    ['issue', view.issue.url === null ? null : escapeLine(view.issue.url)],
    ['job', `${view.id} in ${view.project}, ${formatAge(view.updatedAt, now)}`],
    // Each whole, to be copied.
    ['you can', whatNext(view).join('\n')],
  ];
  const title = `${bold(escapeLine(view.issue.key))}  ${escapeLine(view.issue.title)}    ${[jobStanding(view, now), aheadWords(place)].filter(Boolean).join(' ')}`;
  const shown = facts.flatMap(([name, value]) => (value === null ? [] : [[`  ${dim(name)}`, value]]));
  const inner = columns === null ? null : columns - 2;
  const evidence = renderEvidence(view, colours, inner);
  const sections = [wrapLines(title, columns), renderTable(shown, columns)];
  if (evidence !== '') sections.push(`\n  ${dim('evidence')}\n${indent(evidence)}`);
  const proof =
    view.proof === null ? [] : [`${describeProof(view.proof, quote)}.`, ...describeUnshown(view.proof, quote)];
  if (proof.length > 0)
    sections.push(`\n  ${dim('proof of fix')}\n${indent(wrapLines(proof.map(escapeLine).join('\n'), inner))}`);
  const notes = view.notes.map(escapeLine);
  if (notes.length > 0) sections.push(`\n  ${dim('about the change')}\n${indent(wrapLines(notes.join('\n'), inner))}`);
  const refused = describeRefusals(view.refusals, (name) => name).map(escapeLine);
  if (refused.length > 0) sections.push(`\n  ${dim('refused')}\n${indent(wrapLines(refused.join('\n'), inner))}`);
  if (timeline.length > 0)
    sections.push(
      `\n  ${dim('steps')}\n${indent(renderTimelineLines(withoutRepeated(timeline, view.reason), colours, inner))}`,
    );
  return sections.join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
