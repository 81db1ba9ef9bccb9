import type { JobEntry } from '../job/entry.js';
import type { StepContext } from '../job/step-context.js';
import { endOfLapsedClaim } from './earlier-life.js';
import { claimIssueRef } from './issue-claim.js';

/**
 * Prolongs the claim on the issue where it is due. Not null: another daemon has taken it over, or has ended on it since
 * the claim was over, and this one steps back.
 */
export async function keepClaim(context: StepContext): Promise<JobEntry | null> {
  const { claimedUntil } = context.job().data;
  if (claimedUntil === null) return null;
  const hadLapsed = hasLapsed(context);
  const answer = await claimIssueRef(context);
  if (answer.kind === 'theirs') return { type: 'claim-lost', data: { owner: answer.owner } };
  if (answer.until === claimedUntil) return null;
  // Before it counts as kept: a worker that dies in between has the next one look, too.
  const ended = hadLapsed ? await endOfLapsedClaim(context) : null;
  if (ended) return ended;
  await context.record([{ type: 'issue-claimed', data: { until: answer.until } }]);
  return null;
}

/** Whether others may have worked the issue since this job did. */
export function hasLapsed({ job, runtime }: StepContext): boolean {
  const { claimedUntil } = job().data;
  return claimedUntil !== null && claimedUntil < runtime.clock.now();
}

/** Whether the job's claim stands: no other daemon has its issue. */
export function holdsClaim(context: StepContext): boolean {
  return context.job().data.claimedUntil !== null && !hasLapsed(context);
}
