import { createManualClock } from '@baton/conformance';
import type { JsonValue } from '@baton/core';
import { expect } from 'vitest';
import { listNotes } from '../src/host/comments.js';
import { createOwnNotes } from '../src/host/own-notes.js';
import { issueShape, read } from '../src/host/shapes.js';
import { readBrief } from '../src/source/brief.js';
import { createKeptTexts } from '../src/source/text-snapshots.js';
import { ann, at, base, contextOf, issue, note, ours, queries, type Scene, scenes } from './fuzz-scenes.js';

const added = { id: 1, user: ann, created_at: at(5), action: 'add', label: { name: 'baton' } };
const renamed = { ...note, system: true, created_at: at(6), body: 'changed title from **Then** to **{+Now+}**' };
const described = { ...note, system: true, created_at: at(6), updated_at: at(6), body: 'changed the description' };
const touched = { ...note, id: 2, updated_at: at(8) };
const edit = {
  id: 'gid://gitlab/Note/2',
  createdAt: at(3),
  lastEditedAt: at(8),
  lastEditedBy: { id: 'gid://x/User/5', username: 'ann' },
};
const version = {
  ...{ id: 'gid://gitlab/Note/9', createdAt: at(1), lastEditedAt: null, lastEditedBy: null },
  systemNoteMetadata: { action: 'description', descriptionVersion: { description: 'then', diff: null } },
};
const history = (more: boolean, ...nodes: readonly JsonValue[]): JsonValue => ({
  issue: { notes: { nodes, pageInfo: { hasNextPage: more, endCursor: more ? 'e1' : null } } },
});
const brief: Scene = { ...base, 'issues.show': issue, 'issueLabelEvents.all': [added], 'issueNotes.all': [note] };

export const briefs = scenes(
  'an issue is told as it stood when it was handed over, or not at all',
  [
    brief,
    { ...brief, 'issueNotes.all': [note, renamed, { ...note, id: 4, author: { id: 7, username: 'baton' } }] },
    { ...brief, 'issueNotes.all': [described, touched], graphql: history(false, version, edit) },
    { ...brief, 'issueNotes.all': [described, { ...touched, internal: true }], graphql: null },
    { ...brief, 'issueNotes.all': [described], graphql: history(true, version) },
    { ...brief, 'issueNotes.all': [touched], graphql: history(false, { ...edit, lastEditedAt: at(4) }) },
    { ...brief, 'issueNotes.all': [touched], graphql: { issue: null } },
    {
      ...brief,
      'issueNotes.all': [described],
      graphql: history(false, version, { ...version, id: 'gid://x/Note/10' }),
    },
    {
      ...brief,
      'issueNotes.all': [{ ...renamed, body: 'changed title from **a** to **b**' }, described],
      graphql: null,
    },
    { ...brief, 'issueNotes.all': [{ ...renamed, body: 'changed title from x' }] },
    { ...brief, 'issueNotes.all': {} },
    { ...brief, 'issueLabelEvents.all': {} },
    { ...brief, 'issueLabelEvents.all': [] },
    { ...brief, 'issueLabelEvents.all': [{ ...added, user: null }] },
    { ...brief, 'users.show': 'gone' },
    { ...brief, 'issues.show': 'gone' },
    {
      ...brief,
      'issueLabelEvents.all': [],
      'issueNotes.all': [{ ...note, system: true, created_at: at(5), body: 'assigned to @ann' }],
    },
  ],
  async (api, scene) => {
    const { people } = contextOf();
    const clock = createManualClock();
    const show = async () => read(issueShape, await api.issues.show(3), 'an issue');
    const known = issueShape.safeParse(scene['issues.show']).data ?? null;
    const kept = createKeptTexts(null, (text) => text);
    const parts = { people, api, projectId: 1, kept, own: createOwnNotes(clock), log: () => {} };
    for (const query of queries) {
      for (const recent of [null, known && { ...known, updated_at: Number.MAX_SAFE_INTEGER }, known]) {
        const told = await ours(() => readBrief({ recent, show }, query, parts));
        if (told === null) continue;
        for (const each of told.comments) expect(each.at).toBeLessThanOrEqual(told.trigger.at);
        expect([typeof told.title, typeof told.body]).toEqual(['string', 'string']);
        expect(await kept.get(3, told.trigger.at - 1)).toBe(null);
      }
    }
    const notes = await ours(() => listNotes({ kind: 'issue', projectId: 1, iid: 3 }, api));
    if (notes !== null)
      expect(notes.every(({ created_at: each }, index) => each >= (notes[index - 1]?.created_at ?? each))).toBe(true);
    await ours(() => listNotes({ kind: 'merge request', projectId: 1, iid: 3 }, api));
  },
);
