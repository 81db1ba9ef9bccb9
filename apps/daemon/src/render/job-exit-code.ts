import type { JobOutcome, JobPhase, WaitReason } from '@baton/core';
import type { JobView } from '@baton/engine';
import { exitCodes } from '../verb/exit-codes.js';

/** What of a job its exit code goes by. */
type Standing = Pick<JobView, 'phase' | 'outcome' | 'wait' | 'pullRequest'>;

const byOutcome: Readonly<Record<JobOutcome, number>> = {
  merged: exitCodes.ok,
  closed: exitCodes.jobFailed,
  'no-changes': exitCodes.ok,
  'checks-failed': exitCodes.jobFailed,
  'limit-reached': exitCodes.refused,
  'timed-out': exitCodes.jobFailed,
  stalled: exitCodes.jobFailed,
  refused: exitCodes.refused,
  untrusted: exitCodes.refused,
  'secret-found': exitCodes.refused,
  conflict: exitCodes.jobFailed,
  cancelled: exitCodes.interrupted,
  'agent-failed': exitCodes.jobFailed,
  'workspace-failed': exitCodes.jobFailed,
  'forge-failed': exitCodes.jobFailed,
};

const byWait: Readonly<Record<WaitReason, number>> = {
  retry: exitCodes.pending,
  'usage-limit': exitCodes.pending,
  'needs-person': exitCodes.needsPerson,
  budget: exitCodes.refused,
  paused: exitCodes.pending,
  blocked: exitCodes.pending,
  unavailable: exitCodes.pending,
};

const pending = (): number => exitCodes.pending;
const ended = ({ outcome }: Standing): number => (outcome === null ? exitCodes.pending : byOutcome[outcome]);

const byPhase: Readonly<Record<JobPhase, (view: Standing) => number>> = {
  queued: pending,
  claiming: pending,
  preparing: pending,
  baseline: pending,
  working: pending,
  verifying: pending,
  publishing: pending,
  reviewing: ({ pullRequest }) => (pullRequest?.state === 'open' ? exitCodes.ok : exitCodes.pending),
  settling: pending,
  waiting: ({ wait }) => (wait === null ? exitCodes.pending : byWait[wait]),
  done: ended,
  failed: ended,
  cancelled: ended,
};

/** The exit code that tells how a job stands. */
export function jobExitCode(view: Standing): number {
  return byPhase[view.phase](view);
}
