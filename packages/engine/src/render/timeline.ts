import { describeCost, formatUsage, type JournalEntry, plural } from '@baton/core';
import type { CheckFigures } from '../job/check-figures.js';
import { readEntry } from '../job/entries.js';
import type { EntryOf, JobEntry } from '../job/entry.js';
import { outcomes } from '../job/outcomes.js';
import type { Refusals } from '../job/refusals.js';
import { shortHash } from '../job/told-text.js';
import { waitReasons } from '../job/wait-reasons.js';
import { shortCommit } from '../text/short-commit.js';
import type { TimelineLine } from '../view/job-view.js';
import { describeNew, describeRun } from './describe-check.js';
import { describeRefusals } from './describe-refusals.js';

/** A job's story, oldest first, from its journal alone. Pure. */
export function renderTimeline(entries: readonly JournalEntry[]): readonly TimelineLine[] {
  return entries.flatMap((entry) => {
    const told = tell(readEntry(entry));
    return told === null ? [] : [{ at: entry.at, durationMs: null, ...told }];
  });
}

type Told = Omit<TimelineLine, 'at' | 'durationMs'> & { readonly durationMs?: number };

function tell(entry: JobEntry): Told | null {
  switch (entry.type) {
    case 'step-begun':
    case 'mirrored':
    case 'checkpoint':
    case 'usage':
    case 'turn-lost':
    case 'turn-reserved':
    case 'resumed':
    case 'slept':
    case 'looked':
    case 'pushed':
    case 'strayed':
    case 'issue-claimed':
    case 'last-seen':
      return null;
    case 'step-interrupted':
      return { step: entry.data.step, ok: true, detail: died(entry.data.death ?? null) };
    case 'step-stopped':
      return {
        step: entry.data.step,
        ok: true,
        detail: 'the daemon was stopped here',
        durationMs: entry.data.elapsedMs,
      };
    case 'claimed':
      return { step: 'claim', ok: true, detail: `requested by ${entry.data.brief.trigger.actor.login}` };
    case 'adopted':
      return { step: 'claim', ok: true, detail: `pull request #${entry.data.pullRequest.number} already existed` };
    case 'branch-updated':
      return {
        step: 'review',
        ok: true,
        detail: `the branch was brought up to date with ${entry.data.base.branch}: ${shortCommit(entry.data.commit)}`,
      };
    case 'branch-found':
      return {
        step: 'claim',
        ok: true,
        detail: `went on from ${shortCommit(entry.data.commit)}, which stood on its branch`,
      };
    case 'prepared':
      return {
        step: 'prepare',
        ok: true,
        detail: [`${entry.data.branch}@${shortCommit(entry.data.commit)}`, ...describePolicy(entry.data.policy)].join(
          ' · ',
        ),
        durationMs: entry.data.durationMs,
      };
    case 'baselined': {
      const checks = entry.data.checks.map((check) => `${check.name}: ${describeRun(check.base)}`);
      const detail = checks.length === 0 ? 'no check is measured on the base' : checks.join('; ');
      return { step: 'baseline', ok: true, detail, durationMs: entry.data.durationMs };
    }
    case 'turn-started':
      return tellStart(entry.data);
    case 'turn-ended': {
      const { agent, model, outcome, raw, usage, session = null, durationMs } = entry.data;
      const who = model === null ? agent : `${agent} (${model})`;
      const how = outcome === raw ? outcome : `${outcome} (${raw})`;
      const where = session === null ? [] : [`session ${session}`];
      const detail = [who, how, formatUsage(usage), describeCost(usage), ...where].join(' · ');
      return { step: 'work', ok: outcome === 'done', detail, durationMs };
    }
    case 'refused':
      return { step: 'refused', ok: true, detail: tellRefused(entry.data) };
    case 'verified':
      return tellVerdict(entry.data);
    case 'published':
      return {
        step: 'publish',
        ok: true,
        detail: `pull request #${entry.data.pullRequest.number} at ${shortCommit(entry.data.commit)}`,
        durationMs: entry.data.durationMs,
      };
    case 'observed':
      if (entry.data.note !== null) return { step: 'review', ok: true, detail: entry.data.note };
      return entry.data.pullRequest.state === 'open'
        ? null
        : { step: 'review', ok: entry.data.pullRequest.state === 'merged', detail: entry.data.pullRequest.state };
    case 'rework-asked': {
      const { feedbackIds, checksOf } = entry.data;
      const red = checksOf === null ? [] : [`the host's checks are red at ${shortCommit(checksOf)}`];
      const said = feedbackIds.length === 0 ? [] : [plural(feedbackIds.length, 'comment')];
      return { step: 'review', ok: true, detail: `another round: ${[...said, ...red].join(', ') || 'a person asked'}` };
    }
    case 'step-failed':
      return {
        step: entry.data.step,
        ok: false,
        detail: `${entry.data.code}: ${entry.data.message}`,
        durationMs: entry.data.durationMs,
      };
    case 'waiting':
      return {
        step: 'wait',
        ok: !waitReasons[entry.data.wait].isFailure,
        detail: `${entry.data.wait}: ${entry.data.reason}`,
      };
    case 'attempt-failed':
      return { step: 'work', ok: false, detail: entry.data.reason };
    case 'signalled':
      return entry.data.type === 'wake'
        ? null
        : { step: entry.data.type, ok: true, detail: describeSignal(entry.data) };
    case 'request-found':
      return {
        step: 'publish',
        ok: true,
        detail: `pull request #${entry.data.pullRequest.number} is ${entry.data.pullRequest.state}`,
      };
    case 'claim-lost':
      return { step: 'claim', ok: false, detail: `taken over by ${entry.data.owner}` };
    case 'moved':
      return { step: 'project', ok: true, detail: `worked as ${entry.data.project} from now on` };
    case 'ending':
      return {
        step: 'end',
        ok: outcomes[entry.data.outcome].phase === 'done',
        detail: `${entry.data.outcome}: ${entry.data.reason}`,
      };
    case 'settled':
      return entry.data.ok ? null : { step: 'settle', ok: false, detail: 'the status comment could not be updated' };
  }
}

function describeSignal({ message, seen }: Extract<JobEntry, { type: 'signalled' }>['data']): string {
  const of = seen === undefined ? [] : [`having seen ${shortHash(seen)}`];
  return [...of, message ?? (seen === undefined ? 'asked by a person' : '')].filter((part) => part !== '').join(': ');
}

function describePolicy(policy: EntryOf<'prepared'>['data']['policy']): readonly string[] {
  return policy ? [`${policy.path}: ${policy.summary.join(', ') || 'asks nothing'}`] : [];
}

const refusedInALine = 3;

function tellRefused(refusals: Refusals): string {
  const phrases = describeRefusals(refusals, (name) => name);
  const left = phrases.length - refusedInALine;
  return left <= 0 ? phrases.join('; ') : `${phrases.slice(0, refusedInALine).join('; ')}; …`;
}

function tellVerdict(data: Extract<JobEntry, { type: 'verified' }>['data']): Told {
  const { verdict, changes, checks, durationMs } = data;
  const size = `${plural(changes.files, 'file')}, +${changes.added} −${changes.deleted}`;
  const runs = checks
    .map((check) => [`${check.name}: ${describeRun(check.head)}`, ...namesOf(check)].join(' · '))
    .join('; ');
  const words = { pass: '', rework: 'red', hold: 'a person must decide', stop: 'stopped', 'no-changes': 'no changes' };
  const detail = [words[verdict], verdict === 'no-changes' ? '' : size, runs].filter((part) => part !== '').join(' · ');
  return { step: 'verify', ok: verdict === 'pass' || verdict === 'no-changes', detail, durationMs };
}

function namesOf(check: CheckFigures): readonly string[] {
  const named = describeNew(check, (name) => name);
  return named === '' ? [] : [named];
}

function died(death: string | null): string {
  return death === null ? 'the daemon died here and went on' : `the daemon died here by itself: ${death}`;
}

/** What an agent was told whole needs no word. */
function tellStart({ resumed, told = [] }: EntryOf<'turn-started'>['data']): Told | null {
  const left = told.flatMap(({ path, note }) => (note === null ? [] : [`${path} ${note}`]));
  const detail = [...(resumed ? ['went on from its last checkpoint'] : []), ...left].join('; ');
  return detail === '' ? null : { step: 'work', ok: true, detail };
}
