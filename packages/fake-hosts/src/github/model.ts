import type { Permission } from '@baton/core';
import type { Branches } from '../branches.js';

/** An account. */
export interface StoredActor {
  readonly id: number;
  readonly login: string;
  readonly kind: 'User' | 'Bot';
  /** The account is gone: whatever it did has no author any more. */
  ghost: boolean;
}

/** A text at one moment. */
export interface Revision {
  readonly text: string;
  readonly actor: StoredActor;
  /** Epoch milliseconds, whole seconds. */
  readonly at: number;
}

/** A text with its history, oldest first. */
export type Revisions = [Revision, ...Revision[]];

/** What a timeline tells. */
export interface StoredEvent {
  readonly type: 'labeled' | 'unlabeled' | 'assigned' | 'unassigned' | 'renamed' | 'draft' | 'ready';
  /** Null: the host no longer tells who. */
  readonly actor: StoredActor | null;
  readonly at: number;
  /** The label, the login, or the title before. */
  readonly subject: string;
  /** The title after. */
  readonly after: string;
}

/** A comment: below an issue, or in a thread of a review. */
export interface StoredComment {
  readonly id: number;
  readonly nodeId: string;
  readonly author: StoredActor;
  readonly bodies: Revisions;
  minimized: boolean;
}

/** A review with its words. */
export interface StoredReview extends StoredComment {
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
}

/** Comments about one line. */
export interface StoredThread {
  readonly nodeId: string;
  readonly path: string;
  readonly line: number | null;
  readonly comments: StoredComment[];
  resolved: boolean;
  /** Its line was changed since. */
  outdated: boolean;
}

/** One check of a commit: a run, or a status that somebody set. */
export interface StoredCheck {
  readonly id: number;
  readonly kind: 'run' | 'status';
  readonly name: string;
  /** Of a run: `null` while it goes on. Of a status: its state. */
  readonly conclusion: string | null;
  readonly summary: string;
  /** What a job of Actions printed. Null: it is none. */
  readonly log: string | null;
  /** The workflow that a job of Actions is of. Default: `CI`. */
  readonly workflow?: string;
}

/** What a pull request has beyond an issue. */
export interface StoredPull {
  readonly head: string;
  /** Null for a fork that was deleted. */
  readonly fork: string | null;
  base: string;
  draft: boolean;
  merged: boolean;
  /** Where the head was when it ended. */
  endedCommit: string | null;
  mergeable: 'MERGEABLE' | 'CONFLICTING' | 'UNKNOWN';
  reviewers: string[];
  readonly reviews: StoredReview[];
  readonly threads: StoredThread[];
  checks: StoredCheck[];
  /** The head that they were made for: another one has none yet. */
  checkedCommit: Promise<string | null>;
}

/** An issue, or a pull request, which is one too. */
export interface StoredIssue {
  readonly id: number;
  readonly number: number;
  readonly author: StoredActor;
  readonly titles: Revisions;
  readonly bodies: Revisions;
  readonly comments: StoredComment[];
  readonly events: StoredEvent[];
  readonly blockedBy: { readonly repository: string; readonly number: number }[];
  readonly pull: StoredPull | null;
  readonly createdAt: number;
  updatedAt: number;
  open: boolean;
  locked: boolean;
  labels: string[];
  assignees: StoredActor[];
  /** Sent in a shape that nobody can read. */
  broken: boolean;
  /** `deleted`: 410. A name: moved there under this number, 301. */
  gone: 'deleted' | { readonly repository: string; readonly number: number } | null;
}

/** A repository. */
export interface StoredRepository {
  readonly id: number;
  readonly issues: Map<number, StoredIssue>;
  readonly permissions: Map<string, Permission>;
  readonly branches: Branches;
  fullName: string;
  private: boolean;
  draftsAllowed: boolean;
  permissionsBroken: boolean;
  triggersHidden: boolean;
  archived: boolean;
  hasIssues: boolean;
}

/** The text that stands now. */
export function latest(revisions: Revisions): Revision {
  return revisions.at(-1) ?? revisions[0];
}

/** As GitHub writes an instant: without milliseconds. */
export function isoOf(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
