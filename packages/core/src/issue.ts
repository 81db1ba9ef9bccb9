import type { Mapped } from './adapter.js';
import type { Instant } from './runtime.js';

/** Somebody or something that acts on a host. */
export interface Actor {
  /** The provider's stable id: logins can be renamed and taken over. */
  readonly id: string;
  readonly login: string;
  /** Said by the provider, never read off the login's spelling. `self`: the account that Baton itself uses. */
  readonly kind: 'person' | 'bot' | 'self';
}

/** What an actor may do in a repository. Each includes the ones before it. */
export type Permission = 'none' | 'read' | 'write' | 'admin';

/** One issue as the tracker shows it now. */
export interface Issue {
  /** Opaque to Baton. */
  readonly id: string;
  /** What a person would type: `owner/repo#12`, `ABC-7`. Unique within the source, and never changes. */
  readonly key: string;
  /** May be empty, long, or hold any character: never an argument, never part of a path. */
  readonly title: string;
  /** Markdown as the author wrote it. Empty where there is none. */
  readonly body: string;
  /** Null for a deleted account. */
  readonly author: Actor | null;
  /** Null where a source has no pages for people. */
  readonly url: string | null;
  readonly state: Mapped<'open' | 'closed'>;
  /**
   * Who may read it: anybody; `members`, those who may read its repository; `private`, fewer than those. Its text
   * is handed in only where no more people read than may read it here.
   */
  readonly visibility: 'public' | 'members' | 'private';
  /** Lower-cased, no duplicates. */
  readonly labels: readonly string[];
  readonly assignees: readonly Actor[];
  /** Lower sorts first; null sorts last. */
  readonly priority: number | null;
  /** Other issues that should end first. A lookup that failed is an error of the call, never an empty list. */
  readonly blockedBy: readonly { readonly key: string; readonly open: boolean }[];
  /** Changes whenever the issue does, through Baton's own writes too. For caching only. */
  readonly revision: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}
