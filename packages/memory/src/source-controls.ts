import type { Actor, HostQuota, Instant, Issue, IssueSource, Permission, Runtime } from '@baton/core';
import type { CallFaults } from './call.js';

/** An issue as a test seeds it. */
export interface MemoryIssueSeed {
  readonly title?: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  /** A string is the login of a person, and its id too. Default `alice`. */
  readonly author?: string | Actor | null;
  /** Who set the labels and assignees. Default: the author. Null: nobody can tell, so that there is no brief. */
  readonly labeledBy?: string | Actor | null;
  /** What the author may do. Default: what `people` says already, `write` for somebody new. */
  readonly permission?: Permission;
  readonly assignees?: readonly (string | Actor)[];
  readonly priority?: number | null;
  /** Keys of other issues. */
  readonly blockedBy?: readonly string[];
  readonly visibility?: Issue['visibility'];
}

/** A comment as it stands in memory. */
export interface MemoryComment {
  readonly id: string;
  readonly author: Actor;
  readonly body: string;
  readonly at: Instant;
}

/** An `IssueSource` without a tracker, and what a test does to it in the place of people. Its state outlives the engine. */
export interface MemorySource extends IssueSource, CallFaults {
  /** Permission by actor id. Whoever isn't listed has none. */
  readonly people: Map<string, Permission>;
  /** Accounts by login, for those that are no person called by their id: bots, and logins that changed hands. */
  readonly accounts: Map<string, Actor>;
  /** What `quotas` tells, by name. */
  readonly hostQuotas: Map<string, Omit<HostQuota, 'name'>>;
  /** The issue as people see it, at once. Null where there is none. */
  read(issueId: string): Issue | null;
  /** Opens an issue, as a person would. Keys are `mem#1`, `mem#2`, … and ids `1`, `2`, … */
  seed(issue: MemoryIssueSeed): Issue;
  edit(issueId: string, change: { readonly title?: string; readonly body?: string }, by?: string | Actor): void;
  closeIssue(issueId: string): void;
  reopenIssue(issueId: string): void;
  /** Leaves the issue out of polls from now on, and makes it unreadable by itself. */
  breakIssue(issueId: string): void;
  /** Takes the issue away, as a deleted or transferred one is. */
  removeIssue(issueId: string): void;
  /** Makes the labels these. A label that is added, or was taken away and comes back, is a new trigger. */
  setLabels(issueId: string, labels: readonly string[], by?: string | Actor | null): void;
  setAssignees(issueId: string, assignees: readonly (string | Actor)[], by?: string | Actor | null): void;
  /** A comment by anybody, Baton's own account (`baton`) included. Its id. */
  comment(issueId: string, author: string | Actor, body: string): string;
  editComment(commentId: string, body: string, by?: string | Actor): void;
  /** Every comment, oldest first. */
  comments(issueId: string): readonly MemoryComment[];
  /** Grows by one with every change of anything, Baton's included. */
  readonly changes: number;
}

/** What a memory source is made with. */
export interface MemorySourceOptions {
  readonly runtime: Pick<Runtime, 'clock'>;
  /** Issues on one page. Default 100. */
  readonly pageSize?: number;
  /** Default `memory`. */
  readonly tracker?: string;
}
