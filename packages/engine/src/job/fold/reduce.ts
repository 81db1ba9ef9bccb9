import type { Brief, Instant } from '@baton/core';
import { backoffMs } from '../backoff.js';
import { countDeaths, isHeldForDeaths } from '../deaths.js';
import type { EntryOf, JobEntry } from '../entry.js';
import type { FoldedJob, JobData } from '../job-data.js';
import { outcomes } from '../outcomes.js';
import { phases } from '../phases.js';
import { mergeRefusals } from '../refusals.js';
import { hashToldText } from '../told-text.js';
import { applySignal } from './apply-signal.js';
import { askRework, failAttempt, judge } from './rounds.js';
import { closeReservation, end, go, lookMs, wake, withData } from './transitions.js';
import { endTurn, startTurn, useMore } from './turns.js';
import { comeHome, stray, wait } from './waits.js';
import { countTime } from './worked-time.js';

/** What a job is after one more fact. Pure: time comes in with the entry. */
export function reduce(job: FoldedJob, entry: JobEntry, at: Instant): FoldedJob {
  const deaths = countDeaths(job, entry);
  const applied = apply(job, entry, at);
  // What wakes a job that is held for them clears them itself.
  const next = isHeldForDeaths(job) ? applied : withData(applied, { deaths });
  return due(withData(next, countTime(job, entry)), at);
}

/** A job in the middle of its way is due, whatever it waited for before: its worker may die, and the next one looks. */
function due(job: FoldedJob, at: Instant): FoldedJob {
  return phases[job.phase].sleeps || job.wakeAt <= at ? job : { ...job, wakeAt: at };
}

function apply(job: FoldedJob, entry: JobEntry, at: Instant): FoldedJob {
  switch (entry.type) {
    case 'step-begun':
      return begin(job, entry.data);
    case 'step-interrupted':
      return withData(job, {
        interruptions: job.data.interruptions + 1,
        intent: job.data.intent && { ...job.data.intent, ...(entry.data.worker ? { worker: entry.data.worker } : {}) },
      });
    case 'claimed':
      return go(job, 'preparing', {
        brief: entry.data.brief,
        limits: entry.data.limits,
        lineup: entry.data.lineup,
        askedText: null,
        approvedText: keptApproval(job, entry.data.brief),
        mayHaveLived: entry.data.mayHaveLived ?? false,
        mirrored: entry.data.shown,
      });
    case 'issue-claimed':
      return withData(job, { claimedUntil: entry.data.until });
    case 'request-found':
      return withData(job, entry.data);
    case 'claim-lost': {
      const reason = `Another daemon, ${entry.data.owner}, has taken the issue over.`;
      return end(withData(job, { claimedUntil: null, lostClaim: true }), 'cancelled', reason, at);
    }
    case 'adopted':
      return adopt(job, entry);
    case 'branch-found': {
      const { commit, tree, base } = entry.data;
      return withData(job, {
        ...{ base, isFound: true, mayHavePushed: true },
        pushed: { commit, tree, base: base.commit },
      });
    }
    case 'prepared': {
      const { branch, commit, tree, policy, sandbox, rescued } = entry.data;
      return go(job, 'baseline', {
        base: { branch, commit, tree },
        mayHaveLived: false,
        policy: policy ?? null,
        sandbox,
        rescued: union(job.data.rescued, rescued),
      });
    }
    case 'baselined':
      // What was found on the branch is judged before anybody is asked for more.
      return go(job, job.data.isFound ? 'verifying' : 'working', { baseChecks: entry.data.checks });
    case 'turn-started':
      return startTurn(job, entry);
    case 'turn-lost':
      return withData(job, closeReservation(job));
    case 'turn-reserved':
      return withData(job, {
        reserved: entry.data,
        reservations: job.data.reservations + 1,
      });
    case 'usage':
      return useMore(job, entry.data.usage);
    case 'checkpoint':
      return withData(useMore(job, entry.data.usage), { checkpoint: entry.data.state });
    case 'step-stopped':
      return job;
    case 'turn-ended':
      return endTurn(job, entry);
    case 'verified':
      return judge(job, entry);
    case 'refused':
      return withData(job, { refusals: mergeRefusals(job.data.refusals, entry.data) });
    case 'branch-updated': {
      const { commit, tree, base, policy = null } = entry.data;
      const pushed = { commit, tree, base: base.commit };
      return withData(job, { commit, publishedTree: tree, base, policy, pushed, approvedTree: null });
    }
    case 'pushed':
      return withData(job, {
        pushed: { commit: entry.data.commit, tree: job.data.judged?.tree ?? '', base: job.data.base?.commit ?? '' },
      });
    case 'published':
      return go(job, 'reviewing', {
        commit: entry.data.commit,
        pullRequest: entry.data.pullRequest,
        publishedTree: job.data.judged?.tree ?? null,
      });
    case 'observed':
      return {
        ...withData(job, {
          pullRequest: entry.data.pullRequest,
          observeCursor: entry.data.cursor,
          handledChecks: entry.data.checksOf ?? job.data.handledChecks,
          // What was told stands until another round begins.
          reason: entry.data.note ?? job.data.reason,
          conflicted: entry.data.conflicted ?? job.data.conflicted,
          // A job that waits meanwhile keeps what its next try needs.
          ...(job.phase === 'waiting' ? { lookAt: at + lookMs } : { intent: null, tries: 0, outages: 0 }),
        }),
        wakeAt: entry.data.nextAt,
      };
    case 'rework-asked':
      return askRework(job, entry);
    case 'mirrored':
      return entry.data.ok
        ? withData(job, { mirrored: entry.data.shown, mirrorAgain: null })
        : withData(job, { mirrorAgain: mirrorAgain(job, at) });
    case 'step-failed':
      return withData(job, {
        interruptions: 0,
        intent: job.data.intent && { ...job.data.intent, open: false },
        ...closeReservation(job),
      });
    case 'slept':
      return { ...job, wakeAt: entry.data.until };
    case 'looked':
      return withData(job, { lookAt: at + lookMs });
    case 'waiting':
      return wait(job, entry, at);
    case 'resumed':
      return wake(job, entry.data.phase, at);
    case 'attempt-failed':
      return failAttempt(job, entry);
    case 'signalled':
      return applySignal(job, entry, at);
    case 'strayed':
      return stray(job);
    case 'moved':
      return { ...comeHome(job, at), project: entry.data.project };
    case 'ending':
      return end(job, entry.data.outcome, entry.data.reason, at);
    case 'last-seen':
      return { ...withData(job, { lastSeen: entry.data.seen }), requestHash: entry.data.requestHash };
    case 'settled':
      return settle(job, entry);
  }
}

function adopt(job: FoldedJob, entry: EntryOf<'adopted'>): FoldedJob {
  const { pullRequest, commit, own } = entry.data;
  const watched = { pullRequest, commit, mayHavePushed: true };
  if (!own) return go(job, 'reviewing', watched);
  const { brief, limits, lineup, base, policy = null, tree, rounds } = own;
  const pushed = { commit, tree, base: base.commit };
  const known = { brief, limits, lineup, base, policy, publishedTree: tree, pushed };
  // People were shown an earlier life's state: they are shown this one's.
  return { ...go(job, 'reviewing', { ...watched, ...known, mirrored: '' }), round: Math.max(job.round, rounds) };
}

/** Handed over again since, it is worked as it stood then: what was approved before is not what is told. */
function keptApproval({ data }: FoldedJob, brief: Brief): string | null {
  return data.approvedText !== null && hashToldText(brief) === data.approvedText ? data.approvedText : null;
}

function begin(job: FoldedJob, intent: EntryOf<'step-begun'>['data']): FoldedJob {
  const mayHavePushed = job.data.mayHavePushed || intent.step === 'publish';
  return { ...withData(job, { intent, mayHavePushed }), phase: intent.step === 'claim' ? 'claiming' : job.phase };
}

function mirrorAgain({ data }: FoldedJob, at: Instant): JobData['mirrorAgain'] {
  const failures = (data.mirrorAgain?.failures ?? 0) + 1;
  return { at: at + backoffMs(failures, 0), failures };
}

function settle(job: FoldedJob, entry: EntryOf<'settled'>): FoldedJob {
  const ending = job.data.ending;
  if (ending === null) return job;
  const { rescued, shown } = entry.data;
  return {
    ...withData(job, {
      // A wait on the way here had a sentence of its own.
      reason: ending.reason,
      intent: null,
      rescued: union(job.data.rescued, rescued),
      mirrored: shown,
      checkpoint: null,
    }),
    phase: outcomes[ending.outcome].phase,
    wait: null,
    outcome: ending.outcome,
  };
}

function union(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])];
}
