import type { EndedPhase, Instant, JobOutcome } from '@baton/core';
import { addUsage } from './agent-usage.js';
import type { EntryOf, JobEntry } from './entry.js';
import type { ActivePhase, FoldedJob, JobData, Judged } from './job-data.js';
import { noUsage } from './job-data.js';

/** Between two tries to show people where a job is. */
const mirrorAgainMs = 5 * 60_000;

/** What a job is after one more fact. Pure: time comes in with the entry. */
export function reduce(job: FoldedJob, entry: JobEntry, at: Instant): FoldedJob {
  const next = apply(job, entry, at);
  if (!('durationMs' in entry.data)) return next;
  return withData(next, { workedMs: next.data.workedMs + entry.data.durationMs });
}

function apply(job: FoldedJob, entry: JobEntry, at: Instant): FoldedJob {
  switch (entry.type) {
    case 'step-begun':
      return begin(job, entry.data);
    case 'step-interrupted':
      return withData(job, { interruptions: job.data.interruptions + 1 });
    case 'claimed':
      return go(job, 'preparing', { brief: entry.data.brief, limits: entry.data.limits, mirrored: entry.data.shown });
    case 'adopted':
      return go(job, 'reviewing', {
        pullRequest: entry.data.pullRequest,
        commit: entry.data.commit,
        mayHavePushed: true,
      });
    case 'prepared': {
      const { branch, commit, tree, sandbox, rescued } = entry.data;
      return go(job, 'baseline', {
        base: { branch, commit, tree },
        sandbox,
        rescued: union(job.data.rescued, rescued),
      });
    }
    case 'baselined':
      return go(job, 'working', { baseChecks: entry.data.checks });
    case 'turn-started':
      return startTurn(job, entry);
    case 'checkpoint':
      return withData(job, {
        checkpoint: entry.data.state,
        usage: addUsage(subtractTurn(job), entry.data.usage),
        turnUsage: entry.data.usage,
      });
    case 'turn-ended':
      return endTurn(job, entry);
    case 'verified':
      return judge(job, entry);
    case 'published':
      return go(job, 'reviewing', { commit: entry.data.commit, pullRequest: entry.data.pullRequest });
    case 'observed':
      return {
        ...withData(job, {
          pullRequest: entry.data.pullRequest,
          observeCursor: entry.data.cursor,
          intent: null,
          tries: 0,
        }),
        wakeAt: entry.data.nextAt,
      };
    case 'mirrored':
      return entry.data.ok
        ? withData(job, { mirrored: entry.data.shown, mirrorDueAt: null })
        : withData(job, { mirrorDueAt: at + mirrorAgainMs });
    case 'step-failed':
      return withData(job, { interruptions: 0, intent: job.data.intent && { ...job.data.intent, open: false } });
    case 'slept':
      return { ...job, wakeAt: entry.data.until };
    case 'waiting':
      return {
        ...withData(job, {
          reason: entry.data.reason,
          resume: entry.data.resume,
          // A step that came to a wait by itself is over; one that failed keeps its intent for the next try.
          intent: job.data.intent?.open ? null : job.data.intent,
          interruptions: 0,
          tries: job.data.tries + (entry.data.counted ? 1 : 0),
        }),
        phase: 'waiting',
        wait: entry.data.wait,
        wakeAt: entry.data.until,
      };
    case 'resumed':
      return { ...withData(job, { reason: null, resume: null }), phase: entry.data.phase, wait: null, wakeAt: at };
    case 'attempt-failed':
      return failAttempt(job, entry);
    case 'signalled':
      return heed(job, entry, at);
    case 'ending':
      return end(job, entry.data.outcome, entry.data.reason, at);
    case 'settled':
      return settle(job, entry);
  }
}

function withData(job: FoldedJob, data: Partial<JobData>): FoldedJob {
  return { ...job, data: { ...job.data, ...data } };
}

/** On to the next step: whatever the last one left behind of its own is cleared. */
function go(job: FoldedJob, phase: ActivePhase, data: Partial<JobData>): FoldedJob {
  return {
    ...withData(job, { reason: null, resume: null, intent: null, tries: 0, interruptions: 0, ...data }),
    phase,
    wait: null,
  };
}

function begin(job: FoldedJob, intent: EntryOf<'step-begun'>['data']): FoldedJob {
  const mayHavePushed = job.data.mayHavePushed || intent.step === 'publish';
  return { ...withData(job, { intent, mayHavePushed }), phase: intent.step === 'claim' ? 'claiming' : job.phase };
}

function startTurn(job: FoldedJob, entry: EntryOf<'turn-started'>): FoldedJob {
  const { agent, model, resumed, tree } = entry.data;
  return withData(job, {
    agent: { id: agent, model },
    turnUsage: noUsage,
    turnTree: tree,
    ...(resumed ? {} : { checkpoint: null }),
  });
}

function subtractTurn(job: FoldedJob): JobData['usage'] {
  return addUsage(job.data.usage, job.data.turnUsage, -1);
}

function endTurn(job: FoldedJob, entry: EntryOf<'turn-ended'>): FoldedJob {
  const { usage, summary, model, outcome } = entry.data;
  const ended = go(job, 'verifying', {
    usage: addUsage(subtractTurn(job), usage),
    turnUsage: noUsage,
    turns: job.data.turns + 1,
    turnTree: null,
    checkpoint: null,
    summary,
    // What a turn that came to nothing was told, the next one is told again.
    ...(outcome === 'done' ? { feedback: null, steering: [] } : {}),
    agent: job.data.agent && { ...job.data.agent, model: model ?? job.data.agent.model },
  });
  return outcome === 'done' ? { ...ended, round: job.round + 1 } : ended;
}

function judge(job: FoldedJob, entry: EntryOf<'verified'>): FoldedJob {
  const { tree, verdict, checks, changes, reason } = entry.data;
  const judged: Judged = { tree, verdict, checks, changes };
  const passed = verdict === 'pass' || (verdict === 'hold' && job.data.approvedTree === tree);
  // Somebody spoke while the turn ran: that is heeded before anything is handed in.
  if (passed) return go(job, job.data.steering.length > 0 ? 'working' : 'publishing', { judged });
  if (verdict === 'rework') {
    return go(job, 'working', { judged, feedback: reason, redTrees: [...job.data.redTrees, tree] });
  }
  return go(job, 'verifying', { judged });
}

function failAttempt(job: FoldedJob, entry: EntryOf<'attempt-failed'>): FoldedJob {
  return {
    ...withData(job, {
      resume: 'preparing',
      reason: entry.data.reason,
      feedback: entry.data.reason,
      intent: null,
      tries: 0,
      turnTree: null,
      checkpoint: null,
      judged: null,
      base: null,
      turnUsage: noUsage,
    }),
    attempt: job.attempt + 1,
    phase: 'waiting',
    wait: 'retry',
    wakeAt: entry.data.until,
  };
}

function heed(job: FoldedJob, entry: EntryOf<'signalled'>, at: Instant): FoldedJob {
  const { type, message } = entry.data;
  if (job.data.ending !== null) return job;
  const waitsForPerson = job.wait === 'needs-person';
  switch (type) {
    case 'cancel':
      return end(job, 'cancelled', message ?? 'A person cancelled it.', at);
    case 'reject':
      return waitsForPerson ? end(job, 'refused', message ?? 'A person rejected it.', at) : job;
    case 'approve':
      return waitsForPerson ? approve(job, at) : job;
    case 'steer': {
      const steered = withData(job, {
        steering: message === null ? job.data.steering : [...job.data.steering, message],
      });
      return waitsForPerson && job.data.resume !== 'claiming' ? wake(steered, 'working', at) : steered;
    }
    case 'wake':
      return waitsForPerson ? job : wake(job, job.data.resume, at);
  }
}

/** What a person said yes to depends on what was asked: edits of the issue, or a tree that was held. */
function approve(job: FoldedJob, at: Instant): FoldedJob {
  if (job.data.resume === 'claiming') return wake(withData(job, { editsApproved: true }), 'claiming', at);
  if (job.data.resume !== 'publishing') return wake(job, 'working', at);
  return wake(withData(job, { approvedTree: job.data.judged?.tree ?? null }), 'publishing', at);
}

function wake(job: FoldedJob, phase: ActivePhase | null, at: Instant): FoldedJob {
  if (job.phase !== 'waiting' || phase === null) return { ...job, wakeAt: at };
  return { ...withData(job, { reason: null, resume: null }), phase, wait: null, wakeAt: at };
}

function end(job: FoldedJob, outcome: JobOutcome, reason: string, at: Instant): FoldedJob {
  return {
    ...withData(job, { ending: { outcome, reason }, reason, resume: null, intent: null, tries: 0 }),
    phase: 'settling',
    wait: null,
    wakeAt: at,
  };
}

function settle(job: FoldedJob, entry: EntryOf<'settled'>): FoldedJob {
  const ending = job.data.ending;
  if (ending === null) return job;
  const { rescued, shown } = entry.data;
  return {
    ...withData(job, {
      // A wait on the way here had a sentence of its own.
      reason: ending.reason,
      intent: null,
      rescued: union(job.data.rescued, rescued),
      mirrored: shown,
      checkpoint: null,
    }),
    phase: endedPhase(ending.outcome),
    wait: null,
    outcome: ending.outcome,
  };
}

function union(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])];
}

/** In which phase a job with this outcome rests. */
export function endedPhase(outcome: JobOutcome): EndedPhase {
  if (outcome === 'merged' || outcome === 'no-changes') return 'done';
  if (outcome === 'cancelled' || outcome === 'closed') return 'cancelled';
  return 'failed';
}
