import { BatonError, describeCost, formatDuration, formatMoney, type JobOutcome, type JournalEntry } from '@baton/core';
import { type PersonsWord, whatIsWanted } from '../decide/persons-word.js';
import { statusLabel } from '../decide/status-label.js';
import { toldReason } from '../decide/told-reason.js';
import { never } from '../job/backoff.js';
import type { FoldedJob } from '../job/job-data.js';
import { showLabel } from '../job/labels.js';
import { limitsOf } from '../job/limits-of.js';
import { outcomes } from '../job/outcomes.js';
import { phases } from '../job/phases.js';
import type { StepContext } from '../job/step-context.js';
import { shortHash } from '../job/told-text.js';
import { asksPerson } from '../job/wait-reasons.js';
import { renderTemplate } from '../render/render-template.js';
import { renderTimeline } from '../render/timeline.js';
import { quoteClaim, tableCell } from '../text/untrusted-text.js';
import type { TimelineLine } from '../view/job-view.js';
import { withoutLeaks } from './withhold-leaks.js';

/** The topic of the one tracking comment. */
const topic = 'status';

/**
 * Shows people on the issue where its job is: one label, one comment, both brought up to date in place.
 * `job` is the job as it will be once the running step is recorded.
 */
export async function showStatus(context: StepContext, job: FoldedJob): Promise<void> {
  const { project, signal, settings, store } = context;
  const issueId = job.data.issue.id;
  const { labelPrefix } = settings;
  await context.confirm();
  await showLabel({ source: project.source, issueId, labelPrefix }, statusLabel(job), { signal });
  const journal = await Array.fromAsync(store.journal(job.id, 0, { signal }));
  const body = await withoutLeaks(context, renderStatus(job, journal));
  await context.confirm();
  try {
    await project.source.ensureComment({ issueId, topic, body }, { signal });
  } catch (error) {
    // On a locked issue nobody may comment; all else can be done there, and the label tells.
    if (!BatonError.is(error, 'PERMISSION_DENIED')) throw error;
    const message = `The status comment could not be updated: ${error.message}`;
    context.emit({ type: 'log', at: context.runtime.clock.now(), level: 'warn', message, jobId: job.id });
  }
}

/** A person decides by it: several gates may each have said why. */
const longestReason = 2_000;

/** The tracking comment, from the journal and the state it folds to. Pure. */
export function renderStatus(job: FoldedJob, journal: readonly JournalEntry[]): string {
  const { data } = job;
  const isAsked = asksPerson(job);
  return renderTemplate('status', {
    heading: headingOf(job),
    facts: factsOf(job),
    reason: isAsked && data.summary === data.reason ? '' : tableCell(toldReason(job) ?? '', { longest: longestReason }),
    quote:
      isAsked ||
      (job.outcome !== null && outcomes[job.outcome].quotesAgent) ||
      (job.phase === 'reviewing' && data.reason !== null)
        ? quoteClaim(data.summary ?? '')
        : '',
    next: nextOf(job),
    kept: keptOf(job).join(', '),
    lines: fold(renderTimeline(journal)).map((line) => ({
      step: line.ok ? line.step : `${line.step} ✗`,
      detail: tableCell(line.detail, { longest: longestDetail }),
      time: line.durationMs === null ? '' : formatDuration(line.durationMs),
    })),
  });
}

/** What several checks came to, each with the names of tests. */
const longestDetail = 600;

/** Where unfinished work is found again. */
function keptOf({ branch, data, outcome }: FoldedJob): readonly string[] {
  const isLeft = outcome !== null && data.pushed !== null && data.pullRequest === null;
  return [...data.rescued.map((ref) => `\`${ref}\``), ...(isLeft ? [`the branch \`${branch}\` on the remote`] : [])];
}

const firstLines = 5;
const lastLines = 30;

/** The beginning and the end of a long story: hosts bound the length of a comment. */
function fold(lines: readonly TimelineLine[]): readonly TimelineLine[] {
  const left = lines.length - firstLines - lastLines;
  const cut = lines[firstLines];
  if (left <= 1 || !cut) return lines;
  const gap = { at: cut.at, step: '…', ok: true, detail: `${left} lines left out`, durationMs: null };
  return [...lines.slice(0, firstLines), gap, ...lines.slice(-lastLines)];
}

function headingOf(job: FoldedJob): string {
  if (job.outcome !== null) return `${job.phase}: ${job.outcome}`;
  if (asksPerson(job)) return 'needs you';
  if (job.wait !== null) return `waiting: ${job.wait}`;
  return job.phase === 'reviewing' ? `reviewing: pull request ${job.data.pullRequest?.url ?? ''}` : job.phase;
}

function factsOf(job: FoldedJob): string {
  const { brief, agent, usage } = job.data;
  const limits = limitsOf(job);
  const cap = limits.microUsd === null ? '' : ` of ${formatMoney(limits.microUsd)}`;
  return [
    `**Attempt ${job.attempt} of ${limits.attempts}**`,
    ...(brief ? [`requested by ${tableCell(brief.trigger.actor.login)}`] : []),
    ...(agent ? [agent.model === null ? agent.id : `${agent.id} (${tableCell(agent.model)})`] : []),
    `${describeCost(usage)}${cap}`,
    `job ${job.id}`,
  ].join(' · ');
}

function nextOf(job: FoldedJob): string {
  const { outcome, wait } = job;
  if (outcome !== null) return nextAfter(job, outcome);
  if (wait === null) return phases[job.phase].advice;
  const wants = whatIsWanted(job);
  if (wants !== null) return askOf(job, wants);
  if (job.wakeAt >= never) return '';
  return `Baton tries again by itself at ${new Date(job.wakeAt).toISOString()}. This is not the issue's fault.`;
}

function askOf(job: FoldedJob, wants: PersonsWord): string {
  const approve = `\`baton approve ${job.id}\``;
  const { askedText } = job.data;
  if (askedText !== null) {
    return `read the issue as it stands. \`baton approve ${job.id} --seen ${shortHash(askedText.hash)}\` has exactly that text worked, \`baton reject ${job.id}\` ends it; \`baton show ${job.id}\` shows what is asked.`;
  }
  const steer = `answer with \`baton steer ${job.id} -m "…"\``;
  const end = `or end it with \`baton reject ${job.id}\`.`;
  switch (wants) {
    case 'yes':
      return `${steer}, let it pass with ${approve}, ${end}`;
    case 'answer':
      return `${steer}, ${end}`;
    case 'mend':
      return `mend that on the base branch; ${approve} then has it read again, and lets nothing pass without. \`baton reject ${job.id}\` ends it.`;
    case 'retry':
      return `have it tried again with ${approve}, ${end}`;
  }
}

function nextAfter({ id, data: { pullRequest } }: FoldedJob, outcome: JobOutcome): string {
  if (pullRequest?.state === 'open') {
    return `pull request ${pullRequest.url} stands open: close it, or \`baton retry ${id}\` goes on with it.`;
  }
  return outcomes[outcome].advice(id);
}
