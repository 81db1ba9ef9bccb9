import type { Instant } from '@baton/core';
import { oneLine } from '../../text/untrusted-text.js';
import { isHeldForDeaths } from '../deaths.js';
import type { EntryOf } from '../entry.js';
import type { FoldedJob } from '../job-data.js';
import { asksPerson } from '../wait-reasons.js';
import { end, wake, withData } from './transitions.js';

/** What a job makes of a signal. Pure. */
export function applySignal(before: FoldedJob, entry: EntryOf<'signalled'>, at: Instant): FoldedJob {
  const { type, message, seen = null, publish = before.data.publish } = entry.data;
  const job = withData(before, { publish });
  // What ends a job is not undone; only the wait for another try at it may be over sooner.
  if (job.data.ending !== null)
    return type === 'wake' && job.phase === 'waiting' ? wake(job, job.data.resume, at) : job;
  const waitsForPerson = asksPerson(job);
  switch (type) {
    case 'cancel':
      return end(job, 'cancelled', message ?? 'A person cancelled it.', at);
    case 'reject':
      return waitsForPerson ? end(job, 'refused', message ?? 'A person rejected it.', at) : job;
    case 'approve':
      if (waitsForPerson && isHeldForDeaths(job)) return goOn(job, at);
      return waitsForPerson ? approve(job, seen, at) : job;
    case 'steer': {
      const said = message === null ? [] : [waitsForPerson ? inAnswerTo(job, message) : message];
      const steered = withData(job, { steering: [...job.data.steering, ...said] });
      if (job.phase === 'reviewing') return wake(steered, null, at);
      if (waitsForPerson && isHeldForDeaths(job)) return goOn(steered, at);
      if (!waitsForPerson || job.data.resume === 'claiming') return steered;
      // What was asked about a tree is answered by work on it; what isn't ready for work is looked at again first.
      return wake(steered, job.data.resume === 'publishing' ? 'working' : (job.data.resume ?? 'working'), at);
    }
    case 'wake':
      if (!waitsForPerson) return wake(job, job.data.resume, at);
      // A question stands until it is answered; whether it is still of use is looked at.
      return { ...withData(job, { lookAt: at }), wakeAt: at };
  }
}

const longestQuestion = 1_000;

/** Whoever is told the answer may never have heard the question: an agent is begun anew with each turn. */
function inAnswerTo({ data }: FoldedJob, message: string): string {
  const question = data.reason === null || data.resume === 'claiming' ? '' : oneLine(data.reason, longestQuestion);
  return question === '' ? message : `To what was asked, "${question}", the answer is:\n${message}`;
}

/** A yes to another try is one to nothing else: not to what was asked, nor to what was made. */
function goOn(job: FoldedJob, at: Instant): FoldedJob {
  return wake(withData(job, { deaths: [] }), job.data.resume, at);
}

/** What a person is asked to approve: hash of a text, id of a tree, or null for a question. */
export function whatIsAsked(job: FoldedJob): string | null {
  const { data } = job;
  if (!asksPerson(job) || isHeldForDeaths(job)) return null;
  if (data.resume === 'claiming') return data.askedText?.hash ?? null;
  return data.resume === 'publishing' ? (data.judged?.tree ?? null) : null;
}

/**
 * A yes holds for what the person had seen, and for nothing that came in its place. To a text it has to say which:
 * whoever may edit the issue would otherwise choose what is approved.
 */
function approve(job: FoldedJob, seen: string | null, at: Instant): FoldedJob {
  const asked = whatIsAsked(job);
  if (seen !== null && seen !== asked) return job;
  if (job.data.resume === 'publishing') return wake(withData(job, { approvedTree: asked }), 'publishing', at);
  if (job.data.resume !== 'claiming') return wake(sayYes(job), job.data.resume ?? 'working', at);
  // A job that an earlier version let wait kept no text: it is judged, and asked about, anew.
  return asked === null || seen !== null ? wake(withData(job, { approvedText: seen }), 'claiming', at) : job;
}

/** The agent that asked is told that it was a yes, and to what. Nobody else has asked an agent anything. */
function sayYes(job: FoldedJob): FoldedJob {
  const { resume, steering } = job.data;
  if (resume !== null && resume !== 'working') return job;
  return withData(job, { steering: [...steering, inAnswerTo(job, 'Yes.')] });
}
