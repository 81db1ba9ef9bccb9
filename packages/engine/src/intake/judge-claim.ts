import type { CallOptions } from '@baton/core';
import { claimRefFor, describeClaim } from '../branches/issue-claim.js';
import { listClaimRefs, readStandingClaim } from '../branches/standing-claims.js';
import type { Explanation } from './explain.js';
import { dedupeKey, type IntakePorts } from './intake.js';

/** Whether a job would ask for the issue before anything else is done. */
function wouldClaim({ job, verdict }: Explanation): boolean {
  return verdict.kind === 'run' && (job === null || job.phase === 'queued');
}

/**
 * What becomes of issues that daemons on other stores have: a job of each would wait for those. Reads only, and asks
 * the remote once where none is claimed. Where it can't be asked, nothing is told of it.
 */
export async function judgeClaims(
  ports: IntakePorts,
  explanations: readonly Explanation[],
  options: CallOptions = {},
): Promise<readonly Explanation[]> {
  if (!explanations.some(wouldClaim)) return explanations;
  const { project, owner } = ports;
  try {
    const remote = await project.forge.remote(options);
    const refs = await listClaimRefs(project, options);
    const judged: Explanation[] = [];
    for (const explanation of explanations) {
      const key = dedupeKey(project, explanation.issue);
      const claim = wouldClaim(explanation) ? await readStandingClaim(ports, refs, key, options) : null;
      if (claim === null || claim.owner === owner) {
        judged.push(explanation);
        continue;
      }
      const reason = describeClaim(claim, remote, claimRefFor(key));
      const check = { check: 'claim', ok: false, detail: reason, wouldRunIf: 'that claim is over, or is deleted' };
      const checks = [...explanation.verdict.checks, check];
      judged.push({
        ...explanation,
        verdict: { kind: 'wait', wait: 'unavailable', until: claim.until, reason, checks },
      });
    }
    return judged;
  } catch {
    options.signal?.throwIfAborted();
    return explanations;
  }
}
