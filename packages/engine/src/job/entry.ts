import type {
  AgentResumeState,
  AgentUsage,
  Brief,
  Cursor,
  Instant,
  JobOutcome,
  SandboxReport,
  Signal,
  TurnOutcome,
  WaitReason,
} from '@baton/core';
import type { Limits } from '../project/limits.js';
import type {
  ActivePhase,
  JobData,
  Judged,
  PolicyFigures,
  PullRequestRef,
  StepIntent,
  StepName,
  ToldFile,
} from './job-data.js';
import type { LastSeen } from './last-seen.js';
import type { Refusals } from './refusals.js';
import type { Reserved } from './reservation.js';
import type { AskedText } from './told-text.js';

/** One fact in a job's history. `reduce` folds them; nothing else changes a job. */
export type JobEntry =
  | { readonly type: 'step-begun'; readonly data: StepIntent }
  /** A step whose intent stood there already is tried again: its worker died in the middle of it. */
  | {
      readonly type: 'step-interrupted';
      readonly data: {
        readonly step: StepName;
        /** Who tries it again. Absent in entries of earlier versions, as `death` is. */
        readonly worker?: string;
        /** How the one before died, where it did by itself: of an exception, or for want of memory. */
        readonly death?: string | null;
      };
    }
  /** The daemon was stopped in the middle of a step, which it had worked on for so long. */
  | { readonly type: 'step-stopped'; readonly data: { readonly step: StepName; readonly elapsedMs: number } }
  /** The issue may be worked, by these limits, on this brief. */
  | {
      readonly type: 'claimed';
      readonly data: {
        readonly brief: Brief;
        readonly limits: Limits;
        /** Names of agents, in the order in which they are tried. */
        readonly lineup: readonly string[];
        readonly shown: string;
        /** Whether an earlier life may have worked on the issue. Absent: it may not. */
        readonly mayHaveLived?: boolean;
      };
    }
  /** Daemons on other stores leave the issue alone until then. Null: they can't be told. */
  | { readonly type: 'issue-claimed'; readonly data: { readonly until: Instant | null } }
  /** Found as the job ends: a pull request that it was interrupted in opening, or that was merged meanwhile. */
  | { readonly type: 'request-found'; readonly data: { readonly pullRequest: PullRequestRef; readonly commit: string } }
  /** Another daemon took the issue over while this one was away. */
  | { readonly type: 'claim-lost'; readonly data: { readonly owner: string } }
  /** A pull request of this job's branch stood there already. */
  | {
      readonly type: 'adopted';
      readonly data: {
        readonly pullRequest: PullRequestRef;
        readonly commit: string;
        /** What a later round needs, where every commit in it is Baton's own. Absent: it is only watched. */
        readonly own?: Pick<EntryOf<'claimed'>['data'], 'brief' | 'limits' | 'lineup'> & {
          readonly base: NonNullable<JobData['base']>;
          /** What the repository's own file asks there, as in `prepared`. */
          readonly policy?: PolicyFigures | null;
          readonly tree: string;
          /** How many have been handed in. */
          readonly rounds: number;
        };
      };
    }
  /** The job's branch holds work of a life that this store knows nothing of, and no pull request tells of it. */
  | {
      readonly type: 'branch-found';
      readonly data: {
        readonly commit: string;
        readonly tree: string;
        readonly base: NonNullable<JobData['base']>;
      };
    }
  | {
      readonly type: 'prepared';
      readonly data: {
        readonly branch: string;
        readonly commit: string;
        readonly tree: string;
        /** What the repository's own file asks there. Null: it has none. Absent in entries of earlier versions. */
        readonly policy?: PolicyFigures | null;
        readonly sandbox: SandboxReport;
        /** Of the attempt before. */
        readonly rescued: readonly string[];
        readonly durationMs: number;
      };
    }
  | { readonly type: 'baselined'; readonly data: { readonly checks: Judged['checks']; readonly durationMs: number } }
  | {
      readonly type: 'turn-started';
      readonly data: {
        readonly agent: string;
        readonly model: string | null;
        readonly resumed: boolean;
        readonly tree: string;
        /** Files of the repository that it was told. Absent: none, and in entries of earlier versions. */
        readonly told?: readonly ToldFile[];
      };
    }
  /** The worker of a turn died, or the ledger had no room for it: what was set aside for it is settled. */
  | { readonly type: 'turn-lost'; readonly data: Record<never, never> }
  /** Money is set aside for the turn that begins next: the ledger is told right after this. */
  | { readonly type: 'turn-reserved'; readonly data: Reserved }
  /** What the running turn has used until now: it is paid whatever becomes of the turn. */
  | { readonly type: 'usage'; readonly data: { readonly usage: AgentUsage; readonly elapsedMs: number } }
  | {
      readonly type: 'checkpoint';
      readonly data: {
        readonly state: AgentResumeState;
        readonly usage: AgentUsage;
        /** Since the step began. Absent in entries of earlier versions. */
        readonly elapsedMs?: number;
      };
    }
  | {
      readonly type: 'turn-ended';
      readonly data: {
        readonly agent: string;
        readonly outcome: TurnOutcome;
        readonly raw: string;
        readonly usage: AgentUsage;
        readonly summary: string;
        readonly model: string | null;
        /** The agent's own name for its session. Null: it has none. Absent in entries of earlier versions. */
        readonly session?: string | null;
        readonly durationMs: number;
      };
    }
  /** Comes with the facts of the step in which it was asked for, those of its failure too. */
  | { readonly type: 'refused'; readonly data: Refusals }
  | {
      readonly type: 'verified';
      readonly data: Judged & {
        readonly reason: string;
        readonly outcome: JobOutcome | null;
        readonly durationMs: number;
      };
    }
  /** A button of the host brought the branch up to date: what was handed in stands there as this commit, on this base. */
  | {
      readonly type: 'branch-updated';
      readonly data: {
        readonly commit: string;
        readonly tree: string;
        readonly base: { readonly branch: string; readonly commit: string; readonly tree: string };
        /** What the repository's own file asks there, as in `prepared`. */
        readonly policy?: PolicyFigures | null;
      };
    }
  /** The judged tree stands on the remote as this commit. */
  | { readonly type: 'pushed'; readonly data: { readonly commit: string } }
  | {
      readonly type: 'published';
      readonly data: { readonly commit: string; readonly pullRequest: PullRequestRef; readonly durationMs: number };
    }
  | {
      readonly type: 'observed';
      readonly data: {
        readonly pullRequest: PullRequestRef;
        readonly cursor: Cursor;
        readonly nextAt: Instant;
        /** The head whose red checks were seen, so that they are news but once. */
        readonly checksOf: string | null;
        /** Why nothing is done about what was seen, for people. Null where nothing has to be. */
        readonly note: string | null;
        /** Whether it conflicts with its base. Absent where the host doesn't know. */
        readonly conflicted?: boolean;
      };
    }
  /** Reviewers or the host's checks ask for more: another round begins from what was handed in. */
  | {
      readonly type: 'rework-asked';
      readonly data: {
        /** Ids of the feedback that is heeded. */
        readonly feedbackIds: readonly string[];
        /** The head whose failed checks are heeded. */
        readonly checksOf: string | null;
        readonly feedback: string;
      };
    }
  /** People were shown the state; `ok` is false where the tracker could not be reached. */
  | { readonly type: 'mirrored'; readonly data: { readonly shown: string; readonly ok: boolean } }
  | {
      readonly type: 'step-failed';
      readonly data: {
        readonly step: StepName;
        readonly code: string;
        readonly message: string;
        readonly durationMs: number;
      };
    }
  | {
      readonly type: 'waiting';
      readonly data: {
        readonly wait: WaitReason;
        readonly until: Instant;
        readonly reason: string;
        readonly resume: ActivePhase;
        /** Whether this try counts against `limits.attempts`. */
        readonly counted: boolean;
        /** What a person is asked to read, where it is a text. */
        readonly askedText?: AskedText;
      };
    }
  /** A job that waits for a person was looked at: it is still wanted, and nobody has answered. */
  | { readonly type: 'looked'; readonly data: Record<never, never> }
  /** A signal made the job due and changed nothing. */
  | { readonly type: 'slept'; readonly data: { readonly until: Instant } }
  | { readonly type: 'resumed'; readonly data: { readonly phase: ActivePhase } }
  /** The next attempt begins from a clean base. */
  | { readonly type: 'attempt-failed'; readonly data: { readonly reason: string; readonly until: Instant } }
  | {
      readonly type: 'signalled';
      readonly data: {
        readonly type: Signal['type'];
        readonly message: string | null;
        /** What the person had seen: hash of a text, or id of a tree. Absent where the signal doesn't say. */
        readonly seen?: string;
        /** Whether a green result is pushed without a person's yes. Absent where the signal doesn't say. */
        readonly publish?: boolean;
        readonly at: Instant;
      };
    }
  /** There is no project for it in the configuration any more. */
  | { readonly type: 'strayed'; readonly data: Record<never, never> }
  /** It is worked by the rules of this project from now on. */
  | { readonly type: 'moved'; readonly data: { readonly project: string } }
  | { readonly type: 'ending'; readonly data: { readonly outcome: JobOutcome; readonly reason: string } }
  /** What people had asked for when the job came to its end, before anything was written of it. `requestHash` as in `Job`. */
  | { readonly type: 'last-seen'; readonly data: { readonly requestHash: string; readonly seen: LastSeen } }
  | {
      readonly type: 'settled';
      readonly data: { readonly rescued: readonly string[]; readonly shown: string; readonly ok: boolean };
    };

/** The entry of one type. */
export type EntryOf<Type extends JobEntry['type']> = Extract<JobEntry, { readonly type: Type }>;
