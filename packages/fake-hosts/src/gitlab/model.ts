import type { Branches } from '../branches.js';

/** An account. */
export interface StoredUser {
  readonly id: number;
  username: string;
  name: string;
  readonly bot: boolean;
  state: 'active' | 'blocked';
}

/** A note: of a person, or of GitLab itself. */
export interface StoredNote {
  readonly id: number;
  author: StoredUser;
  body: string;
  readonly system: boolean;
  /** What a system note is about: `description`, `title`, `assignee`. */
  readonly action: string | null;
  /** With `description`: both sides of the change. */
  readonly change: { readonly before: string; readonly after: string } | null;
  readonly discussion: string;
  /** `of`: the head that it was left at, once its line was changed. */
  position: { readonly path: string; readonly line: number; readonly of?: string } | null;
  readonly createdAt: number;
  updatedAt: number;
  edited: { readonly at: number; readonly by: StoredUser } | null;
  internal: boolean;
  resolved: boolean;
}

/** That a label came or went. */
export interface StoredLabelEvent {
  readonly id: number;
  readonly user: StoredUser;
  readonly at: number;
  readonly action: 'add' | 'remove';
  readonly label: string;
}

/** What issues and merge requests have in common. */
export interface StoredItem {
  readonly id: number;
  readonly iid: number;
  author: StoredUser;
  readonly createdAt: number;
  updatedAt: number;
  title: string;
  description: string;
  state: 'opened' | 'closed' | 'merged' | 'locked';
  labels: string[];
  assignees: StoredUser[];
  readonly notes: StoredNote[];
  readonly labelEvents: StoredLabelEvent[];
}

export interface StoredIssue extends StoredItem {
  confidential: boolean;
  movedTo: number | null;
  /** Sent in a shape that nobody can read. */
  broken: boolean;
  readonly blockedBy: { readonly project: string; readonly iid: number; open: boolean }[];
}

/** One job of a pipeline, or what stands in one like a job. */
export interface StoredJob {
  readonly id: number;
  /** `bridge`: starts another pipeline. `outside`: the status that a service set. */
  readonly kind: 'job' | 'bridge' | 'outside';
  readonly name: string;
  readonly status: string;
  readonly allowFailure: boolean;
  readonly trace: string;
  /** Of a bridge: what it started, if anything. */
  readonly started: StoredPipeline | null;
}

export interface StoredPipeline {
  readonly id: number;
  readonly status: string;
  readonly sha: string;
  readonly ref: string;
  readonly source: string;
  readonly updatedAt: number;
  /** In the order in which they were started: where one name is there twice, the first was run again. */
  readonly jobs: readonly StoredJob[];
  /** The head that a commit of GitLab's own merges. Null: it runs on one that somebody pushed. */
  readonly sourceSha: string | null;
  /** Why the configuration of CI can't be read. */
  readonly yamlErrors: string | null;
}

export interface StoredMergeRequest extends StoredItem {
  readonly head: string;
  base: string;
  /** Another project's id, where it comes from a fork. */
  readonly sourceProjectId: number;
  /** Where the head was when it ended. */
  endedCommit: string | null;
  conflicts: boolean;
  pipeline: StoredPipeline | null;
}

export interface StoredProject {
  readonly id: number;
  path: string;
  /** Paths it had before: GitLab leads on from them. */
  readonly formerPaths: string[];
  readonly issues: Map<number, StoredIssue>;
  readonly mergeRequests: Map<number, StoredMergeRequest>;
  /** Access levels by account. */
  readonly members: Map<number, number>;
  readonly branches: Branches;
  /** Answered 404 like one that isn't there. */
  hidden: boolean;
  permissionsBroken: boolean;
  archived: boolean;
  /** Switched off in its settings. */
  readonly without: Set<'issues' | 'merge requests' | 'CI/CD'>;
  visibility: 'private' | 'internal' | 'public';
  /** Of branches without a merge request. */
  readonly otherPipelines: StoredPipeline[];
  triggersHidden: boolean;
  /** So many creations of merge requests are refused first. */
  branchLag: number;
  lockLag: number;
}

/** As GitLab writes an instant. */
export function isoOf(at: number): string {
  return new Date(at).toISOString();
}

const draftPrefix = /^\s*(?:\[draft\]|\(draft\)|draft:)\s*/i;

/** Whether a title makes a draft of its merge request. */
export function isDraftTitle(title: string): boolean {
  return draftPrefix.test(title);
}

/** The title without what makes it a draft. */
export function draftlessTitle(title: string): string {
  return title.replace(draftPrefix, '');
}
