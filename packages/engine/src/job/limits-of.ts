import { defaultLimits, type Limits, leastLimits } from '../project/limits.js';
import type { FoldedJob } from './job-data.js';

/** What a job may use: what its project said when it was claimed, as the policy of its base narrows it. */
export function limitsOf({ data }: Pick<FoldedJob, 'data'>): Limits {
  return leastLimits(data.limits ?? defaultLimits, data.policy?.limits ?? {});
}
