import type { CheckSummary, Feedback, Permission } from '@baton/core';
import type { FakeGitlabJob } from './run-pipeline.js';

/** A merge request as the fake holds it. */
export interface FakeGitlabMergeRequest {
  readonly iid: number;
  readonly head: string;
  /** Whole: `Draft: ` included. */
  readonly title: string;
  readonly description: string;
  readonly labels: readonly string[];
  readonly state: 'opened' | 'merged' | 'closed' | 'locked';
}

/** An issue as the fake holds it. */
export interface FakeGitlabIssue {
  readonly iid: number;
  readonly title: string;
  readonly description: string;
  readonly state: 'opened' | 'merged' | 'closed' | 'locked';
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

/** What people change about an issue. Labels and assignees are the whole list. */
export interface FakeGitlabIssueChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'closed';
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

/** What people do in a project. Whoever is named exists from then on. */
export interface FakeGitlabProject {
  readonly path: string;
  readonly id: number;
  /** The number of the new issue. */
  openIssue(issue: {
    readonly title: string;
    readonly body: string;
    readonly author: string;
    readonly labels?: readonly string[];
    readonly confidential?: boolean;
  }): number;
  changeIssue(iid: number, change: FakeGitlabIssueChange, by: string): void;
  issues(): readonly FakeGitlabIssue[];
  /** Below an issue, or a merge request; its id. */
  comment(
    on: { readonly issue: number } | { readonly mergeRequest: number },
    by: string,
    body: string,
    more?: { readonly internal?: boolean; readonly path?: string | null; readonly line?: number | null },
  ): number;
  editComment(id: number, body: string, by: string): void;
  removeComment(id: number): void;
  resolve(noteId: number): void;
  /** The lines of all notes on the diff were changed by a push. */
  outdate(iid: number): void;
  comments(
    on: { readonly issue: number } | { readonly mergeRequest: number },
  ): readonly { readonly id: number; readonly author: string; readonly body: string }[];
  /** Approves, asks for changes, or takes an approval back. */
  review(iid: number, by: string, verdict: Feedback['verdict'] | 'unapprove'): void;
  allow(login: string, permission: Permission): void;
  /** The access level as GitLab numbers it: 15 for planners, 25 for security managers. */
  setAccess(login: string, level: number): void;
  /** From now on the permission of nobody can be looked up: 500. */
  breakPermissions(): void;
  /** From now on label events don't tell who. */
  hideTriggers(): void;
  /** Sent from now on in a shape that nobody can read. */
  breakIssue(iid: number): void;
  removeIssue(iid: number): void;
  /** Moved to another project: closed here. */
  moveIssue(iid: number): void;
  block(iid: number, by: { readonly project?: string; readonly iid: number; readonly open: boolean }): void;
  /** One change that reaches every issue at the same instant. */
  changeAllAtOnce(): void;
  /** Answered like one that isn't there. */
  hide(): void;
  archive(): void;
  unarchive(): void;
  switchOff(feature: 'issues' | 'merge requests' | 'CI/CD'): void;
  /** Who may see it. At first: its members. `internal`: everybody with an account. */
  setVisibility(visibility: 'private' | 'internal' | 'public'): void;
  /** The old path leads to the new one from now on. */
  rename(path: string): void;
  /** One more commit on a branch; its id. */
  push(branch: string): Promise<string>;
  emptyRepository(): Promise<void>;
  /** The next creations of merge requests are refused: the branch isn't known yet, or something holds a lock. */
  lag(what: 'branch' | 'lock', times: number): void;
  openMergeRequest(request: {
    readonly head: string;
    readonly title: string;
    readonly body: string;
    readonly labels?: readonly string[];
    readonly by: string;
    /** From a fork's branch of that name. */
    readonly fork?: boolean;
  }): number;
  /** A merge closes the issues that the description says it closes. */
  changeMergeRequest(
    iid: number,
    change: {
      readonly title?: string;
      readonly draft?: boolean;
      readonly base?: string;
      readonly state?: 'merged' | 'closed';
    },
    by: string,
  ): Promise<void>;
  mergeRequests(): readonly FakeGitlabMergeRequest[];
  setConflicts(iid: number, conflicts: boolean): void;
  /** A pipeline on the head as it is now. `merged`: one of merged results, on a commit of GitLab's own. */
  setChecks(
    iid: number,
    state: CheckSummary['state'],
    trace?: string,
    more?: { readonly merged?: boolean },
  ): Promise<void>;
  /**
   * A pipeline with these jobs on the head as it is now. Where one name is there twice, the first was run again.
   * `merged`: one of merged results. `yamlErrors`: its configuration can't be read.
   */
  setJobs(
    iid: number,
    jobs: readonly FakeGitlabJob[],
    more?: { readonly merged?: boolean; readonly yamlErrors?: string },
  ): Promise<void>;
  /** Pipelines of a branch without a merge request. */
  runElsewhere(branch: string, count: number): void;
}
