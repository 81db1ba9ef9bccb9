import {
  type Brief,
  type Instant,
  type Issue,
  type IssueQuery,
  type JobOutcome,
  type Permission,
  type PullRequest,
  plural,
  type WaitReason,
} from '@baton/core';
import { type AskedText, describeEdits, shortHash } from '../job/told-text.js';
import type { Budget, Pause } from '../project/project.js';
import { isTrusted, type KnownTrust, whyNoTrustedBot } from '../trust/trust.js';
import { whyHeldBack } from './begun-jobs.js';

/** What Baton itself knows, without asking a host. */
export interface OwnFacts {
  /** Other jobs of the project that have a pull request open or are on the way to one. */
  readonly openPullRequests: number;
  readonly microUsdToday: number;
  readonly pause: Pause | null;
}

/** Everything that decides whether an issue is worked, freshly read. */
export interface Facts extends OwnFacts {
  /** Null: there is no such issue any more. */
  readonly issue: Issue | null;
  /** What the agent is told. Null: the source can't tell who set the work going. */
  readonly brief: Brief | null;
  /** Of whoever set the work going. Null without a brief. */
  readonly permission: Permission | null;
  readonly trust: KnownTrust;
  /** Comments that the agent isn't told, because their authors may not set work going. */
  readonly commentsLeftOut: number;
  readonly edits: Edits;
  readonly now: Instant;
  /** From when on a job may be begun on the word of whoever set the work going; not after `now` where one may at once. */
  readonly beginAt: Instant;
  /** On the job's branch, newest first. */
  readonly pullRequests: readonly PullRequest[];
}

/** What was edited after the trigger, and on whose word. */
export type Edits =
  | { readonly kind: 'none' }
  /** Everybody who edited may; the agent is told the text as it stood at the trigger all the same. */
  | { readonly kind: 'trusted' }
  /** A person has seen exactly the text that the agent is told. */
  | { readonly kind: 'approved'; readonly hash: string }
  /** By somebody who may not, or by nobody knows whom. */
  | { readonly kind: 'untrusted'; readonly asked: AskedText };

/** The rules that facts are held against. */
export interface EligibilityRules {
  readonly query: IssueQuery;
  readonly budget: Budget;
}

/** One thing that decides whether an issue is worked. */
export interface EligibilityCheck {
  /** Stable: `open`, `labels`, `trust`, `edits`, `comments`, `per-hour`, `blockers`, `pull-request`, `budget`, `paused`; `look-up` where one failed, `claim` where another daemon has the issue, `earlier-end` where Baton ended on it in another store. */
  readonly check: string;
  readonly ok: boolean;
  /** A sentence for people. */
  readonly detail: string;
  /** What would turn it. Null where it holds. */
  readonly wouldRunIf: string | null;
}

/** What the checks come to. */
export type Verdict = { readonly checks: readonly EligibilityCheck[] } & (
  | { readonly kind: 'run' }
  /** `until`: from when on it would run. Null where nobody knows. */
  | { readonly kind: 'wait'; readonly wait: WaitReason; readonly until: Instant | null; readonly reason: string }
  | { readonly kind: 'end'; readonly outcome: JobOutcome; readonly reason: string }
);

type Consequence =
  | { readonly kind: 'wait'; readonly wait: WaitReason; readonly until: Instant | null }
  | { readonly kind: 'end'; readonly outcome: JobOutcome };

type Judged = EligibilityCheck & { readonly otherwise: Consequence };

/** Whether an issue is worked, and every reason. Dispatch, `explain` and `plan` all ask here. Pure. */
export function judge(facts: Facts, rules: EligibilityRules): Verdict {
  const judged = [
    checkOpen(facts.issue),
    checkLabels(facts.issue, rules.query),
    checkTrust(facts),
    checkEdits(facts),
    checkComments(facts),
    checkPerHour(facts),
    checkBlockers(facts.issue),
    checkPullRequest(facts.pullRequests),
    checkBudget(facts, rules.budget),
    checkPaused(facts.pause),
  ];
  const checks = judged.map(({ check, ok, detail, wouldRunIf }) => ({ check, ok, detail, wouldRunIf }));
  const first = judged.find((each) => !each.ok);
  return first ? { checks, ...first.otherwise, reason: first.detail } : { checks, kind: 'run' };
}

/** What alone would keep any issue of the project from being worked now. Null: nothing does. Pure. */
export function judgeOwn(
  facts: OwnFacts,
  { budget }: Pick<EligibilityRules, 'budget'>,
): { readonly wait: WaitReason; readonly reason: string } | null {
  const first = [checkBudget(facts, budget), checkPaused(facts.pause)].find((each) => !each.ok);
  return first?.otherwise.kind === 'wait' ? { wait: first.otherwise.wait, reason: first.detail } : null;
}

function pass(check: string, detail: string): Judged {
  return { check, ok: true, detail, wouldRunIf: null, otherwise: { kind: 'end', outcome: 'cancelled' } };
}

function fail(check: string, detail: string, wouldRunIf: string, otherwise: Consequence): Judged {
  return { check, ok: false, detail, wouldRunIf, otherwise };
}

function checkOpen(issue: Issue | null): Judged {
  if (issue === null) {
    return fail('open', 'The issue is gone, or no longer visible to Baton.', 'the issue is there again', {
      kind: 'end',
      outcome: 'cancelled',
    });
  }
  if (issue.state.unified === 'closed') {
    return fail('open', 'The issue is closed.', 'somebody opens it again', { kind: 'end', outcome: 'cancelled' });
  }
  return pass('open', 'The issue is open.');
}

/** Why an issue is not, or no longer, handed over. Null where it is. Pure. */
export function whyNotLabelled(issue: Issue, query: IssueQuery): string | null {
  const { ok, detail } = checkLabels(issue, query);
  return ok ? null : detail;
}

function checkLabels(issue: Issue | null, query: IssueQuery): Judged {
  const labels = new Set(issue?.labels);
  const missing = query.labels.filter((label) => !labels.has(label.toLowerCase()));
  const barred = query.excludeLabels.filter((label) => labels.has(label.toLowerCase()));
  const assigned =
    query.assignee === null ||
    issue?.assignees.some((each) => each.login.toLowerCase() === query.assignee?.toLowerCase());
  const end: Consequence = { kind: 'end', outcome: 'cancelled' };
  if (missing.length > 0) {
    return fail('labels', `It lacks the label ${missing.join(', ')}.`, 'the label is set', end);
  }
  if (barred.length > 0) {
    return fail('labels', `It carries the label ${barred.join(', ')}.`, 'that label is taken off', end);
  }
  if (!assigned) return fail('labels', `It is not assigned to ${query.assignee}.`, 'it is assigned', end);
  return pass('labels', query.labels.length > 0 ? `It carries ${query.labels.join(', ')}.` : 'It matches.');
}

function checkTrust({ brief, permission, trust }: Facts): Judged {
  const end: Consequence = { kind: 'end', outcome: 'untrusted' };
  if (brief === null || permission === null) {
    return fail(
      'trust',
      'Nobody can tell who set the work going.',
      'somebody with write permission sets the label',
      end,
    );
  }
  const { actor } = brief.trigger;
  if (isTrusted(actor, permission, trust)) {
    const may = actor.kind === 'bot' ? `is named under trust.bots (id ${actor.id})` : `may (${permission})`;
    return pass('trust', `${actor.login} set it going and ${may}.`);
  }
  if (actor.kind === 'self') {
    return fail('trust', `${actor.login} set it going, which is Baton itself.`, 'a person sets the label', end);
  }
  if (actor.kind === 'bot') {
    const { why, wouldRunIf } = whyNoTrustedBot(actor, trust);
    return fail('trust', `${actor.login} set it going; ${why}.`, wouldRunIf, end);
  }
  return fail(
    'trust',
    `${actor.login} set it going and has ${permission === 'none' ? 'no' : `only ${permission}`} permission; ${trust.permission} is needed.`,
    `somebody with ${trust.permission} permission sets the label again`,
    end,
  );
}

function checkEdits({ edits }: Facts): Judged {
  switch (edits.kind) {
    case 'none':
      return pass('edits', 'Nothing was edited since it was handed over.');
    case 'trusted':
      return pass('edits', 'It was edited since, by people who may; it is worked as it stood when it was handed over.');
    case 'approved':
      return pass('edits', `A person approved the text ${shortHash(edits.hash)}, which was edited since.`);
    case 'untrusted': {
      const { hash, edits: made } = edits.asked;
      return fail(
        'edits',
        `It was edited after it was handed over (${describeEdits(made)}), and nobody has approved the text ${shortHash(hash)} that stands there now.`,
        'a person reads that text and approves it',
        { kind: 'wait', wait: 'needs-person', until: null },
      );
    }
  }
}

/** Leaves nothing undecided: whose words are not told, nobody asks for. */
function checkComments({ brief, commentsLeftOut }: Facts): Judged {
  const told = plural(brief?.comments.length ?? 0, 'comment');
  if (commentsLeftOut === 0) return pass('comments', `The agent is told ${told}, and none of Baton's own.`);
  const left = `${commentsLeftOut} of bots and of people who may not set work going`;
  return pass('comments', `The agent is told ${told}; ${left} ${commentsLeftOut === 1 ? 'is' : 'are'} left out.`);
}

function checkPerHour({ brief, now, beginAt, trust: { perActorPerHour } }: Facts): Judged {
  const who = brief?.trigger.actor.login ?? 'nobody';
  if (perActorPerHour === null) return pass('per-hour', 'Nobody limits how many jobs one actor sets going.');
  if (beginAt <= now) return pass('per-hour', `${who} may set another job going: at most ${perActorPerHour} an hour.`);
  return fail('per-hour', whyHeldBack(who, perActorPerHour, beginAt), `it is ${new Date(beginAt).toISOString()}`, {
    kind: 'wait',
    wait: 'budget',
    until: beginAt,
  });
}

function checkBlockers(issue: Issue | null): Judged {
  const open = issue?.blockedBy.filter((each) => each.open).map((each) => each.key) ?? [];
  if (open.length === 0) return pass('blockers', 'No open blocker.');
  return fail('blockers', `It waits for ${open.join(', ')}.`, 'the blockers are closed', {
    kind: 'wait',
    wait: 'blocked',
    until: null,
  });
}

function checkPullRequest(pullRequests: readonly PullRequest[]): Judged {
  const open = pullRequests.find((each) => each.state.unified === 'open');
  if (open) return pass('pull-request', `Pull request #${open.number} is open; Baton continues on it.`);
  const ended = pullRequests[0];
  if (!ended) return pass('pull-request', 'No pull request yet.');
  const merged = ended.state.unified === 'merged';
  return fail(
    'pull-request',
    `Pull request #${ended.number} was ${merged ? 'merged' : 'closed'}.`,
    'a person asks: baton retry',
    {
      kind: 'end',
      outcome: merged ? 'merged' : 'closed',
    },
  );
}

function checkBudget({ openPullRequests, microUsdToday }: OwnFacts, budget: Budget): Judged {
  const wait: Consequence = { kind: 'wait', wait: 'budget', until: null };
  if (budget.openPullRequests !== null && openPullRequests >= budget.openPullRequests) {
    const detail = describeFull(openPullRequests, budget.openPullRequests);
    return fail('budget', detail, 'one of them ends', wait);
  }
  if (budget.microUsdPerDay !== null && microUsdToday >= budget.microUsdPerDay) {
    return fail('budget', "The project's budget for today (budget.usdPerDay) is spent.", 'the day ends, in UTC', wait);
  }
  return pass('budget', 'Within the budget.');
}

/** Why no other job is begun. */
export function describeFull(taken: number, most: number): string {
  const jobs = taken === 1 ? '1 other job of the project has' : `${taken} other jobs of the project have`;
  return `${jobs} a pull request open or ${taken === 1 ? 'is' : 'are'} on the way to one; budget.openPullRequests lets at most ${most}.`;
}

function checkPaused(pause: Pause | null): Judged {
  if (pause === null) return pass('paused', 'Not paused.');
  const why = pause.reason === null ? '' : `: ${pause.reason}`;
  return fail('paused', `Baton is paused${why}.`, 'somebody resumes: baton resume', {
    kind: 'wait',
    wait: 'paused',
    until: null,
  });
}
