import type {
  Actor,
  CheckSummary,
  Feedback,
  Forge,
  Permission,
  PullRequest,
  PullRequestRequest,
  Runtime,
} from '@baton/core';
import type { CallFaults } from './call.js';
import type { MemoryRemote } from './remote.js';
import type { MemorySource } from './source-controls.js';

/** A pull request as it stands in memory. */
export interface MemoryPull {
  readonly pullRequest: PullRequest;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly author: Actor;
  /** Baton's comments and everybody else's, oldest first. */
  readonly comments: readonly Feedback[];
}

/** A review, or a comment, as a test makes it. */
export interface MemoryReview {
  /** Default `bob`. A string is the login of a person, and its id too. */
  readonly author?: string | Actor;
  readonly body: string;
  /** Default `comment`. */
  readonly verdict?: Feedback['verdict'];
  readonly path?: string;
  readonly line?: number;
}

/** What a test says of the host's checks. Notes are none where they are left out. */
export type MemoryChecks = Omit<CheckSummary, 'notes'> & Partial<Pick<CheckSummary, 'notes'>>;

/** A `Forge` over a `MemoryRemote`, and what a test does to it in the place of people. Its state outlives the engine. */
export interface MemoryForge extends Forge, CallFaults {
  /** Permission by actor id: the source's, where it was made with one. Whoever isn't listed has none. */
  readonly people: Map<string, Permission>;
  /** Accounts by login: the source's, where it was made with one. */
  readonly accounts: Map<string, Actor>;
  /** Every pull request, oldest first. */
  pulls(): readonly MemoryPull[];
  /** Opens one as a person, or an agent, would. Its number. */
  open(request: Partial<PullRequestRequest> & { readonly head: string }, by?: string | Actor): number;
  edit(
    number: number,
    change: { readonly title?: string; readonly body?: string; readonly draft?: boolean; readonly base?: string },
  ): void;
  /** The base branch gets a merge commit with the head's tree; issues of the source that the body `Closes` are closed. */
  merge(number: number): void;
  closePull(number: number): void;
  /** Takes the pull request away. */
  removePull(number: number): void;
  /** Its id. */
  review(number: number, review: MemoryReview): string;
  editReview(number: number, feedbackId: string, body: string): void;
  /** What the host's own checks say of the head as it is now. Default, and for each later head: `none`. */
  setChecks(number: number, checks: MemoryChecks): void;
  /** A push changed every line that was commented on. */
  outdate(number: number): void;
  /** Default: `yes`. */
  setMergeable(number: number, mergeable: PullRequest['mergeable']): void;
  /** The next `ensurePullRequest` does its work, and then rejects with `UNAVAILABLE`. */
  loseNextAnswer(): void;
  /** Grows by one with every change of anything, Baton's included. */
  readonly changes: number;
}

/** What a memory forge is made with. */
export interface MemoryForgeOptions {
  readonly remote: MemoryRemote;
  readonly runtime: Pick<Runtime, 'clock'>;
  /** Whose people and issues it shares. */
  readonly source?: MemorySource;
  /** Default `memory`. */
  readonly repository?: string;
}
