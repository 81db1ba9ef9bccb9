import type { Adapter, CallOptions, Cursor } from './adapter.js';
import type { Actor, Issue, Permission } from './issue.js';
import type { Instant } from './runtime.js';

/** Which issues are Baton's to work. Labels compare without regard to case. */
export interface IssueQuery {
  /** Every one must be present. */
  readonly labels: readonly string[];
  /** None may be present. */
  readonly excludeLabels: readonly string[];
  /** Login that must be among the assignees. Null: anybody or nobody. */
  readonly assignee: string | null;
}

/** What a poll brought. */
export type IssuePage =
  /** The provider says that nothing changed. The last list still stands: this never means "no issues". */
  | { readonly kind: 'unchanged'; readonly cursor: Cursor }
  | {
      readonly kind: 'changed';
      readonly issues: readonly Issue[];
      readonly cursor: Cursor;
      /** More is there now: poll again with `cursor`, at once. */
      readonly more: boolean;
    };

/** What the agent may be told: the text as it stood when somebody set the work going. */
export interface Brief {
  /** Who handed the issue over, how, and when. Whether they may is asked with `permission`. */
  readonly trigger: { readonly kind: 'label' | 'assignment'; readonly actor: Actor; readonly at: Instant };
  readonly title: string;
  readonly body: string;
  /** Those made up to the trigger, oldest first, Baton's own left out. Whose words are told to the agent, the engine decides. */
  readonly comments: readonly { readonly author: Actor | null; readonly body: string; readonly at: Instant }[];
  /** Edits since the trigger. `actor: null` where the provider can't tell who: then a person must confirm. */
  readonly laterEdits: readonly {
    readonly field: 'title' | 'body' | 'comment';
    readonly actor: Actor | null;
    readonly at: Instant;
  }[];
}

/** One comment of Baton's own on an issue. */
export interface IssueComment {
  readonly issueId: string;
  /** The comment's identity, found again by the marker of `topicMarker` in Baton's own comments. */
  readonly topic: string;
  /** Without the marker: the adapter adds it. */
  readonly body: string;
}

/** What a host still lets this account do within a period, of one of the kinds of requests that it counts. */
export interface HostQuota {
  /** The host's own name for the kind, such as `core` or `graphql`. */
  readonly name: string;
  readonly limit: number;
  /** From 0 to `limit`. */
  readonly remaining: number;
  /** When the period is over, and `limit` holds anew. */
  readonly resetAt: Instant;
}

/**
 * Where work comes from: GitHub issues, GitLab issues, a folder of Markdown.
 *
 * Reads return null for "not there"; writes are `ensure`: repeating one changes nothing. A source never
 * decides whether an issue may be worked, it only tells what is so.
 */
export interface IssueSource extends Adapter<'issue-source/1'> {
  /**
   * What its issues are numbered in, such as `github.com/owner/repo` or the path of a folder: the same for every
   * source that reads the same issues, in every process, and another for every other.
   */
  readonly tracker: string;
  /**
   * Open issues that match and changed since `cursor` (all of them where it is null). Intake stores every
   * one; whether it may run is decided at dispatch. One issue that can't be read is left out with a line in
   * the log: it never hides the others.
   */
  poll(query: IssueQuery, cursor: Cursor | null, options?: CallOptions): Promise<IssuePage>;
  /** By whatever a person types: `412`, `#412`, `owner/repo#412`, a URL. Whatever its state. */
  find(reference: string, options?: CallOptions): Promise<Issue | null>;
  /**
   * What the host said last of its quotas, in its latest answers: it is asked nothing now. Without those whose period
   * is over, so empty where it wasn't asked within one. Absent where no host counts requests.
   */
  quotas?(): readonly HostQuota[];
  /** Null when there is no such issue, or it is no longer visible to us. */
  get(id: string, options?: CallOptions): Promise<Issue | null>;
  /** Null when the provider can't tell who set the work going: it is then not run. */
  brief(issueId: string, query: IssueQuery, options?: CallOptions): Promise<Brief | null>;
  /** Fails closed: a lookup that fails is an error, never a permission. */
  permission(actor: Actor, options?: CallOptions): Promise<Permission>;
  /**
   * Who goes by an id, or by a login, as an operator writes either. Where ids are numbers, digits alone are an id.
   * Null where nobody does. Absent where accounts can't be looked up: they are then known by their ids alone.
   */
  findActor?(reference: string, options?: CallOptions): Promise<Actor | null>;
  /**
   * Brings one comment of ours into being, or up to date. Duplicates collapse into the oldest; an equal body
   * writes nothing; a marker in somebody else's comment counts for nothing. `NOT_FOUND` without the issue.
   */
  ensureComment(comment: IssueComment, options?: CallOptions): Promise<{ readonly id: string }>;
  /** Adds and removes labels in any order; those already so are left alone. Other labels are never touched. */
  ensureLabels(
    change: { readonly issueId: string; readonly add: readonly string[]; readonly remove: readonly string[] },
    options?: CallOptions,
  ): Promise<void>;
  /** Present where Baton's account can be assigned. For people to see; never a lock. */
  ensureAssigned?(issueId: string, assigned: boolean, options?: CallOptions): Promise<void>;
}
