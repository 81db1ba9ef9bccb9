import type { Job, WaitReason } from '@baton/core';
import type { StatusLabel } from './labels.js';

/** What follows from what a job waits for, wherever the engine asks. */
interface WaitRules {
  readonly label: StatusLabel;
  /** Whether a person's answer ends it. Any other ends by itself, at its instant. */
  readonly asksPerson: boolean;
  /** Whether it is for an outage: the longer that lasts, the longer is waited. */
  readonly isOutage: boolean;
  /** Whether it comes of a failure of the job's own. */
  readonly isFailure: boolean;
  /** Whether what is done to the issue may end it. */
  readonly isEndedByIssue: boolean;
  /** Whether what an operator changes may end it: a budget, a limit, a setting, a key, a host. */
  readonly isEndedByOperator: boolean;
}

const waits: WaitRules = {
  label: 'working',
  asksPerson: false,
  isOutage: false,
  isFailure: false,
  isEndedByIssue: false,
  isEndedByOperator: false,
};

/** Every reason to wait, and what follows from it: a new one is decided on here before anything compiles. */
export const waitReasons: Readonly<Record<WaitReason, WaitRules>> = {
  retry: { ...waits, isFailure: true },
  // Its provider named the instant.
  'usage-limit': waits,
  'needs-person': { ...waits, label: 'needs-person', asksPerson: true, isEndedByIssue: true },
  budget: { ...waits, isEndedByOperator: true },
  paused: { ...waits, isEndedByOperator: true },
  blocked: { ...waits, isEndedByIssue: true },
  unavailable: { ...waits, isOutage: true, isEndedByOperator: true },
};

/** Whether a job waits for a person's answer. */
export function asksPerson({ wait }: Pick<Job, 'wait'>): boolean {
  return wait !== null && waitReasons[wait].asksPerson;
}
