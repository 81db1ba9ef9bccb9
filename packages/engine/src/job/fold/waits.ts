import type { Instant } from '@baton/core';
import { never } from '../backoff.js';
import type { EntryOf } from '../entry.js';
import type { FoldedJob } from '../job-data.js';
import { waitReasons } from '../wait-reasons.js';
import { lookMs, withData } from './transitions.js';

/** The job sleeps until an instant, or until a person answers. */
export function wait(job: FoldedJob, { data }: EntryOf<'waiting'>, at: Instant): FoldedJob {
  const { asksPerson, isOutage } = waitReasons[data.wait];
  return {
    ...withData(job, {
      reason: data.reason,
      resume: data.resume,
      waitUntil: data.until,
      lookAt: asksPerson ? at + lookMs : null,
      askedText: data.askedText ?? null,
      // A step that came to a wait by itself is over; one that failed keeps its intent for the next try.
      intent: job.data.intent?.open ? null : job.data.intent,
      interruptions: 0,
      tries: job.data.tries + (data.counted ? 1 : 0),
      outages: job.data.outages + (isOutage ? 1 : 0),
    }),
    phase: 'waiting',
    wait: data.wait,
    // A question has yet to be shown, whoever does it, and is looked after then.
    wakeAt: asksPerson ? at : data.until,
  };
}

/** It waits for the operator, and keeps what it was about. */
export function stray(job: FoldedJob): FoldedJob {
  const { phase, wait, data } = job;
  const { reason, resume, waitUntil, lookAt } = data;
  const kept = data.stray ?? { phase, wait, reason, resume, waitUntil, lookAt };
  const why = `There is no project ${job.project} in the configuration any more: configure it again, or cancel the job.`;
  return {
    ...withData(job, { stray: kept, reason: why, resume: null, waitUntil: never, lookAt: null }),
    phase: 'waiting',
    wait: 'needs-person',
    wakeAt: never,
  };
}

/** Its project is back in the configuration: it goes on with what it was about. */
export function comeHome(job: FoldedJob, at: Instant): FoldedJob {
  const { stray: kept } = job.data;
  if (kept === null) return { ...job, wakeAt: at };
  const { phase, wait, ...data } = kept;
  return { ...withData(job, { ...data, stray: null }), phase, wait, wakeAt: at };
}
