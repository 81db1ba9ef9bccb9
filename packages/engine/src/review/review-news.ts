import { type Feedback, type Observation, plural } from '@baton/core';
import type { EntryOf } from '../job/entry.js';
import type { FoldedJob } from '../job/job-data.js';
import type { StepContext } from '../job/step-context.js';
import { asksPerson } from '../job/wait-reasons.js';
import { clip, oneLine, stripHidden } from '../text/untrusted-text.js';
import { type AskPermission, askPermissions } from '../trust/ask-permissions.js';
import { isTrusted, type KnownTrust, readTrust } from '../trust/trust.js';
import { asksForWork } from './asks-for-work.js';

/** What a round is asked for. */
export type Rework = EntryOf<'rework-asked'>['data'];

const longestFeedback = 8_000;
const longestExcerpt = 4_000;
/** Of all that people said, and of all that checks say: a model reads it all, and is paid for all of it. */
const longestTogether = 48_000;

/** Whether a look at a pull request found something that its job should look at. Pure. */
export function isNews(job: FoldedJob, observation: Observation | null): boolean {
  if (observation === null || observation.pullRequest.state.unified !== 'open') return true;
  if (job.phase === 'waiting' && !asksPerson(job)) return false;
  if (observation.feedback.length > 0) return true;
  return failedChecksOf(job, observation) !== null || isOtherwiseMergeable(job, observation);
}

/** Whether it conflicts with its base and didn't, or the other way round. */
function isOtherwiseMergeable({ data }: FoldedJob, { pullRequest: { mergeable } }: Observation): boolean {
  return mergeable !== 'unknown' && (mergeable === 'conflict') !== data.conflicted;
}

/** The head whose checks are red on the host and were not acted on yet. */
export function failedChecksOf(job: FoldedJob, { checks, pullRequest }: Observation): string | null {
  return checks.state === 'failed' && job.data.handledChecks !== pullRequest.headCommit ? pullRequest.headCommit : null;
}

/**
 * What people who may, and the host's checks, ask for: all of it at once, so that neither overwrites the other
 *. Null where nobody asks for anything.
 */
export async function readRework(context: StepContext, observation: Observation): Promise<Rework | null> {
  const job = context.job();
  const trust = await readTrust(context, 'forge', { signal: context.signal });
  const ask = askPermissions(context.project.forge);
  const heeded: Feedback[] = [];
  for (const each of observation.feedback) {
    const isHeeded =
      (await isFromTrusted(context, { ask, trust }, each)) &&
      (await asksForWork(each, context.project.forge, { signal: context.signal }));
    if (isHeeded) heeded.push(each);
  }
  const checksOf = failedChecksOf(job, observation);
  const said = [
    ...job.data.steering.map((message) => `Said by a person who may:\n${message}`),
    ...clipTogether(heeded.map(describeFeedback), 'comment'),
    ...(checksOf === null ? [] : describeChecks(observation.checks)),
  ];
  if (said.length === 0) return null;
  return { feedbackIds: heeded.map(({ id }) => id), checksOf, feedback: said.join('\n\n') };
}

async function isFromTrusted(
  { signal }: StepContext,
  { ask, trust }: { readonly ask: AskPermission; readonly trust: KnownTrust },
  { author }: Feedback,
): Promise<boolean> {
  if (author === null || author.kind === 'self') return false;
  return isTrusted(author, await ask(author, { signal }), trust);
}

function describeFeedback({ author, path, line, body }: Feedback): string {
  const where = path === null ? '' : ` on ${oneLine(path, 300)}${line === null ? '' : `, line ${line}`}`;
  const who = oneLine(author?.login ?? 'somebody', 60);
  return `A reviewer, ${who}${where}:\n${clip(stripHidden(body), longestFeedback).text}`;
}

/** The red ones, and beside them what came to no result: nobody need look for its cause. */
function describeChecks({ failures, notes }: Observation['checks']): readonly string[] {
  if (failures.length === 0) return [];
  const named = notes.map(({ name, what }) => `${oneLine(name, 200)} (${oneLine(what, 60)})`);
  const rest = `These of the host's checks came to no result, which is not yours to mend: ${named.join(', ')}`;
  const red = clipTogether(failures.map(describeFailure), 'red check');
  return [...red, ...(named.length > 0 ? [clip(rest, longestExcerpt).text] : [])];
}

/** Those that there is room for, in their order, and how many there are beside them. */
function clipTogether(parts: readonly string[], what: string): readonly string[] {
  let room = longestTogether;
  const kept = parts.filter((part) => {
    room -= part.length;
    return room >= 0;
  });
  const left = parts.length - kept.length;
  return left === 0 ? kept : [...kept, `${plural(left, `more ${what}`)} left out here: together they are too long.`];
}

function describeFailure({ name, excerpt }: Observation['checks']['failures'][number]): string {
  return `The host's check ${oneLine(name, 200)} failed:\n${stripHidden(excerpt).slice(-longestExcerpt).toWellFormed()}`;
}
