import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Actor,
  BatonError,
  type Brief,
  type CallOptions,
  type Clock,
  type Issue,
  type IssueQuery,
  type IssueSource,
  type Permission,
  topicMarker,
  topicOf,
} from '@baton/core';
import { type BoardChange, type BoardEvent, type BoardIssue, foldIssue, readBoard, writeEvent } from './board.ts';

/** How the source is made. */
export interface BoardSourceOptions {
  readonly directory: string;
  /** Login of Baton's own. */
  readonly account: string;
  readonly clock: Clock;
}

const permissions = ['none', 'read', 'write', 'admin'] as const satisfies readonly Permission[];

/** The issues of a board. It keeps nothing in memory. */
export function createBoardSource({ directory, account, clock }: BoardSourceOptions): IssueSource {
  const actorOf = (login: string): Actor => ({ id: login, login, kind: login === account ? 'self' : 'person' });

  const read = async (id: string | null, { signal }: CallOptions = {}): Promise<readonly BoardEvent[]> => {
    signal?.throwIfAborted();
    const events = await readBoard(directory);
    signal?.throwIfAborted();
    return id === null ? events : events.filter((event) => event.issue === id);
  };
  const standing = async (id: string, options: CallOptions | undefined): Promise<BoardIssue> => {
    const issue = foldIssue(await read(id, options));
    if (issue !== null) return issue;
    throw new BatonError('NOT_FOUND', `There is no issue ${id} on the board.`, {
      details: { resource: `issue ${id}` },
      adapter: 'board',
    });
  };
  const write = (issue: string, change: BoardChange): Promise<void> =>
    writeEvent(directory, { at: clock.now(), by: account, issue, ...change });

  const view = (id: string, events: readonly BoardEvent[]): Issue | null => {
    const issue = foldIssue(events);
    if (issue === null) return null;
    const { title, body, state, createdAt, updatedAt } = issue;
    const labels = [...new Set(issue.labels.map((label) => label.toLowerCase()))];
    return {
      ...{ id, key: `board#${id}`, title, body, url: null, visibility: 'public', priority: null, blockedBy: [] },
      ...{ author: actorOf(issue.author), labels, assignees: issue.assignees.map(actorOf) },
      ...{ state: { unified: state, raw: state }, revision: String(events.length), createdAt, updatedAt },
    };
  };
  const get = async (id: string, options?: CallOptions): Promise<Issue | null> => view(id, await read(id, options));

  return {
    spec: 'issue-source/1',
    id: 'board',
    tracker: `board:${directory}`,

    async poll(query, cursor, options) {
      const events = await read(null, options);
      if (cursor === String(events.length)) return { kind: 'unchanged', cursor };
      const changed = new Set(events.slice(Number(cursor)).map(({ issue }) => issue));
      const issues = [...Map.groupBy(events, ({ issue }) => issue)]
        .filter(([id]) => changed.has(id))
        .flatMap(([id, own]) => view(id, own) ?? [])
        .filter((issue) => matches(issue, query));
      return { kind: 'changed', issues, cursor: String(events.length), more: false };
    },
    find: (reference, options) => get(/^(?:board#|#)?(\d+)$/.exec(reference.trim())?.[1] ?? '', options),
    get,

    async brief(id, query, options): Promise<Brief | null> {
      const events = await read(id, options);
      const at = findTrigger(events, query);
      const trigger = events[at];
      const issue = foldIssue(events.slice(0, at + 1));
      if (trigger === undefined || issue === null) return null;
      const told = issue.comments.filter(({ by }) => by !== account);
      return {
        trigger: { kind: trigger.labels ? 'label' : 'assignment', actor: actorOf(trigger.by), at: trigger.at },
        title: issue.title,
        body: issue.body,
        comments: told.map((comment) => ({ author: actorOf(comment.by), body: comment.text, at: comment.at })),
        laterEdits: events
          .slice(at + 1)
          .flatMap(({ by, at: editedAt, title, body, comment }) =>
            [
              ...(title === undefined ? [] : ['title' as const]),
              ...(body === undefined ? [] : ['body' as const]),
              ...(told.some((each) => each.id === comment?.id) ? ['comment' as const] : []),
            ].map((field) => ({ field, actor: actorOf(by), at: editedAt })),
          ),
      };
    },

    async permission({ login }, { signal } = {}) {
      signal?.throwIfAborted();
      const people: unknown = JSON.parse(await readFile(join(directory, 'people.json'), 'utf8'));
      const said: unknown = Object.entries(people ?? {}).find(([name]) => name === login)?.[1] ?? 'none';
      const permission = permissions.find((each) => each === said);
      if (permission !== undefined) return permission;
      throw new BatonError('PROTOCOL_VIOLATION', `people.json says of ${login} what is no permission.`, {
        details: { received: String(said) },
        adapter: 'board',
        fix: `Let it say one of ${permissions.join(', ')}.`,
      });
    },

    async ensureComment({ issueId, topic, body }, options) {
      const { comments } = await standing(issueId, options);
      const text = `${topicMarker(topic)}\n${body}`;
      const [first, ...others] = comments.filter((each) => each.by === account && topicOf(each.text) === topic);
      for (const { id } of others) await write(issueId, { comment: { id, text: '' } });
      const id = first?.id ?? `${issueId}-${topic}`;
      if (first?.text !== text) await write(issueId, { comment: { id, text } });
      return { id };
    },
    async ensureLabels({ issueId, add, remove }, options) {
      const { labels } = await standing(issueId, options);
      const kept = labels.filter((label) => !remove.some((each) => isSame(each, label)));
      const wanted = [...kept, ...add.filter((label) => !kept.some((each) => isSame(each, label)))];
      if (wanted.join('\n') !== labels.join('\n')) await write(issueId, { labels: wanted });
    },
    async ensureAssigned(issueId, assigned, options) {
      const { assignees } = await standing(issueId, options);
      if (assignees.includes(account) === assigned) return;
      const others = assignees.filter((login) => login !== account);
      await write(issueId, { assignees: assigned ? [...others, account] : others });
    },
  };
}

const isSame = (label: string, other: string): boolean => label.toLowerCase() === other.toLowerCase();

function matches({ state, labels, assignees }: Issue, query: IssueQuery): boolean {
  const has = (label: string): boolean => labels.some((each) => isSame(each, label));
  const isFor = query.assignee === null || assignees.some(({ login }) => login === query.assignee);
  return state.unified === 'open' && query.labels.every(has) && !query.excludeLabels.some(has) && isFor;
}

/** Which event brought the last of what the query asks for, of all that stands now: who did that handed the issue over. -1: nobody. */
function findTrigger(events: readonly BoardEvent[], { labels, assignee }: IssueQuery): number {
  const since = (list: 'labels' | 'assignees', name: string): number =>
    events.reduce((found, event, index) => {
      const names = event[list];
      if (names === undefined) return found;
      return !names.some((each) => isSame(each, name)) ? -1 : found === -1 ? index : found;
    }, -1);
  const asked = labels.map((label) => since('labels', label));
  if (assignee !== null) asked.push(since('assignees', assignee));
  return asked.includes(-1) ? -1 : Math.max(-1, ...asked);
}
