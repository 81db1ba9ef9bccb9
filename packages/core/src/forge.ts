import type { Adapter, CallOptions, Cursor, Mapped } from './adapter.js';
import type { Actor, Permission } from './issue.js';
import type { Instant } from './runtime.js';
import type { GitRemote } from './workspace.js';

/** A pull request, merge request, or whatever the host calls handing work in. */
export interface PullRequest {
  readonly id: string;
  /** What people call it by. */
  readonly number: number;
  readonly url: string;
  readonly state: Mapped<'open' | 'merged' | 'closed'>;
  readonly draft: boolean;
  /** Branch names, without `refs/heads/`. */
  readonly head: string;
  readonly headCommit: string;
  readonly base: string;
  readonly mergeable: 'yes' | 'conflict' | 'unknown';
}

/**
 * What the host's own checks say of a pull request's present head, and of no other commit. Of several runs of one
 * check the newest counts alone. Where one is red every page was read: no red one is missing.
 */
export interface CheckSummary {
  /**
   * `failed`: one is red that a change of files may mend. `pending`: none is, and one goes on or waits for a person.
   * `passed`: at least one passed, and none of the others decides. `none`: nothing came to a result for this head.
   * That is not `passed`.
   */
  readonly state: 'pending' | 'passed' | 'failed' | 'none';
  /** Those that are red. `excerpt`: the end of a log, or what the checker says; empty where neither can be had. */
  readonly failures: readonly { readonly name: string; readonly url: string | null; readonly excerpt: string }[];
  /**
   * Those that came to neither red nor green: cancelled, skipped, stale, waiting for a person. No change of files
   * mends them, so nobody is asked for one. `what`: the host's own word.
   */
  readonly notes: readonly { readonly name: string; readonly what: string }[];
}

/** A reviewer's words. Only those of people with write permission reach the agent. */
export interface Feedback {
  readonly id: string;
  readonly author: Actor | null;
  readonly body: string;
  /** File that it is about, or null for the whole. */
  readonly path: string | null;
  /** One-based, in the new file. Null also where the host knows that it was a line of an earlier head. */
  readonly line: number | null;
  readonly verdict: 'approve' | 'request-changes' | 'comment';
  readonly at: Instant;
}

/** One look at a pull request. */
export interface Observation {
  readonly pullRequest: PullRequest;
  readonly checks: CheckSummary;
  /** New or edited since the cursor, late-submitted reviews included. Baton's own are left out. */
  readonly feedback: readonly Feedback[];
  readonly cursor: Cursor;
}

/** What a pull request should be. `head` is its identity. */
export interface PullRequestRequest {
  readonly head: string;
  readonly base: string;
  /** Within `limits`, in characters. */
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
}

/** What `ensurePullRequest` found or did. `found-ended`: one stands there merged or closed, and stays so. */
export interface EnsuredPullRequest {
  readonly pullRequest: PullRequest;
  readonly action: 'created' | 'updated' | 'unchanged' | 'found-ended';
}

/** Where work is handed in: one repository of a host. Often, but not always, the source's. Nothing here merges. */
export interface Forge extends Adapter<'forge/1'> {
  /** What a person would type, e.g. `owner/repo`. */
  readonly repository: string;
  /** `IssueSource.tracker` of the issues that belong to the repository itself. Null where it has none. */
  readonly tracker: string | null;
  /** In characters. Limits are data, so that the engine clips before the provider refuses. */
  readonly limits: { readonly titleLength: number; readonly bodyLength: number };
  /**
   * Paths in the repository where the host looks for what a new pull request is to say, the first that is there counts.
   * Absent: it looks nowhere.
   */
  readonly pullRequestTemplates?: readonly string[];
  /** A fresh credential each time. */
  remote(options?: CallOptions): Promise<GitRemote>;
  /** `NOT_FOUND` where the repository is empty or has none. */
  defaultBranch(options?: CallOptions): Promise<string>;
  /** Fails closed: a lookup that fails is an error, never a permission. */
  permission(actor: Actor, options?: CallOptions): Promise<Permission>;
  /**
   * Who goes by an id, or by a login, as an operator writes either. Where ids are numbers, digits alone are an id.
   * Null where nobody does. Absent where accounts can't be looked up: they are then known by their ids alone.
   */
  findActor?(reference: string, options?: CallOptions): Promise<Actor | null>;
  /**
   * At most one pull request per head branch, whatever its state. An open one, whoever opened it, is taken
   * over and updated (its base, and a title or draft flag that a person changed, are left alone); an ended one is reported,
   * never reopened or doubled. An answer that was lost after the effect is looked up, not repeated.
   */
  ensurePullRequest(request: PullRequestRequest, options?: CallOptions): Promise<EnsuredPullRequest>;
  /** Every state, newest first. */
  findPullRequests(query: { readonly head: string }, options?: CallOptions): Promise<readonly PullRequest[]>;
  /**
   * Many at once, so that a hundred open pull requests cost one request where the provider allows it. In the
   * order asked; null for one that is gone.
   */
  observe(
    requests: readonly { readonly id: string; readonly cursor: Cursor | null }[],
    options?: CallOptions,
  ): Promise<readonly (Observation | null)[]>;
  /** As on an issue source: one comment per topic, edited in place. */
  ensureComment(
    comment: { readonly pullRequestId: string; readonly topic: string; readonly body: string },
    options?: CallOptions,
  ): Promise<{ readonly id: string }>;
}
