import type { JsonValue } from './json.js';
import type { Instant } from './runtime.js';

/** The phases of jobs that have not ended, as data, in the order in which a job goes through them. */
export const openPhases = [
  'queued',
  'claiming',
  'preparing',
  'baseline',
  'working',
  'verifying',
  'publishing',
  'reviewing',
  'settling',
  'waiting',
] as const;

/** The ended phases, as data. */
export const endedPhases = ['done', 'failed', 'cancelled'] as const;

/** `done`: as was hoped, or nothing to do. `failed`: it wasn't. `cancelled`: a person, or the issue's end, stopped it. */
export type EndedPhase = (typeof endedPhases)[number];

/** Where a job is. Nothing leaves an ended one. */
export type JobPhase = (typeof openPhases)[number] | EndedPhase;

/** Whether nothing more will happen to a job in this phase. */
export function isEnded(phase: JobPhase): phase is EndedPhase {
  return endedPhases.some((ended) => ended === phase);
}

/** Why an ended job ended. */
export type JobOutcome =
  | 'merged'
  | 'closed'
  /** The agent changed nothing: none was needed, or it found none. No pull request. */
  | 'no-changes'
  | 'checks-failed'
  | 'limit-reached'
  | 'timed-out'
  | 'stalled'
  /** A policy, a person or the model said no. */
  | 'refused'
  /** Whoever set the work going may not. */
  | 'untrusted'
  | 'secret-found'
  | 'conflict'
  | 'cancelled'
  | 'agent-failed'
  | 'workspace-failed'
  | 'forge-failed';

/** Why a waiting job waits. */
export type WaitReason = 'retry' | 'usage-limit' | 'needs-person' | 'budget' | 'paused' | 'blocked' | 'unavailable';

/** One issue's way through Baton. */
export interface Job {
  readonly id: string;
  /** Tracker, repository and issue. One newest job bears it; at most one of them has not ended. */
  readonly dedupeKey: string;
  /**
   * Hash of title and body: what a person asked for. Labels come and go by bots. Of an ended job, as they stood
   * when it ended: it is only followed by another when a person changed them since, or asked again.
   */
  readonly requestHash: string;
  /** Name of the project by whose rules it is worked. Changes where the project is renamed. */
  readonly project: string;
  readonly issueKey: string;
  /** When the issue was created, by its host's clock: of two that wait, the older one goes first. */
  readonly issueCreatedAt: Instant;
  /** Chosen once, at enqueue; never derived again. */
  readonly branch: string;
  readonly phase: JobPhase;
  /** Not null exactly in an ended phase. */
  readonly outcome: JobOutcome | null;
  /** Not null exactly in the phase `waiting`. */
  readonly wait: WaitReason | null;
  /** From 1. An attempt starts over from a clean base. */
  readonly attempt: number;
  /** Passes of work and verify. Grows over the whole job, through restarts, attempts and rework. */
  readonly round: number;
  /** Lower goes first; null goes last. */
  readonly priority: number | null;
  /** Nothing is done for the job before this instant, unless a signal wakes it. */
  readonly wakeAt: Instant;
  /** The rest of the folded state. Only the engine reads it. */
  readonly data: JsonValue;
  readonly createdAt: Instant;
  /** Where it stands in the order of creation in its store: greater is newer, also of two of one instant, and where the clock was put back. */
  readonly sequence: number;
  readonly updatedAt: Instant;
}

/** What the engine's `reduce(job, entry)` may change. The store never decides anything. */
export type JobState = Omit<
  Job,
  'id' | 'dedupeKey' | 'issueKey' | 'issueCreatedAt' | 'branch' | 'createdAt' | 'sequence' | 'updatedAt'
>;

/** One line of a job's history. Never edited, and never removed but with all others of a job that has ended. */
export interface JournalEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly at: Instant;
  readonly type: string;
  readonly data: JsonValue;
}

/** Proof of ownership. `fence` grows with every claim: whoever holds an older one gets `LEASE_LOST`. */
export interface JobLease {
  readonly job: Job;
  readonly fence: number;
}

/** Something that a person, or a watcher, wants of a job. */
export interface Signal {
  readonly id: string;
  /** `wake` says only: look again. */
  readonly type: 'cancel' | 'approve' | 'reject' | 'steer' | 'wake';
  /**
   * `message`, where a person said something; of `approve` also `seen`: hash of the text, or id of the tree, that the
   * person had seen. A yes holds for that one alone, and to an edited text it must say for which. `publish`: whether a
   * green result may leave the machine without a person's yes, from now on.
   */
  readonly data: JsonValue;
  readonly at: Instant;
}

/** Spend in one scope and period, and what may be spent there. */
export interface Amount {
  /** E.g. `project/web`, or `job/j7f3k9q`. */
  readonly scope: string;
  /** E.g. `2026-11-22`, or `all`. */
  readonly period: string;
  readonly unit: 'micro-usd' | 'tokens';
  readonly amount: number;
  readonly cap: number;
}
