import { formatCost, type JobPhase } from '@baton/core';
import { type BatonEvent, type JobView, viewJob } from '@baton/engine';
import { escapeLine } from '../text/escape-control.js';
import { formatTime } from '../text/format-instants.js';
import { padText } from '../text/text-width.js';
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

/** What a line about a job's state says beside it. */
interface PhaseLine {
  /** Of the phase itself. Null: none. */
  readonly colour: 'green' | 'red' | 'yellow' | null;
  /** `reason`: the sentence for people, where there is one. */
  tell(view: JobView, reason: string | null): readonly (string | null)[];
}

const plain: PhaseLine = { colour: null, tell: () => [] };
const checked: PhaseLine = { colour: null, tell: ({ checks }) => [checks.map(({ name }) => name).join(', ')] };
const ended: Omit<PhaseLine, 'colour'> = {
  tell: ({ outcome, phase }, reason) => [outcome === phase ? null : outcome, reason],
};

const byPhase: Readonly<Record<JobPhase, PhaseLine>> = {
  queued: plain,
  claiming: plain,
  preparing: plain,
  baseline: checked,
  working: {
    colour: null,
    tell: ({ agent, model, attempt, round }) => {
      const who = [...new Set([agent, model])].filter((part) => part !== null).join(' ');
      return [[who, `attempt ${attempt}, round ${round + 1}`].filter((part) => part !== '').join(', ')];
    },
  },
  verifying: checked,
  publishing: plain,
  reviewing: {
    colour: null,
    tell: (view) => {
      const { pullRequest, cost } = view;
      if (pullRequest === null) return [];
      return [`pull request #${pullRequest.number}`, counts(view), cost.microUsd === null ? null : formatCost(cost)];
    },
  },
  settling: plain,
  waiting: { colour: 'yellow', tell: ({ wait }, reason) => [wait, reason] },
  done: { colour: 'green', ...ended },
  failed: { colour: 'red', ...ended },
  cancelled: { colour: null, ...ended },
};

/** A job's change of state in one line: `10:02:12  acme/api#412  working     claude-code, attempt 1, round 1`. */
export function renderJobLine(at: number, view: JobView, reason: string | null, output: Output): string {
  const { colours } = output;
  const { colour, tell } = byPhase[view.phase];
  const detail = tell(view, reason ?? view.reason).filter((part) => part !== null && part !== '');
  const phase = view.phase.padEnd(10);
  const painted = colour === null ? phase : colours[colour](phase);
  const line = `${colours.dim(formatTime(at))}  ${padText(jobName(view), 16)}  ${painted}`;
  return `${line}  ${escapeLine(detail.join(' · '))}`.trimEnd();
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
