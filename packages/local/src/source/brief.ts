import type { AdapterHost, Brief, IssueQuery } from '@baton/core';
import type { People } from '../host/actor.js';
import type { CommentFile } from '../host/comments.js';
import type { IssueFile } from './issue-files.js';
import type { Sight } from './text-snapshots.js';

/** What the agent may be told of an issue; null where nobody can tell who handed it over. */
export function toBrief(known: {
  readonly issue: IssueFile;
  readonly query: IssueQuery;
  readonly sight: Sight;
  readonly people: People;
  /** As they stand now. */
  readonly comments: readonly CommentFile[];
  readonly mask: AdapterHost['mask'];
}): Brief | null {
  const { issue, query, sight, people, mask } = known;
  // What was kept is masked; by a secret that wasn't known then, not yet.
  const isSame = (now: string, then: string): boolean => mask(now) === mask(then);
  const actor = people.actor(issue.labeledBy ?? issue.author);
  if (!actor) return null;
  const kind = query.labels.length === 0 && query.assignee !== null ? 'assignment' : 'label';
  const standing = new Map(known.comments.map((each) => [each.id, each]));
  // One that a person took away since isn't told any more.
  const told = sight.comments.filter((each) => standing.has(each.id));
  // A file says when it changed, never who changed it.
  const edit = (field: 'title' | 'body' | 'comment', changedAt: number): Brief['laterEdits'][number] => ({
    field,
    actor: null,
    at: Math.max(changedAt, sight.at),
  });
  const comments = told.map(({ author, body, at }) => ({ author: people.actor(author), body, at }));
  return {
    trigger: { kind, actor, at: sight.at },
    title: sight.title,
    body: sight.body,
    comments,
    laterEdits: [
      ...(isSame(issue.title, sight.title) ? [] : [edit('title', issue.changedAt)]),
      ...(isSame(issue.body, sight.body) ? [] : [edit('body', issue.changedAt)]),
      ...told.flatMap((each) => {
        const now = standing.get(each.id);
        return now && !isSame(now.body, each.body) ? [edit('comment', now.changedAt)] : [];
      }),
    ],
  };
}
