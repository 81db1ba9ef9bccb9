import type { IssueQuery } from '@baton/core';
import type { GitlabIssue, GitlabLabelEvent, GitlabNote, GitlabUser } from '../host/shapes.js';

/** Who set the last of what the query asks for, and when. */
export interface Trigger {
  readonly kind: 'label' | 'assignment';
  readonly user: GitlabUser;
  readonly at: number;
}

/**
 * Labels by GitLab's own label events, assignees by its system notes: people can write neither. Null where one
 * of them isn't there, or nobody can tell who set it.
 */
export function triggerOf(
  issue: GitlabIssue,
  query: IssueQuery,
  history: { readonly events: readonly GitlabLabelEvent[]; readonly notes: readonly GitlabNote[] },
): Trigger | null {
  const set = [
    ...query.labels.map((label) => labelSet(issue, label, history.events)),
    ...(query.assignee === null ? [] : [assigneeSet(issue, query.assignee, history.notes)]),
  ];
  const known = set.filter((each) => each !== null);
  if (known.length < set.length) return null;
  return known.reduce<Trigger | null>((last, each) => (last !== null && last.at >= each.at ? last : each), null);
}

function labelSet(issue: GitlabIssue, label: string, events: readonly GitlabLabelEvent[]): Trigger | null {
  const name = label.toLowerCase();
  if (!issue.labels.some((each) => each.toLowerCase() === name)) return null;
  const ordered = [...events].sort((left, right) => left.created_at - right.created_at || left.id - right.id);
  const last = ordered.findLast((each) => each.label?.name.toLowerCase() === name);
  return last?.action === 'add' && last.user ? { kind: 'label', user: last.user, at: last.created_at } : null;
}

/** `assigned to @a, @b, and @c and unassigned @d`. */
function assigneeSet(issue: GitlabIssue, login: string, notes: readonly GitlabNote[]): Trigger | null {
  const wanted = login.toLowerCase();
  if (!(issue.assignees ?? []).some(({ username }) => username.toLowerCase() === wanted)) return null;
  const last = notes.findLast(({ system, body }) => system && assignmentOf(body, wanted) !== null);
  if (!last?.author || assignmentOf(last.body, wanted) !== 'assigned') return null;
  return { kind: 'assignment', user: last.author, at: last.created_at };
}

function assignmentOf(body: string, login: string): 'assigned' | 'unassigned' | null {
  if (/^removed (?:all )?assignees?\b/.test(body)) return 'unassigned';
  const match = /^(?:assigned to (.+?))?(?:(?:^| and )unassigned (.+))?$/s.exec(body);
  const names = (text: string | undefined): readonly string[] =>
    [...(text ?? '').matchAll(/@([\w.-]*\w)/g)].map(([, name = '']) => name.toLowerCase());
  if (names(match?.[2]).includes(login)) return 'unassigned';
  return names(match?.[1]).includes(login) ? 'assigned' : null;
}
