import { createHash } from 'node:crypto';
import { priorityOf } from '@baton/adapter-kit';
import { type Actor, BatonError, type Issue } from '@baton/core';
import type { People } from '../host/actor.js';
import type { GitlabApi } from '../host/api.js';
import { keyOf, placeOf } from '../host/reference.js';
import type { Project } from '../host/repository.js';
import { type GitlabIssue, linkShape, readList } from '../host/shapes.js';
import type { RecentIssues } from './recent-issues.js';

/** What an issue is looked up with. */
export interface IssueContext {
  readonly baseUrl: string;
  readonly project: Project;
  readonly people: People;
  readonly recent: RecentIssues;
}

/** How exact an issue is wanted. */
export interface IssueLook {
  /** Blockers as they were told a moment ago will do. Default false. */
  readonly takesRecent?: boolean;
  /** Is told of an author, assignee or blockers that can't be read, which are left out then. Default: it rejects. */
  readonly onOddity?: (oddity: BatonError) => void;
}

/** The issue as Baton sees it, with its author, assignees and blockers looked up. */
export async function mapIssue(
  issue: GitlabIssue,
  context: IssueContext,
  api: GitlabApi,
  { takesRecent = false, onOddity }: IssueLook = {},
): Promise<Issue> {
  const { project, people } = context;
  const readable = async <Value>(look: () => Promise<Value>, otherwise: Value): Promise<Value> => {
    try {
      return await look();
    } catch (error) {
      if (onOddity === undefined || !BatonError.is(error, 'PROTOCOL_VIOLATION')) throw error;
      onOddity(error);
      return otherwise;
    }
  };
  const labels = [...new Set(issue.labels.map((label) => label.toLowerCase()))];
  const assignees: Actor[] = [];
  for (const each of issue.assignees ?? []) {
    const actor = await readable(() => people.actor(each, api), null);
    if (actor !== null && assignees.every(({ id }) => id !== actor.id)) assignees.push(actor);
  }
  const author = await readable(() => people.actor(issue.author, api), null);
  const recent = takesRecent ? context.recent.blockers(issue.iid) : null;
  const blockedBy = mayBeBlocked(issue)
    ? (recent ?? (await readable(() => blockersOf(issue.iid, context, api), [])))
    : [];
  const moved = issue.moved_to_id ? ' (moved)' : '';
  return {
    id: String(issue.iid),
    key: keyOf(project.repository, issue.iid),
    title: issue.title,
    body: issue.description ?? '',
    author,
    url: issue.web_url,
    state: { unified: issue.state === 'opened' ? 'open' : 'closed', raw: `${issue.state}${moved}` },
    visibility: issue.confidential === true ? 'private' : (await project.isPublic(api)) ? 'public' : 'members',
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

/**
 * Only GitLab Premium and Ultimate know of blockers. So does the weight of an issue, which the others leave out
 * (https://docs.gitlab.com/api/issues/); an incident has none anywhere.
 */
function mayBeBlocked({ state, weight, issue_type: type }: GitlabIssue): boolean {
  return state === 'opened' && (weight !== undefined || type !== 'issue');
}

async function blockersOf(
  iid: number,
  { baseUrl, project, recent }: IssueContext,
  api: GitlabApi,
): Promise<Issue['blockedBy']> {
  const projectId = await project.id(api);
  const links: unknown = await api.issueLinks.all(projectId, iid);
  const blockers = readList(linkShape, links, 'links between issues')
    .filter((each) => each.link_type === 'is_blocked_by')
    .map((each) => {
      const path = placeOf(each.web_url ?? '', baseUrl)?.path ?? `project ${each.project_id}`;
      const key = keyOf(each.project_id === projectId ? project.repository : path, each.iid);
      return { key, open: each.state === 'opened' };
    });
  recent.noteBlockers(iid, blockers);
  return blockers;
}

/** A short hash of plain data. */
export function hashOf(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16);
}
