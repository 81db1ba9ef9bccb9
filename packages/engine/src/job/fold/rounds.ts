import type { EntryOf } from '../entry.js';
import type { FoldedJob, Judged } from '../job-data.js';
import { go, leaveTurn, withData } from './transitions.js';

/** A round is one that changed something: a word of thanks uses up none. */
export function judge(before: FoldedJob, entry: EntryOf<'verified'>): FoldedJob {
  const { tree, verdict, checks, notes = [], changes, proof = null, reason } = entry.data;
  const round = verdict === 'no-changes' ? before.round : before.round + 1;
  const job = { ...withData(before, { isFound: false }), round };
  const judged: Judged = { tree, verdict, checks, notes, changes, proof, ...(verdict === 'hold' && { held: reason }) };
  const passed = verdict === 'pass' || (verdict === 'hold' && job.data.approvedTree === tree);
  // Somebody spoke while the turn ran: that is heeded before anything is handed in.
  if (passed) return go(job, job.data.steering.length > 0 ? 'working' : 'publishing', { judged });
  if (verdict === 'rework') {
    return go(job, 'working', { judged, feedback: reason, redTrees: [...job.data.redTrees, tree] });
  }
  return go(job, 'verifying', { judged });
}

/** The next attempt begins later, from a clean base; or from what was handed in, where something was. */
export function failAttempt(job: FoldedJob, entry: EntryOf<'attempt-failed'>): FoldedJob {
  const { reason, until } = entry.data;
  const { publishedTree } = job.data;
  return {
    ...withData(job, {
      reason,
      waitUntil: until,
      intent: null,
      tries: 0,
      outages: 0,
      checkpoint: null,
      ...leaveTurn(job),
      // What was handed in stays the ground for what reviewers ask.
      ...(publishedTree === null
        ? {
            resume: 'preparing',
            feedback: reason,
            turnTree: null,
            judged: null,
            base: null,
            policy: null,
            isFound: false,
            // A person said yes to what it made of that base; of a newer one the same tree makes something else.
            approvedTree: null,
          }
        : { resume: 'working', turnTree: publishedTree }),
    }),
    attempt: job.attempt + 1,
    phase: 'waiting',
    wait: 'retry',
    wakeAt: until,
  };
}

/** Another round on what was handed in. What people said goes into it, and no second round is begun for it. */
export function askRework(job: FoldedJob, entry: EntryOf<'rework-asked'>): FoldedJob {
  const { feedback, checksOf } = entry.data;
  return go(job, 'working', {
    feedback,
    steering: [],
    turnTree: job.data.publishedTree,
    handledChecks: checksOf ?? job.data.handledChecks,
    approvedTree: null,
  });
}
