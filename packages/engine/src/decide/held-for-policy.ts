import { isHeldForDeaths } from '../job/deaths.js';
import type { FoldedJob, JobData } from '../job/job-data.js';
import { asksPerson } from '../job/wait-reasons.js';

/** Steps that ask a person about nothing else. */
const asking: ReadonlySet<JobData['resume']> = new Set(['preparing', 'baseline', 'verifying']);

/**
 * Whether a job waits for a person to mend what its repository asks. No yes and no word to the agent lets it pass: both
 * have it read again.
 */
export function isHeldForPolicy(job: FoldedJob): boolean {
  return asksPerson(job) && asking.has(job.data.resume) && !isHeldForDeaths(job);
}
