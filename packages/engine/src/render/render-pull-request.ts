import { describeCost, formatDuration, formatUsage, jobMarker, plural, type SandboxReport } from '@baton/core';
import type { FoldedJob } from '../job/job-data.js';
import type { ProofFigures } from '../job/proof-figures.js';
import type { Project } from '../project/project.js';
import { type HouseStyle, parseStyledTitle, styleTitle } from '../text/house-style.js';
import { shortCommit } from '../text/short-commit.js';
import { clip, codeSpan, cutLine, quoteClaim, stripHidden, tableCell, titleLine } from '../text/untrusted-text.js';
import { describeFailures, describeRun, isRed, verdictOf } from './describe-check.js';
import { describeProof, describeUnshown } from './describe-proof.js';
import { describeRefusals } from './describe-refusals.js';
import { fillTemplate } from './fill-template.js';
import { renderTemplate } from './render-template.js';

const longestTitle = 72;
/** In a longer line no title is looked for: agents say much on one. */
const longestProposal = 500;
/** A sentence that names some files. */
const longestNote = 1_000;
/** What several gates said. */
const longestHeld = 2_000;

/** Whether more people may see the pull request than may see the issue. */
function hidesText({ data }: FoldedJob, { source, forge }: Project): boolean {
  const { visibility, key } = data.issue;
  if (visibility !== 'members') return visibility === 'private';
  return source.id !== forge.id || !key.startsWith(`${forge.repository}#`);
}

/**
 * The title of the pull request and of the commit, on one line, at most 72 characters: the issue's, or by the rule of
 * the repository what the agent proposed, or what the operator's template makes of that.
 */
export function renderTitle(job: FoldedJob, project: Project, style: HouseStyle | null): string {
  const { brief, issue, summary } = job.data;
  const length = Math.min(longestTitle, project.forge.limits.titleLength);
  // What was said to few must not reach a place where many read.
  const hides = hidesText(job, project);
  const plain = hides ? '' : titleLine(brief?.title ?? issue.title, length);
  const text = plain === '' ? `Work on ${issue.key}` : plain;
  const { title: proposal } = splitSummary(summary ?? '');
  const proposed = hides || proposal === null ? null : titleLine(proposal, length);
  const title = style === null ? text : styleTitle(style, { text, proposed, labels: issue.labels ?? [] });
  const { title: template } = project.pullRequest;
  const formed = template === undefined ? title : template.render({ title, key: issue.key }).replace(/\s+/g, ' ');
  return cutLine(formed, length);
}

/** Agents that were asked to begin their summary with a title do so, and say the rest behind it. */
function splitSummary(summary: string): { readonly title: string | null; readonly rest: string } {
  const [line = '', ...rest] = stripHidden(summary).trimStart().split('\n');
  if (line.length > longestProposal) return { title: null, rest: summary };
  const proposed = line.replace(/^(?:#+ *)?(?:Title: *)?[`*"]*|[`*"]+$/g, '');
  if (parseStyledTitle(proposed) === null) return { title: null, rest: summary };
  return { title: proposed, rest: rest.join('\n').trim() };
}

/** Who commits, and signs off where a project asks for that. */
export interface CommitAuthor {
  readonly name: string;
  readonly email: string;
}

/** The commit's message. The text of the issue stays out of it but for the title, which does nothing there. */
export function renderCommitMessage(
  job: FoldedJob,
  project: Project,
  { titles, author }: { readonly titles: HouseStyle | null; readonly author: CommitAuthor },
): string {
  const { agent, issue } = job.data;
  const message = renderTemplate('commit', {
    title: renderTitle(job, project, titles),
    closes: issue.key,
    jobId: job.id,
    agent: agent?.id ?? 'unknown',
    model: agent?.model ?? '',
    signOff: project.pullRequest.signOff ? `${author.name} <${author.email}>` : '',
  });
  return `${message}\n`;
}

const asCode = (name: string): string => `\`${codeSpan(name)}\``;

/** Why a person was asked about the tree that they approved since. Empty where nobody had to be. */
function whyHeld({ data: { judged, approvedTree } }: FoldedJob): string {
  if (judged?.held === undefined || judged.tree !== approvedTree) return '';
  return tableCell(judged.held, { longest: longestHeld });
}

/** What the tests of the change show, fit for the page. */
function tellProof(proof: ProofFigures): Readonly<Record<string, unknown>> {
  const { shown } = proof;
  const untold = shown.count - shown.tests.length;
  return {
    words: describeProof(proof, asCode),
    tests: shown.tests.map(({ name, failure }) => ({
      name: codeSpan(name),
      failure: failure === '' ? 'fails' : asCode(failure),
    })),
    untold: untold === 0 ? '' : `${plural(untold, 'more test')} like ${shown.tests.length === 1 ? 'it' : 'these'}.`,
    notes: describeUnshown(
      { ...proof, notes: proof.notes.map((note) => tableCell(note, { longest: longestNote })) },
      asCode,
    ),
  };
}

/**
 * The pull request's body: what was measured, and what is claimed. Within the forge's limit: for what was measured the
 * repository's template goes first, then the agent's words, and only then is it clipped.
 */
export function renderPullRequestBody(
  job: FoldedJob,
  project: Project,
  { title, commit, template }: { readonly title: string; readonly commit: string; readonly template: string | null },
): string {
  const { bodyLength } = project.forge.limits;
  const append = project.pullRequest.append?.render({ title: tableCell(title), key: job.data.issue.key }) ?? '';
  const claimed = hidesText(job, project) ? '' : quoteClaim(splitSummary(job.data.summary ?? '').rest);
  const whole = renderBody(job, { append, commit, template, claimed });
  if (whole.length <= bodyLength) return whole;
  const plain = renderBody(job, { append, commit, template: null, claimed });
  if (plain.length <= bodyLength) return plain;
  const measured = renderBody(job, { append, commit, template: null, claimed: '' });
  if (measured.length <= bodyLength) return measured;
  const note = `\n\n… clipped at the forge's limit.\n${jobMarker(job.id)}`;
  return `${clip(measured, bodyLength - note.length).text}${note}`;
}

interface BodyParts {
  readonly append: string;
  readonly commit: string;
  readonly template: string | null;
  /** The agent's own words. */
  readonly claimed: string;
}

function renderBody(job: FoldedJob, { append, commit, template, claimed }: BodyParts): string {
  const { issue, judged, base, agent, usage, brief, sandbox, refusals } = job.data;
  const checks = judged?.checks ?? [];
  const answers = {
    summary: claimed,
    closes: `Closes ${issue.key}`,
    evidence: checks.map(
      (check) => `- ${asCode(check.name)}: ${describeRun(check.head)} (before: ${describeRun(check.base)})`,
    ),
    checks: checks.map((check) => ({ name: check.name, isGreen: verdictOf(check) === 'pass' && !isRed(check.head) })),
  };
  const filled = template === null ? null : fillTemplate(template, answers);
  return renderTemplate('pull-request', {
    closes: filled?.answered.has('issue') ? '' : answers.closes,
    filled: filled?.text ?? '',
    summary: filled?.answered.has('summary') ? '' : answers.summary,
    checks: checks.map((check) => ({
      name: codeSpan(check.name),
      base: describeRun(check.base),
      head: `**${describeRun(check.head)}**${verdictOf(check) === 'hold' ? ' · held' : ''}`,
    })),
    notes: checks.flatMap((check) =>
      [...describeFailures(check, asCode), ...check.notes.map((note) => tableCell(note, { longest: longestNote }))].map(
        (note) => `${tableCell(check.name)}: ${note}`,
      ),
    ),
    proof: judged?.proof ? tellProof(judged.proof) : null,
    held: whyHeld(job),
    changeNotes: (judged?.notes ?? []).map((note) => tableCell(note, { longest: longestNote })),
    baseName: `${codeSpan(base?.branch ?? '')}@${shortCommit(base?.commit ?? '')}`,
    headCommit: shortCommit(commit),
    sandbox: sandbox === null ? 'not measured' : describeSandbox(sandbox),
    refused: describeRefusals(refusals, asCode),
    changes: describeChanges(job),
    run: [
      agent?.id ?? 'unknown',
      ...(agent?.model ? [tableCell(agent.model)] : []),
      `attempt ${job.attempt}`,
      plural(job.round, 'round'),
      formatDuration(job.data.workedMs),
      formatUsage(usage),
      describeCost(usage),
    ].join(' · '),
    append,
    requester: tableCell(brief?.trigger.actor.login ?? 'unknown'),
    jobId: job.id,
    marker: jobMarker(job.id),
  });
}

/** The measured level, in words: what is enforced, and what is open. */
export function describeSandbox(report: SandboxReport): string {
  const parts = ['files', 'network', 'processes', 'memory'] as const;
  const list = (level: string): string => parts.filter((part) => report[part] === level).join(', ');
  const enforced = list('enforced');
  const open = list('open');
  if (open === '') return `${enforced} enforced`;
  return enforced === '' ? `nothing enforced (${open} open)` : `${enforced} enforced, ${open} open`;
}

/** `3 files, +42 −7`. */
export function describeChanges(job: FoldedJob): string {
  const changes = job.data.judged?.changes;
  return changes ? `${plural(changes.files, 'file')}, +${changes.added} −${changes.deleted}` : '';
}
