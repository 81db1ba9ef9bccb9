import { expect } from 'vitest';
import { field, text } from './recordings.js';

/** A person of the recordings, so that some of what they did is Baton's own. */
export const self = { id: '21031067', login: 'Codertocat' };

function lowerCased(raw: unknown): readonly string[] {
  const labels = field(raw, 'labels');
  return [...new Set((Array.isArray(labels) ? labels : []).map((each) => text(each, 'name').toLowerCase()))];
}

/** What an account should be in the model. */
export function actorOf(user: unknown): object | null {
  if (user === null || user === undefined) return null;
  const id = text(user, 'id');
  const kind = id === self.id ? 'self' : field(user, 'type') === 'Bot' ? 'bot' : 'person';
  return { id, login: field(user, 'login'), kind };
}

/** What an issue should be in the model. */
export function issueOf(raw: unknown, fullName: string, isPrivate: boolean): object {
  const assignees = field(raw, 'assignees');
  const state = text(raw, 'state');
  return {
    id: text(raw, 'number'),
    key: `${fullName}#${text(raw, 'number')}`,
    title: field(raw, 'title'),
    body: field(raw, 'body') ?? '',
    author: actorOf(field(raw, 'user')),
    url: field(raw, 'html_url'),
    state: { unified: state, raw: state },
    visibility: isPrivate ? 'members' : 'public',
    labels: lowerCased(raw),
    assignees: (Array.isArray(assignees) ? assignees : []).map(actorOf),
    priority: null,
    blockedBy: [],
    revision: expect.stringMatching(/^[\w-]{16}$/),
    createdAt: Date.parse(text(raw, 'created_at')),
    updatedAt: Date.parse(text(raw, 'updated_at')),
  };
}

/** A status of REST in the form that it has in GraphQL. */
export function asStatusContext(status: unknown) {
  return {
    __typename: 'StatusContext',
    context: text(status, 'context'),
    state: text(status, 'state').toUpperCase(),
    targetUrl: typeof field(status, 'target_url') === 'string' ? text(status, 'target_url') : null,
    description: text(status, 'description'),
  };
}
