import { fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import type { IssuePage, JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { issueShape } from '../src/host/shapes.js';
import { mapIssue } from '../src/source/map-issue.js';
import { pollIssues } from '../src/source/poll.js';
import { readCursor, writeCursor } from '../src/source/poll-cursor.js';
import { ann, at, base, contextOf, issue, ours, queries, scenes } from './fuzz-scenes.js';

const link = { iid: 4, project_id: 1, state: 'opened', link_type: 'is_blocked_by', web_url: null };
const abroad = { ...link, project_id: 2, web_url: 'https://gitlab.example/acme/api/-/issues/4' };
const many = Array.from({ length: 100 }, (_, index): JsonValue => ({ ...issue, iid: index + 1, weight: 1 }));

export const issues = scenes(
  'a page of issues is read, each or none of it, with what blocks them',
  [
    { ...base, 'issues.all': [issue], 'issueLinks.all': [link, abroad, { ...link, link_type: 'relates_to' }] },
    { ...base, 'issues.all': [issue, 7, { iid: 5, updated_at: at(2) }], 'issueLinks.all': [7], 'users.show': 'gone' },
    {
      ...base,
      'issues.all': [
        { ...issue, confidential: true, author: { ...ann, username: 'ghost', name: 'Ghost User' }, moved_to_id: 8 },
        { ...issue, iid: 4, state: 'closed', assignees: null, description: null },
        { ...issue, iid: 6, author: { id: 7, username: 'baton' }, labels: [], issue_type: 'incident' },
      ],
      'issueLinks.all': {},
    },
    { ...base, 'issues.all': many, 'issueLinks.all': [{ ...abroad, web_url: 'x' }] },
    { ...base, 'issues.all': [issue], 'issueLinks.all': 'gone' },
    { ...base, 'issues.all': [issue], 'issueLinks.all': 'denied' },
    { ...base, 'issues.all': [{ ...issue, updated_at: '+275760-09-13T00:00:00.000Z' }], 'issueLinks.all': [] },
    { ...base, 'issues.all': [], 'projects.show': { id: 1, path_with_namespace: 'acme/shop', visibility: 'public' } },
    { ...base, 'issues.all': {} },
    {
      ...base,
      'issues.all': [{ ...issue, assignees: null, description: null, user_notes_count: null }],
      'issueLinks.all': [],
      'projects.show': { id: 1, path_with_namespace: 'acme/shop', visibility: 'public' },
    },
    {
      ...base,
      'issues.all': [issue],
      'users.show': { ...ann, bot: true },
      'projects.show': { id: 1, path_with_namespace: '\n' },
    },
  ],
  async (api, scene) => {
    for (const query of queries) {
      const parts = contextOf();
      let cursor: string | null = null;
      for (let turn = 0; turn < 3; turn += 1) {
        const page: IssuePage | null = await ours(() => pollIssues(parts, query, cursor, { list: api, look: api }));
        if (page === null) break;
        cursor = page.cursor;
        if (page.kind === 'unchanged') continue;
        expect(page.issues.every(({ key }) => /^acme\/shop#[1-9]\d*$/.test(key))).toBe(true);
      }
    }
    const all = scene['issues.all'];
    const parsed = issueShape.safeParse(Array.isArray(all) ? all[0] : null);
    if (!parsed.success) return;
    const context = contextOf();
    const first = await mapIssue(parsed.data, context, api);
    const again = await mapIssue(parsed.data, context, api, { takesRecent: true });
    expect(again.revision).toBe(first.revision);
    expect(['public', 'members', 'private']).toContain(first.visibility);
  },
);

const [query] = queries;
const position = { since: 5, page: 2, floor: null, seen: { 3: '5' } };
const written = query === undefined ? '' : writeCursor(query, position);

export const cursors = fuzzed(
  'polling goes on where it was, or begins anew',
  fc.option(mutatedJson([JSON.parse(written)], 2)),
  (cursor) => {
    for (const each of queries) {
      const found = readCursor(each, cursor);
      expect(found.page).toBeGreaterThan(0);
      expect(readCursor(each, writeCursor(each, found))).toEqual(found);
    }
  },
  [null, '{', written],
);
