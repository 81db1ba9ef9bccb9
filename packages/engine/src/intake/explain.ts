import type { Issue, Job } from '@baton/core';
import type { Verdict } from '../eligibility/eligibility.js';

/** Every check that decides whether an issue runs, and what they come to. */
export interface Explanation {
  readonly project: string;
  readonly issue: Issue;
  /** The issue's newest job. Null where it has none. */
  readonly job: Job | null;
  /** Where it is worked, or would be: what somebody else pushed is passed by. */
  readonly branch: string;
  readonly verdict: Verdict;
}

/** What the next tick would do. */
export interface Plan {
  /** Every issue that matches. */
  readonly explanations: readonly Explanation[];
  /** Projects that could not be asked for their issues, each with why: nothing is known of these. */
  readonly failures: readonly { readonly project: string; readonly error: unknown }[];
}
