import type { JobEntry } from '../job/entry.js';
import type { StepContext } from '../job/step-context.js';
import { claimIssueRef } from './issue-claim.js';

/** Prolongs the claim on the issue where it is due. Not null: another daemon has taken it over, and this one steps back. */
export async function keepClaim(context: StepContext): Promise<JobEntry | null> {
  const { claimedUntil } = context.job().data;
  if (claimedUntil === null) return null;
  const answer = await claimIssueRef(context);
  if (answer.kind === 'theirs') return { type: 'claim-lost', data: { owner: answer.claim.owner } };
  if (answer.until !== claimedUntil) await context.record([{ type: 'issue-claimed', data: { until: answer.until } }]);
  return null;
}
