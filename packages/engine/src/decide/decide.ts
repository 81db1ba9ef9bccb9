import { formatDuration, type Instant, isEnded } from '@baton/core';
import { never } from '../job/backoff.js';
import { isHeldForDeaths, whyHeldForDeaths } from '../job/deaths.js';
import { askPerson, endJob } from '../job/entries.js';
import type { JobEntry } from '../job/entry.js';
import type { FoldedJob, StepName } from '../job/job-data.js';
import { limitsOf } from '../job/limits-of.js';
import { phases } from '../job/phases.js';
import { asksPerson } from '../job/wait-reasons.js';
import { statusKey } from './status-label.js';

/** What is done next with a job that is held. */
export type Decision =
  | { readonly kind: 'step'; readonly step: StepName }
  | { readonly kind: 'record'; readonly entry: JobEntry }
  /** Nothing to do before this instant. */
  | { readonly kind: 'sleep'; readonly until: Instant }
  | { readonly kind: 'finished' };

/** A step that a worker died in so often is what kills the workers. */
const mostInterruptions = 50;

/** The one place where it is decided what a job does next. Pure. */
export function decide(job: FoldedJob, now: Instant): Decision {
  const { data } = job;
  if (isEnded(job.phase)) return { kind: 'finished' };
  if (job.phase === 'settling') return decideSettling(job);
  const shown = (data.mirrored !== null && !mayBeOthers(job)) || asksPerson(job);
  const unshown = shown && data.ending === null && statusKey(job) !== data.mirrored;
  const showAt = unshown ? (data.mirrorAgain?.at ?? now) : never;
  if (showAt <= now) return { kind: 'step', step: 'mirror' };
  if (job.phase === 'waiting') return sooner(decideWaiting(job, now), showAt);
  if (isHeldForDeaths(job)) {
    const resume = job.phase === 'queued' ? 'claiming' : job.phase;
    return { kind: 'record', entry: askPerson(whyHeldForDeaths(job), resume) };
  }
  if (data.interruptions > mostInterruptions) {
    const reason = `The daemon died ${data.interruptions} times in the middle of this step.`;
    return { kind: 'record', entry: endJob('agent-failed', reason) };
  }
  const { step, sleeps, isWork } = phases[job.phase];
  if (sleeps && job.wakeAt > now) return sooner({ kind: 'sleep', until: job.wakeAt }, showAt);
  return (isWork ? endOverdue(job) : null) ?? { kind: 'step', step };
}

/** What has an end comes to it: where looking after it kills the daemon, everything is left where it is. */
function decideSettling(job: FoldedJob): Decision {
  if (!isHeldForDeaths(job)) return { kind: 'step', step: 'settle' };
  return { kind: 'record', entry: { type: 'settled', data: { rescued: [], shown: 'failed', ok: false } } };
}

function decideWaiting(job: FoldedJob, now: Instant): Decision {
  const { resume, lookAt } = job.data;
  if (asksPerson(job) || resume === null) {
    if (lookAt === null || isHeldForDeaths(job)) return { kind: 'sleep', until: never };
    return lookAt > now ? { kind: 'sleep', until: lookAt } : { kind: 'step', step: 'look' };
  }
  // A signal that changed nothing brings the job here early; its wait is what was recorded.
  const until = job.data.waitUntil ?? job.wakeAt;
  if (until > now) return { kind: 'sleep', until };
  return { kind: 'record', entry: { type: 'resumed', data: { phase: resume } } };
}

/** Whether another daemon may have the issue, or have ended on it: what people see there is what that one shows. */
function mayBeOthers({ phase, wait, data }: FoldedJob): boolean {
  return phase === 'claiming' || (phase === 'waiting' && wait === 'unavailable' && data.resume === 'claiming');
}

/** Nothing sleeps past the instant at which people are to be shown what they couldn't be shown before. */
function sooner(decision: Decision, showAt: Instant): Decision {
  return decision.kind === 'sleep' ? { kind: 'sleep', until: Math.min(decision.until, showAt) } : decision;
}

/** Null where a job was not worked for longer than it may. */
function endOverdue(job: FoldedJob): Decision | null {
  const { wallClockMs } = limitsOf(job);
  const { workedMs } = job.data;
  if (workedMs <= wallClockMs) return null;
  const reason = `It was worked for ${formatDuration(workedMs)}; at most ${formatDuration(wallClockMs)} are allowed.`;
  return { kind: 'record', entry: endJob('timed-out', reason) };
}
