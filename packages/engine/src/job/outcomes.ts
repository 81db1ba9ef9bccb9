import type { EndedPhase, JobOutcome } from '@baton/core';

/** What follows from an outcome, wherever the engine asks. */
interface OutcomeRules {
  /** In which phase a job with it rests. */
  readonly phase: EndedPhase;
  /** Whether the pull request ends with the job. With any other outcome of a later round it stands as it was. */
  readonly endsPullRequest: boolean;
  /** Whether it is what became of a pull request on the host. */
  readonly isPullRequests: boolean;
  /** Whether people are told on an issue that was never claimed, too: it is there that they can mend it. */
  readonly isToldUnclaimed: boolean;
  /** Whether the agent's words stand on the issue: nothing else says why there is no change. */
  readonly quotesAgent: boolean;
  /** Whether another text of the issue asks for another job. */
  readonly isReopenedByText: boolean;
  /** What people can do next where no pull request stands open. Empty: nothing is left to do. */
  advice(job: string): string;
}

const nothing = (): string => '';
const askAgain = (job: string): string =>
  `change the issue's text, or \`baton retry ${job}\`; \`baton show ${job}\` tells the whole story.`;

const failed: OutcomeRules = {
  phase: 'failed',
  endsPullRequest: false,
  isPullRequests: false,
  isToldUnclaimed: false,
  quotesAgent: false,
  isReopenedByText: true,
  advice: askAgain,
};

const ofPullRequest = { ...failed, endsPullRequest: true, isPullRequests: true, advice: nothing } as const;

/** Every outcome, and what follows from it: a new one is decided on here before anything compiles. */
export const outcomes: Readonly<Record<JobOutcome, OutcomeRules>> = {
  // What was merged is done: a note that says so is no new task.
  merged: { ...ofPullRequest, phase: 'done', isReopenedByText: false },
  closed: { ...ofPullRequest, phase: 'cancelled' },
  'no-changes': {
    ...failed,
    phase: 'done',
    quotesAgent: true,
    advice: (job) => `close the issue, or say more in it; \`baton retry ${job}\` tries again.`,
  },
  'checks-failed': failed,
  'limit-reached': failed,
  'timed-out': failed,
  stalled: failed,
  refused: failed,
  untrusted: {
    ...failed,
    endsPullRequest: true,
    isToldUnclaimed: true,
    advice: () => 'somebody with write permission sets the label again.',
  },
  'secret-found': failed,
  conflict: failed,
  cancelled: { ...failed, phase: 'cancelled', endsPullRequest: true, advice: nothing },
  'agent-failed': failed,
  'workspace-failed': failed,
  'forge-failed': failed,
};
