import { createHash } from 'node:crypto';
import type { Actor, Issue } from '@baton/core';
import type { GitlabApi } from './api.js';
import type { People } from './people.js';
import { priorityOf } from './priority.js';
import type { Project } from './project.js';
import { keyOf, placeOf } from './references.js';
import { type GitlabIssue, linkShape, read } from './shapes.js';

/** What an issue is looked up with. */
export interface IssueContext {
  readonly baseUrl: string;
  readonly project: Project;
  readonly people: People;
}

/** The issue as Baton sees it, with its author, assignees and blockers looked up. */
export async function mapIssue(issue: GitlabIssue, context: IssueContext, api: GitlabApi): Promise<Issue> {
  const { project, people } = context;
  const labels = [...new Set(issue.labels.map((label) => label.toLowerCase()))];
  const assignees: Actor[] = [];
  for (const each of issue.assignees ?? []) {
    const actor = await people.actor(each, api);
    if (actor !== null && assignees.every(({ id }) => id !== actor.id)) assignees.push(actor);
  }
  const author = await people.actor(issue.author, api);
  const blockedBy = issue.state === 'opened' ? await blockersOf(issue.iid, context, api) : [];
  const moved = issue.moved_to_id ? ' (moved)' : '';
  return {
    id: String(issue.iid),
    key: keyOf(project.repository, issue.iid),
    title: issue.title,
    body: issue.description ?? '',
    author,
    url: issue.web_url,
    state: { unified: issue.state === 'opened' ? 'open' : 'closed', raw: `${issue.state}${moved}` },
    visibility: issue.confidential === true ? 'private' : 'public',
    labels,
    assignees,
    priority: priorityOf(labels),
    blockedBy,
    revision: hashOf([
      issue.updated_at,
      issue.title,
      issue.description ?? '',
      issue.state,
      issue.confidential ?? false,
      [...labels].sort(),
      assignees.map(({ id }) => id).sort(),
      issue.user_notes_count ?? null,
      blockedBy.map(({ key, open }) => [key, open]),
    ]),
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
  };
}

/** Only GitLab Premium and Ultimate know of blockers: elsewhere no link is of that kind. */
async function blockersOf(
  iid: number,
  { baseUrl, project }: IssueContext,
  api: GitlabApi,
): Promise<Issue['blockedBy']> {
  const projectId = await project.id(api);
  const links = await api.issueLinks.all(projectId, iid);
  return links
    .map((each) => read(linkShape, each, 'a link between issues'))
    .filter((each) => each.link_type === 'is_blocked_by')
    .map((each) => {
      const path = placeOf(each.web_url ?? '', baseUrl)?.path ?? `project ${each.project_id}`;
      const key = keyOf(each.project_id === projectId ? project.repository : path, each.iid);
      return { key, open: each.state === 'opened' };
    });
}

/** A short hash of plain data. */
export function hashOf(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16);
}
