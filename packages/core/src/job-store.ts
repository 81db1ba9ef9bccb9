import type { Adapter, CallOptions } from './adapter.js';
import type { Amount, Job, JobLease, JobPhase, JobState, JournalEntry, Signal } from './job.js';
import type { JsonValue } from './json.js';
import type { Instant } from './runtime.js';

/** A job to be. */
export type EnqueueRequest = {
  readonly id: string;
  /** Id of the ended job that this one follows, or null where none is expected. */
  readonly supersedes: string | null;
} & Pick<Job, 'dedupeKey' | 'requestHash' | 'project' | 'issueKey' | 'issueCreatedAt' | 'branch' | 'priority' | 'data'>;

/** Most jobs leased at once. Counted in the same step as the claim, so that no two workers pass one together. */
export interface ClaimCaps {
  /** By this worker, over all projects. Absent: no limit. */
  readonly worker?: number;
  /** By all workers on the store together, over all projects. Absent: no limit. */
  readonly total?: number;
  /** Of each project, by all workers together; null: no limit. A project that isn't named is not claimed from. */
  readonly byProject: Readonly<Record<string, number | null>>;
}

/** Which jobs may be leased. */
export interface ClaimRequest {
  /** As given to `join`. */
  readonly worker: string;
  readonly leaseMs: number;
  readonly caps: ClaimCaps;
  /** Only this job, where it is due and free. Absent: any. */
  readonly job?: string;
}

/** What happened to a job, and what it is thereby. */
export interface JobChange {
  readonly entries: readonly { readonly type: string; readonly data: JsonValue; readonly at: Instant }[];
  readonly state: JobState;
  /** Ids of the signals that were acted on. */
  readonly consumed: readonly string[];
  /** Reservations that are closed by what happened. Absent: none. */
  readonly settled?: readonly Settlement[];
}

/** A reservation of the job that is replaced by what it came to: nothing, where `actual` is empty. */
export interface Settlement {
  readonly id: string;
  readonly actual: readonly Pick<Amount, 'scope' | 'period' | 'unit' | 'amount'>[];
}

/** Which jobs to list. What is left out doesn't narrow. */
export interface JobQuery {
  readonly project?: string;
  readonly phases?: readonly JobPhase[];
  readonly dedupeKey?: string;
  /** Begins with this: for the abbreviations that people type. */
  readonly idPrefix?: string;
  readonly issueKey?: string;
  readonly updatedAfter?: Instant;
  readonly limit?: number;
}

/**
 * What Baton remembers. Every method is one transaction: a crash leaves it done or not done, and a call that
 * rejects with `UNAVAILABLE` or `DISK_FULL` did nothing, so that it can be made again. Judges time by its own
 * clock, so that daemons on different machines agree.
 */
export interface JobStore extends Adapter<'job-store/1'> {
  /**
   * Announces a worker and holds something that the system lets go when this process dies (a file lock, a
   * session lock). Leases of the dead count as expired at once. Disposing leaves: leases still held are let go.
   */
  join(worker: string, options?: CallOptions): Promise<AsyncDisposable>;
  /**
   * The newest job of the key, ended ones included. Creates one (`queued`, attempt 1, round 0, due now) where
   * there is none and `supersedes` is null, or where `supersedes` names the newest and it has ended.
   */
  enqueue(request: EnqueueRequest, options?: CallOptions): Promise<{ readonly job: Job; readonly created: boolean }>;
  /**
   * One due job that nobody holds, for one caller, or null. Projects take turns: the one served longest ago
   * goes first; within a project by priority, then by `issueCreatedAt`, then by `sequence`.
   *
   * A lease whose time is over can be claimed by another worker, never by the one that holds it: that one may have
   * slept through the time with its machine, and goes on. To itself it holds the job, and counts it in its caps,
   * until it releases the job, leaves, or loses it to another.
   */
  claim(request: ClaimRequest, options?: CallOptions): Promise<JobLease | null>;
  /** Prolongs the lease; also asked before every effect on the outside. `LEASE_LOST` where somebody else holds the job. */
  confirm(lease: JobLease, leaseMs: number, options?: CallOptions): Promise<void>;
  /**
   * Appends to the journal, changes the state, consumes signals and settles reservations in one transaction, so
   * that what a job says it cost is what the ledger counts; the lease with the job as it is now. What was settled
   * already stays as it is. `LEASE_LOST`, or `NOT_FOUND` for what was never reserved, changes nothing.
   */
  record(lease: JobLease, change: JobChange, options?: CallOptions): Promise<JobLease>;
  /** Lets the job go, to be claimed again once it is due. Nothing happens where it was lost already. */
  release(lease: JobLease, options?: CallOptions): Promise<void>;
  /**
   * For work that one worker does for all, such as a poll: whether this worker holds the key, now and for `forMs` from
   * now. It takes what nobody holds or what ran out, prolongs what it holds itself, also past its time where nobody
   * took it, and is refused what another holds. Of several that ask at once, one gets it.
   *
   * With a `forMs` of 0 it lets go of what it holds, to be held by others at once, whatever the clock says; what
   * another holds stays. What the dead held, and what somebody held who left, is free at once. Keys hold no jobs and
   * count in no cap. `INTERNAL` where the worker hasn't joined.
   */
  hold(key: string, worker: string, forMs: number, options?: CallOptions): Promise<boolean>;
  get(id: string, options?: CallOptions): Promise<Job | null>;
  /** Newest first: by `sequence`, the greatest first. */
  list(query: JobQuery, options?: CallOptions): AsyncIterable<Job>;
  /** The entries with a `seq` greater than `after`, oldest first. */
  journal(jobId: string, after: number, options?: CallOptions): AsyncIterable<JournalEntry>;
  /**
   * Lets the whole journals go of jobs that have ended and didn't change since the instant; of how many. The jobs stay,
   * with all that they came to and cost: they are followed, listed and reported as before. Absent where a store keeps
   * everything.
   */
  forgetJournals?(endedBefore: Instant, options?: CallOptions): Promise<number>;
  /**
   * Left for whoever holds the job; also makes it due. Read at each `confirm`, consumed by `record`: a crash in
   * between loses none. `NOT_FOUND` without the job, `CONFLICT` where it has ended.
   */
  signal(jobId: string, signal: Omit<Signal, 'id' | 'at'>, options?: CallOptions): Promise<void>;
  /** Those not consumed yet, oldest first. */
  signals(lease: JobLease, options?: CallOptions): Promise<readonly Signal[]>;
  /** Those of a job that nobody has acted on yet, oldest first, for people to see: no lease is needed, none counts as read. */
  pendingSignals(jobId: string, options?: CallOptions): Promise<readonly Signal[]>;
  /** Small durable facts: cursors, pauses, provider health. */
  readFact(key: string, options?: CallOptions): Promise<{ readonly value: JsonValue; readonly version: number } | null>;
  /** Compares and sets: false where the version isn't `expectedVersion` (null: where the key exists). */
  writeFact(key: string, value: JsonValue, expectedVersion: number | null, options?: CallOptions): Promise<boolean>;
  /**
   * Sets spend aside before it happens, in every scope or in none: false where a cap would be passed. The same
   * id again changes nothing and tells the same, so that a crash loop cannot reset a cap. `record` settles it.
   */
  reserve(
    lease: JobLease,
    request: { readonly id: string; readonly amounts: readonly Amount[] },
    options?: CallOptions,
  ): Promise<boolean>;
  /** Settled and reserved together. */
  spent(query: Pick<Amount, 'scope' | 'period' | 'unit'>, options?: CallOptions): Promise<number>;
}
