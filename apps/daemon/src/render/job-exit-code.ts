import type { JobView } from '@baton/engine';
import { exitCodes } from '../verb/exit-codes.js';

const refusedOutcomes: ReadonlySet<string> = new Set(['untrusted', 'refused', 'limit-reached', 'secret-found']);

/** The exit code that tells how a job stands. */
export function jobExitCode(view: Pick<JobView, 'phase' | 'outcome' | 'wait' | 'pullRequest'>): number {
  const { phase, outcome, wait, pullRequest } = view;
  if (outcome === 'merged' || outcome === 'no-changes') return exitCodes.ok;
  if (outcome === 'cancelled') return exitCodes.interrupted;
  if (outcome !== null) return refusedOutcomes.has(outcome) ? exitCodes.refused : exitCodes.jobFailed;
  if (phase === 'reviewing' && pullRequest?.state === 'open') return exitCodes.ok;
  if (wait === 'needs-person') return exitCodes.needsPerson;
  if (wait === 'budget') return exitCodes.refused;
  return exitCodes.pending;
}
