import { formatCost } from '@baton/core';
import { type BatonEvent, type JobView, viewJob } from '@baton/engine';
import { escapeLine } from '../text/escape-control.js';
import { formatTime } from '../text/format-instants.js';
import type { Output } from '../verb/output.js';
import { mapJobJson } from './job-json.js';

/** `acme/api#412`: the project stands before it only where the key doesn't tell. */
const jobName = (view: JobView): string => escapeLine(view.issue.key);

function counts(view: JobView): string | null {
  const tests = view.checks.flatMap((check) => check.head?.tests ?? []);
  if (tests.length === 0) return null;
  const passed = tests.reduce((sum, each) => sum + each.passed, 0);
  const all = tests.reduce((sum, each) => sum + each.passed + each.failed, 0);
  return `${passed} of ${all}`;
}

function detail(view: JobView, reason: string | null): string {
  const told = reason ?? view.reason;
  const parts: (string | null)[] = [];
  if (view.phase === 'working') {
    parts.push(
      [...new Set([view.agent, view.model])].filter((part) => part !== null).join(' '),
      `attempt ${view.attempt}, round ${view.round + 1}`,
    );
  } else if (view.phase === 'reviewing' && view.pullRequest !== null) {
    parts.push(`pull request #${view.pullRequest.number}`, counts(view));
    if (view.cost.microUsd !== null) parts.push(formatCost(view.cost));
  } else if (view.phase === 'verifying' || view.phase === 'baseline') {
    parts.push(view.checks.length === 0 ? null : view.checks.map((check) => check.name).join(', '));
  } else if (view.outcome !== null) {
    parts.push(view.outcome === view.phase ? null : view.outcome, told);
  } else if (view.wait !== null) {
    parts.push(view.wait, told);
  }
  return parts.filter((part) => part !== null && part !== '').join(view.phase === 'working' ? ', ' : ' · ');
}

/** A job's change of state in one line: `10:02:12  acme/api#412  working     claude-code, attempt 1, round 1`. */
export function renderJobLine(at: number, view: JobView, reason: string | null, output: Output): string {
  const { dim, green, red, yellow } = output.colours;
  const failed = view.phase === 'failed';
  const paint = failed
    ? red
    : view.phase === 'waiting'
      ? yellow
      : view.phase === 'done'
        ? green
        : (text: string) => text;
  const line = `${dim(formatTime(at))}  ${jobName(view).padEnd(16)}  ${paint(view.phase.padEnd(10))}`;
  return `${line}  ${escapeLine(detail(view, reason))}`.trimEnd();
}

/** An event in one line for people, or null where it says nothing that they need. */
export function renderEvent(event: BatonEvent, output: Output): string | null {
  const { yellow, red } = output.colours;
  switch (event.type) {
    case 'job-changed':
      return renderJobLine(event.at, viewJob(event.job), event.reason, output);
    case 'poll-failed':
      return yellow(`${formatTime(event.at)}  ${escapeLine(event.project)}  poll failed: ${escapeLine(event.message)}`);
    case 'operator-needed':
      return red(`${formatTime(event.at)}  needs you: ${escapeLine(event.message)} (${event.code})`);
    default:
      return null;
  }
}

/** An event as programs are told of it: `baton.event/v1`. */
export function mapEventJson(event: BatonEvent): Readonly<Record<string, unknown>> {
  const { at, ...rest } = event;
  const job = event.type === 'job-changed' ? { job: mapJobJson(viewJob(event.job)) } : {};
  return { schema: 'baton.event/v1', at: new Date(at).toISOString(), ...rest, ...job };
}
