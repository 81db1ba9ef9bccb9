import { isHeldForDeaths } from '../job/deaths.js';
import type { FoldedJob } from '../job/job-data.js';
import { asksPerson } from '../job/wait-reasons.js';
import { isHeldForPolicy } from './held-for-policy.js';

/**
 * What is asked of a person: a `yes` or no to a change or a text, an `answer` to the agent's question, that the
 * repository's own file is mended (`mend`), or whether what killed daemons is tried once more (`retry`).
 */
export type PersonsWord = 'yes' | 'answer' | 'mend' | 'retry';

/** What a job waits to hear from a person. Null where it waits for nobody. */
export function whatIsWanted(job: FoldedJob): PersonsWord | null {
  if (!asksPerson(job)) return null;
  if (isHeldForDeaths(job)) return 'retry';
  if (isHeldForPolicy(job)) return 'mend';
  return job.data.resume === 'working' ? 'answer' : 'yes';
}
