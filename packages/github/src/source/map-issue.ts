import { createHash } from 'node:crypto';
import { priorityOf } from '@baton/adapter-kit';
import type { Issue } from '@baton/core';
import { z } from 'zod';
import { idShape, type Self, toActor, userShape } from '../host/actor.js';

const instantShape = z.iso.datetime().transform((text) => Date.parse(text));
const labelShape = z.union([z.string(), z.looseObject({ name: z.string().nullish() })]);

/** An issue, as far as Baton reads it. */
export const issueShape = z.looseObject({
  number: z.int().positive(),
  id: idShape,
  title: z.string(),
  body: z.string().nullish(),
  user: userShape.nullish(),
  state: z.string(),
  html_url: z.string(),
  repository_url: z.string(),
  labels: z.array(labelShape),
  assignees: z.array(userShape).nullish(),
  comments: z.number(),
  created_at: instantShape,
  updated_at: instantShape,
  pull_request: z.unknown().optional(),
  issue_dependencies_summary: z.looseObject({ total_blocked_by: z.number() }).nullish(),
});

/** An issue that was read. */
export type IssueShape = z.infer<typeof issueShape>;

/** Labels as the host spells them. */
export function labelNames(issue: Pick<IssueShape, 'labels'>): readonly string[] {
  return issue.labels.flatMap((each) => (typeof each === 'string' ? each : (each.name ?? [])));
}

/** `owner/name` of the repository that an issue is in now. */
export function repositoryOf(issue: Pick<IssueShape, 'repository_url'>): string {
  return issue.repository_url.split('/').slice(-2).join('/');
}

/** An issue as the contracts have it. */
export function toIssue(
  issue: IssueShape,
  context: {
    readonly fullName: string;
    readonly isPrivate: boolean;
    readonly self: Self;
    readonly blockedBy: Issue['blockedBy'];
  },
): Issue {
  const labels = [...new Set(labelNames(issue).map((each) => each.toLowerCase()))];
  return {
    id: String(issue.number),
    key: `${context.fullName}#${issue.number}`,
    title: issue.title,
    body: issue.body ?? '',
    author: toActor(issue.user, context.self),
    url: issue.html_url,
    state: { unified: issue.state === 'open' ? 'open' : 'closed', raw: issue.state },
    visibility: context.isPrivate ? 'members' : 'public',
    labels,
    assignees: (issue.assignees ?? []).flatMap((each) => toActor(each, context.self) ?? []),
    priority: priorityOf(labels),
    blockedBy: context.blockedBy,
    revision: revisionOf(issue),
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
  };
}

/** Another one whenever something changed, also within the second that GitHub's instants are exact to. */
export function revisionOf(issue: IssueShape): string {
  const people = (issue.assignees ?? []).map((each) => each.id);
  const seen = [issue.updated_at, issue.title, issue.body, issue.state, labelNames(issue), people, issue.comments];
  return createHash('sha256').update(JSON.stringify(seen)).digest('base64url').slice(0, 16);
}
