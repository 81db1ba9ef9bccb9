import assert from 'node:assert/strict';
import type { Cursor, Issue, IssueQuery, IssueSource, Permission } from '@baton/core';
import type { Rig } from '../contract.js';

/** What a person changes about an issue. Each field that is given is made so; labels and assignees are the whole list. */
export interface IssueChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'closed';
  readonly labels?: readonly string[];
  /** Logins. */
  readonly assignees?: readonly string[];
}

/** The world around an issue source: a tracker without issues, and what people do to it. */
export interface IssueSourceRig extends Rig {
  /** Builds the source under test. A second call stands for another process: same settings, nothing shared in memory. */
  createSource(): IssueSource;
  /** Login of Baton's own account. */
  readonly self: string;
  /** An id such as this source makes, that names nothing. */
  readonly missingId: string;
  /** Opens an issue as a person, labels and all; its id. The tracker knows that `author` set the labels. */
  openIssue(issue: {
    readonly title: string;
    readonly body: string;
    readonly author: string;
    readonly labels?: readonly string[];
  }): Promise<string>;
  /** Everything that a person does later is known to have been done later, in the order of the calls. */
  changeIssue(issueId: string, change: IssueChange, by: string): Promise<void>;
  /** A comment by anybody, Baton's own account included; its id. */
  comment(issueId: string, by: string, body: string): Promise<string>;
  /**
   * A comment below the issue that isn't for everybody who sees it: internal, or hidden by a person. Absent where the
   * tracker has no such thing.
   */
  commentInPrivate?(issueId: string, by: string, body: string): Promise<void>;
  editComment(issueId: string, commentId: string, body: string, by: string): Promise<void>;
  /** Every comment as it stands, oldest first. Bodies as the tracker holds them. */
  comments(
    issueId: string,
  ): Promise<readonly { readonly id: string; readonly author: string; readonly body: string }[]>;
  /** Says what somebody may do. Whoever was never named has no permission. */
  allow(login: string, permission: Permission): Promise<void>;
  /** Makes an account that the tracker says is a bot's; its login. Absent where the tracker knows no bots. */
  addBot?(name: string): Promise<string>;
  /** Every form in which a person may name the issue. */
  references(issueId: string): Promise<readonly string[]>;
  /** Two equal values: nothing was written to the tracker in between, not even the same again. */
  footprint(): Promise<string>;
  /** Makes the issue unreadable: a shape that no adapter can map. Absent where there is no such thing. */
  breakIssue?(issueId: string): Promise<void>;
  /** From now on the tracker can't say who set an issue's labels. Absent where it always can. */
  hideTriggers?(): Promise<void>;
  /** From now on lookups of permissions fail. */
  breakPermissions(): Promise<void>;
}

/** What the cases poll for, save where they say otherwise. */
export const handedOver: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };

/** Polls until there is no more; the issues by id, as they were brought last. */
export async function drain(
  source: IssueSource,
  query: IssueQuery,
  cursor: Cursor | null,
): Promise<{ readonly issues: ReadonlyMap<string, Issue>; readonly cursor: Cursor }> {
  const issues = new Map<string, Issue>();
  let at = cursor;
  for (let pages = 0; pages < 1000; pages += 1) {
    const page = await source.poll(query, at);
    at = page.cursor;
    if (page.kind === 'unchanged') return { issues, cursor: at };
    for (const issue of page.issues) issues.set(issue.id, issue);
    if (!page.more) return { issues, cursor: at };
  }
  assert.fail('poll says for ever that there is more');
}

/** The ids that a poll from the beginning brings, sorted. */
export async function idsOf(source: IssueSource, query: IssueQuery): Promise<readonly string[]> {
  return [...(await drain(source, query, null)).issues.keys()].sort();
}

/** An issue that alice handed over. */
export function openHandedOver(
  rig: IssueSourceRig,
  title = 'Cart total is wrong',
  body = 'It is off by one.',
): Promise<string> {
  return rig.openIssue({ title, body, author: 'alice', labels: ['baton'] });
}
