import { BatonError, type JobOutcome, messageOf } from '@baton/core';
import { afterReset, backoffMs } from '../job/backoff.js';
import { endJob, waitJob } from '../job/entries.js';
import type { JobEntry } from '../job/entry.js';
import { describeFailure } from '../job/failure-words.js';
import type { ActivePhase, FoldedJob, StepName } from '../job/job-data.js';
import { limitsOf } from '../job/limits-of.js';

/** What a failure is judged by. */
export interface FailureContext {
  readonly now: number;
  readonly random: number;
  readonly durationMs: number;
}

const operatorCodes: ReadonlySet<string> = new Set([
  'AUTH_FAILED',
  'PERMISSION_DENIED',
  'DISK_FULL',
  'CAPABILITY_UNSUPPORTED',
  'STORE_UNREADABLE',
  'CONFIG_INVALID',
]);
const refusedCodes: ReadonlySet<string> = new Set(['TOO_LARGE', 'UNREADABLE']);
/** Steps whose failures are the host's: its outage is no failure of the job. */
const onHost: ReadonlySet<StepName> = new Set(['claim', 'publish', 'review', 'settle']);
const retriedCodes: ReadonlySet<string> = new Set(['TIMEOUT', 'CONFLICT', 'NOT_FOUND']);
const operatorWaitMs = 5 * 60_000;

/** Whether no retry mends it and somebody should be told. */
export function needsOperator(error: unknown): error is BatonError {
  return BatonError.is(error) && operatorCodes.has(error.code);
}

/** What becomes of a job whose step failed: wait and try again, or end. Pure. */
export function afterFailure(
  job: Pick<FoldedJob, 'data'>,
  step: StepName,
  error: unknown,
  context: FailureContext,
): readonly JobEntry[] {
  const code = BatonError.is(error) ? error.code : 'INTERNAL';
  const message = messageOf(error);
  const reason = describeFailure(error);
  const failed: JobEntry = { type: 'step-failed', data: { step, code, message, durationMs: context.durationMs } };
  const resume = resumePhase[step];
  const wait = (why: 'retry' | 'unavailable', until: number, counted: boolean): readonly JobEntry[] => [
    failed,
    waitJob(why, { until, reason, resume, counted }),
  ];
  const failures = job.data.tries + 1;
  const later = context.now + backoffMs(failures + job.data.outages, context.random);

  if (BatonError.is(error, 'RATE_LIMITED')) {
    return wait('unavailable', afterReset(Math.max(context.now, error.details.retryAt), context.random), false);
  }
  // An outage is no try: what else may be in the way keeps all of its own.
  if (code === 'UNAVAILABLE' || (code === 'TIMEOUT' && onHost.has(step))) return wait('unavailable', later, false);
  if (needsOperator(error) && !(step === 'settle' && code === 'PERMISSION_DENIED'))
    return wait('unavailable', context.now + operatorWaitMs, false);
  // What the agent left will be as large, or as unreadable, the next time; settling keeps it where it is.
  if (BatonError.is(error) && refusedCodes.has(error.code) && step !== 'settle' && step !== 'review') {
    return [failed, endJob('refused', reason)];
  }
  // What was paid for is not thrown away for one answer that could not be made sense of.
  const isPaid = job.data.turns > 0 && step !== 'review';
  const retried = isPaid || step === 'settle' || step === 'publish' || retriedCodes.has(code);
  const { attempts } = limitsOf(job);
  if (retried && failures < attempts) return wait('retry', later, true);
  // The pull request stands: one odd answer about it ends nothing.
  if (step === 'review') return wait('unavailable', later, true);
  // An ended job stays ended although the tracker could not be told so.
  if (step === 'settle')
    return [failed, { type: 'settled', data: { rescued: job.data.rescued, shown: 'failed', ok: false } }];
  return [failed, endJob(outcomeOf[step], reason)];
}

const resumePhase: Readonly<Record<StepName, ActivePhase>> = {
  claim: 'claiming',
  prepare: 'preparing',
  baseline: 'baseline',
  work: 'working',
  verify: 'verifying',
  publish: 'publishing',
  review: 'reviewing',
  settle: 'settling',
  look: 'settling',
  mirror: 'settling',
};

const outcomeOf: Readonly<Record<StepName, JobOutcome>> = {
  claim: 'forge-failed',
  prepare: 'workspace-failed',
  baseline: 'workspace-failed',
  work: 'agent-failed',
  verify: 'workspace-failed',
  publish: 'forge-failed',
  review: 'forge-failed',
  settle: 'forge-failed',
  look: 'forge-failed',
  mirror: 'forge-failed',
};
