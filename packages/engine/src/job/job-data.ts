import type {
  AgentResumeState,
  AgentUsage,
  Brief,
  Cursor,
  EndedPhase,
  Instant,
  Issue,
  Job,
  JobOutcome,
  JobPhase,
  JsonValue,
  SandboxReport,
} from '@baton/core';
import type { Limits } from '../project/limits.js';
import type { CheckFigures } from './check-figures.js';
import type { LastSeen } from './last-seen.js';
import type { ProofFigures } from './proof-figures.js';
import { noRefusals, type Refusals } from './refusals.js';
import type { Reserved } from './reservation.js';
import type { AskedText } from './told-text.js';

/** The steps of a job, in their natural order. */
export type StepName =
  | 'claim'
  | 'prepare'
  | 'baseline'
  | 'work'
  | 'verify'
  | 'publish'
  | 'review'
  | 'settle'
  | 'look'
  | 'mirror';

/** A phase in which a step is due. */
export type ActivePhase = Exclude<JobPhase, 'queued' | 'waiting' | EndedPhase>;

/** What is about to be done, recorded before it is: the same after a crash. */
export interface StepIntent {
  readonly step: StepName;
  readonly at: Instant;
  /** Unguessable: for fences in prompts. */
  readonly nonce: string;
  /** False once the step has failed: its worker lived to say so. */
  readonly open: boolean;
  /** Whose step it is. Absent in those that an earlier version began. */
  readonly worker?: string;
}

/** What was measured of a tree. */
export interface Judged {
  readonly tree: string;
  readonly verdict: 'pass' | 'rework' | 'hold' | 'stop' | 'no-changes';
  readonly checks: readonly CheckFigures[];
  /** What gates tell of the change itself, whatever the verdict. Absent in trees that an earlier version judged. */
  readonly notes?: readonly string[];
  readonly changes: { readonly files: number; readonly added: number; readonly deleted: number };
  /** What its tests show. Null, or absent in trees that an earlier version judged: nobody measured it. */
  readonly proof?: ProofFigures | null;
  /** Why a person has to decide, with the verdict `hold`. Absent with any other, and as above. */
  readonly held?: string;
}

/** What a job keeps of its repository's policy: the rest is read from its base again, which never changes. */
export interface PolicyFigures {
  /** Where it stands in the repository. */
  readonly path: string;
  /** Of its text. */
  readonly hash: string;
  readonly limits: Partial<Limits>;
  /** What it asks, a line each, for people. */
  readonly summary: readonly string[];
}

/** A file of the repository that agents are told, or would be. */
export interface ToldFile {
  readonly path: string;
  /** What was not told of it, for people: `left out: …`. Null: all of it was told. */
  readonly note: string | null;
}

/** A job's pull request, as it was last seen. */
export interface PullRequestRef {
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly draft: boolean;
  readonly state: 'open' | 'merged' | 'closed';
}

/**
 * What a job's journal folds to, beside the columns of `Job`. Stored whole with every record, so it is kept
 * small: texts are clipped, tests are counted.
 */
export interface JobData {
  readonly issue: {
    readonly id: string;
    readonly key: string;
    readonly title: string;
    readonly url: string | null;
    readonly visibility: Issue['visibility'];
    /** When it was taken in. Absent in jobs of earlier versions. */
    readonly labels?: readonly string[];
    /** What tells its project apart, whatever that is called; see `placeOf`. Absent in jobs of earlier versions. */
    readonly place?: string;
  };
  /** The sentence of the current wait, or of the outcome. */
  readonly reason: string | null;
  /** Where a waiting job goes on. */
  readonly resume: ActivePhase | null;
  /** When a waiting job goes on by itself, whatever signals wake it before. Null where it doesn't wait. */
  readonly waitUntil: Instant | null;
  /** When a job that waits for a person is looked at again. Null where it doesn't. */
  readonly lookAt: Instant | null;
  /** Failures in a row of the step that is due, which count against its attempts. */
  readonly tries: number;
  /** Outages in a row that the step met: they only make it wait longer. */
  readonly outages: number;
  /** How often a worker died in the middle of the step that is due. */
  readonly interruptions: number;
  /** How workers died in the step that is due, where it was not by being killed: one after another without any progress. */
  readonly deaths: readonly string[];
  /** Milliseconds spent in steps that work on the change; waiting for a host is no work. */
  readonly workedMs: number;
  /** How much of the running step is in `workedMs` already. */
  readonly countedMs: number;
  readonly intent: StepIntent | null;
  /** Whether a branch may stand on the remote: from the first try to push on. */
  readonly mayHavePushed: boolean;
  /** Until when daemons on other stores leave the issue alone. Null where they weren't told. */
  readonly claimedUntil: Instant | null;
  /** Whether another daemon has the issue now: nothing more is said of it here. */
  readonly lostClaim: boolean;
  /** Taken from the project when the job was claimed; null before. */
  readonly limits: Limits | null;
  readonly brief: Brief | null;
  /** The text that a person is asked about, because it was edited after the trigger. Null where none is. */
  readonly askedText: AskedText | null;
  /** Hash of the edited text that a person approved. No other text passes by it. */
  readonly approvedText: string | null;
  readonly base: { readonly branch: string; readonly commit: string; readonly tree: string } | null;
  /** What the repository's own file asks at the base. Null before, and where it has none. */
  readonly policy: PolicyFigures | null;
  /** What the checks came to on the untouched base. */
  readonly baseChecks: readonly CheckFigures[];
  /** Names of the agents that the job was claimed for, in order; see `agentName`. Empty before. */
  readonly lineup: readonly string[];
  readonly agent: { readonly id: string; readonly model: string | null } | null;
  /** The agent whose turn could not go on, and what it knew: told to another one that takes over. */
  readonly leftOff: { readonly agent: string; readonly reason: string } | null;
  /** Turns that have ended, however they did. */
  readonly turns: number;
  /** The tree as the running turn found it; null while none runs. */
  readonly turnTree: string | null;
  readonly checkpoint: AgentResumeState | null;
  /** Of all turns that have ended, and of the running one up to its last checkpoint. */
  readonly usage: AgentUsage;
  /** Who says what the turns before the running one cost. Null: there were none. */
  readonly endedBasis: AgentUsage['basis'] | null;
  /** The running turn's share of `usage`. */
  readonly turnUsage: AgentUsage;
  /** What is set aside for the running turn. Null: nothing is. */
  readonly reserved: Reserved | null;
  /** How often money was set aside. */
  readonly reservations: number;
  readonly summary: string | null;
  /** What the next turn is told of the last one: red checks, or why an attempt failed. */
  readonly feedback: string | null;
  /** What people said since the last turn. */
  readonly steering: readonly string[];
  readonly judged: Judged | null;
  /** Trees that were judged red, so that the same one isn't tried twice. */
  readonly redTrees: readonly string[];
  /** A tree that a person let pass. */
  readonly approvedTree: string | null;
  /** False where a green result is to wait for a person before anything leaves the machine, as somebody asked. */
  readonly publish: boolean;
  /** What was pushed last, whether or not a pull request tells of it. */
  readonly pushed: { readonly commit: string; readonly tree: string; readonly base: string } | null;
  /** Whether the branch is to be looked at for work of a life that this store knows nothing of. */
  readonly mayHaveLived: boolean;
  /** Whether that is of a life that this store knows nothing of, and was not judged in this one yet. */
  readonly isFound: boolean;
  /** The head of the pull request, as far as it is Baton's. */
  readonly commit: string | null;
  readonly pullRequest: PullRequestRef | null;
  /** Whether it was seen last to conflict with its base. */
  readonly conflicted: boolean;
  readonly observeCursor: Cursor | null;
  /** The tree that the pull request holds. Null before, and where it was not Baton that made it. */
  readonly publishedTree: string | null;
  /** The head whose failed checks were acted on already. */
  readonly handledChecks: string | null;
  readonly ending: { readonly outcome: JobOutcome; readonly reason: string } | null;
  /** Null until the job ends, where the tracker couldn't be read any more, and in jobs that an earlier version ended. */
  readonly lastSeen: LastSeen | null;
  readonly rescued: readonly string[];
  readonly sandbox: SandboxReport | null;
  /** What the agent, setups and checks asked for and weren't given, over the whole job. */
  readonly refusals: Refusals;
  /** How it was when its project went from the configuration. Null where it has one. */
  readonly stray: (Pick<Job, 'phase' | 'wait'> & Pick<JobData, 'reason' | 'resume' | 'waitUntil' | 'lookAt'>) | null;
  /** What people were shown last; see `statusKey`. */
  readonly mirrored: string | null;
  /** Showing it failed so often in a row: not before this instant again. */
  readonly mirrorAgain: { readonly at: Instant; readonly failures: number } | null;
}

/** A job whose data the engine can read. */
export interface FoldedJob extends Omit<Job, 'data'> {
  readonly data: JobData;
}

/** Nothing used, nothing known. */
export const noUsage: AgentUsage = {
  inputTokens: null,
  cachedInputTokens: null,
  outputTokens: null,
  microUsd: null,
  basis: 'unknown',
};

/** The data of a job that has just been enqueued. */
export function createJobData(issue: JobData['issue']): JobData {
  return {
    issue,
    reason: null,
    resume: null,
    waitUntil: null,
    lookAt: null,
    tries: 0,
    outages: 0,
    interruptions: 0,
    deaths: [],
    workedMs: 0,
    countedMs: 0,
    intent: null,
    mayHavePushed: false,
    claimedUntil: null,
    lostClaim: false,
    limits: null,
    brief: null,
    askedText: null,
    approvedText: null,
    base: null,
    policy: null,
    baseChecks: [],
    lineup: [],
    agent: null,
    leftOff: null,
    turns: 0,
    turnTree: null,
    checkpoint: null,
    usage: noUsage,
    endedBasis: null,
    turnUsage: noUsage,
    reserved: null,
    reservations: 0,
    summary: null,
    feedback: null,
    steering: [],
    judged: null,
    redTrees: [],
    approvedTree: null,
    publish: true,
    pushed: null,
    mayHaveLived: false,
    isFound: false,
    commit: null,
    pullRequest: null,
    conflicted: false,
    observeCursor: null,
    publishedTree: null,
    handledChecks: null,
    ending: null,
    lastSeen: null,
    rescued: [],
    sandbox: null,
    refusals: noRefusals,
    stray: null,
    mirrored: null,
    mirrorAgain: null,
  };
}

/** Reads what `toStored` wrote, now or in an earlier version. The store hands back what the engine put in, so its shape is trusted. */
export function foldedJob(job: Job): FoldedJob {
  const data = job.data as unknown as JobData;
  return { ...job, data: { ...createJobData(data.issue), ...data } };
}

/** The data as the store keeps it: an object of JSON values, which `JobData` is by construction. */
export function toStored(data: JobData): JsonValue {
  return data as unknown as JsonValue;
}
