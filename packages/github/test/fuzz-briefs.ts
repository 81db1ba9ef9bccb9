import type { JsonValue } from '@baton/core';
import { expect } from 'vitest';
import { readBrief } from '../src/source/brief.js';
import { ann, at, conversation, queries, repositoryOf } from './fuzz-conversation.js';

const bot = { __typename: 'Bot', login: 'dependabot', databaseId: 6 };
const last = { hasNextPage: false, endCursor: null };
const edited = (...edits: readonly JsonValue[]): JsonValue => ({ nodes: edits, pageInfo: last });
const edit = (minute: number, diff: string | null, editor: JsonValue = ann): JsonValue => ({
  editedAt: at(minute),
  diff,
  editor,
});
const comment = { body: 'So it is', createdAt: at(2), lastEditedAt: null, viewerDidAuthor: false, author: ann };
const event = (type: string, minute: number, more: { readonly [key: string]: JsonValue }): JsonValue => ({
  ...{ __typename: type, createdAt: at(minute), actor: ann },
  ...more,
});
const baton = { label: { name: 'Baton' } };
const told = (more: { readonly [key: string]: JsonValue }): JsonValue => ({
  repository: {
    issue: {
      ...{ title: 'Now', body: 'now', createdAt: at(0), lastEditedAt: null, userContentEdits: edited() },
      comments: { nodes: [comment, null, { ...comment, isMinimized: true }], pageInfo: last },
      timelineItems: { nodes: [event('LabeledEvent', 5, baton), null], pageInfo: last },
      ...more,
    },
  },
});
const labelled = [event('LabeledEvent', 1, baton), event('UnlabeledEvent', 2, baton), event('LabeledEvent', 5, baton)];
const assigned = [
  event('AssignedEvent', 3, { assignee: { login: 'Ann' } }),
  event('LabeledEvent', 4, baton),
  event('RenamedTitleEvent', 6, { previousTitle: 'Then' }),
];
export const briefs = conversation(
  'an issue is told as it stood when it was handed over, or not at all',
  [
    [told({})],
    [told({ lastEditedAt: at(9), userContentEdits: edited(edit(1, 'then'), edit(3, 'before'), edit(9, 'now', null)) })],
    [told({ lastEditedAt: at(9), userContentEdits: edited(edit(9, 'now', bot), edit(1, null)) })],
    [told({ lastEditedAt: at(9), userContentEdits: { nodes: [null, edit(9, 'x')], pageInfo: { hasNextPage: true } } })],
    [told({ lastEditedAt: at(9), userContentEdits: null }), told({ lastEditedAt: at(1) })],
    [told({ timelineItems: { nodes: labelled, pageInfo: last } })],
    [told({ timelineItems: { nodes: assigned, pageInfo: last } })],
    [told({ timelineItems: { nodes: [event('LabeledEvent', 5, { ...baton, actor: null })], pageInfo: last } })],
    [
      told({ comments: { nodes: [comment], pageInfo: { hasNextPage: true, endCursor: 'c1' } } }),
      told({ comments: { nodes: [{ ...comment, viewerDidAuthor: true }], pageInfo: last } }),
    ],
    [told({ timelineItems: { nodes: [], pageInfo: { hasNextPage: true, endCursor: 't1' } } })],
    [told({ comments: { nodes: [], pageInfo: { hasNextPage: true } } })],
    [{ repository: { issue: null } }],
    [{ repository: null }],
  ],
  async (_, answers) => {
    for (const query of queries) {
      const brief = await readBrief(repositoryOf(answers), 3, query);
      if (brief === null) continue;
      expect(['person', 'bot', 'self']).toContain(brief.trigger.actor.kind);
      for (const each of brief.comments) expect(each.at).toBeLessThan(brief.trigger.at);
      for (const each of brief.laterEdits) expect(Number.isFinite(each.at)).toBe(true);
    }
  },
);
