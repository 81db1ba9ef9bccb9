import { fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import type { IssuePage, JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { listBlockers } from '../src/source/blockers.js';
import { issueShape } from '../src/source/map-issue.js';
import { pollIssues } from '../src/source/poll.js';
import { firstPosition, readCursor, writeCursor } from '../src/source/poll-cursor.js';
import { at, conversation, facts, queries, repositoryOf, user } from './fuzz-conversation.js';

const issue = {
  ...{ number: 3, id: 99, title: 'Fix', body: 'Blocked by #2, acme/api#4 and #3', user, state: 'open' },
  ...{ html_url: 'https://x/3', repository_url: 'https://api.github.com/repos/acme/shop', labels: [{ name: 'baton' }] },
  ...{ assignees: [{ id: 5, login: 'Ann' }], comments: 2, created_at: at(0), updated_at: at(1) },
};
const many = Array.from({ length: 100 }, (_, index): JsonValue => ({ ...issue, number: index + 1, body: null }));

export const issues = conversation(
  'a page of issues is read, each or none of it, with what blocks them',
  [
    [[issue], facts, { ...issue, state: 'closed' }, null],
    [
      [{ ...issue, issue_dependencies_summary: { total_blocked_by: 1 } }],
      facts,
      [{ ...issue, number: 8 }],
      issue,
      issue,
    ],
    [[{ ...issue, issue_dependencies_summary: { total_blocked_by: 1 } }], facts, [7], issue, issue],
    [[{ ...issue, body: 'Depends on: #5 and the rest' }, { number: 4 }, { ...issue, pull_request: {} }], facts],
    [[{ ...issue, body: '```\nBlocked by #9\n```\n<!-- requires #4 --> requires acme/shop#3 (us).' }], facts],
    [many, facts, many],
    [{ status: 200, data: [], headers: { etag: 'W/"1"' } }, { status: 304 }],
    [{ status: 304 }, { status: 200, data: [], headers: { etag: 'W/"1"', link: '<https://x>; rel="next"' } }, facts],
    [{ status: 200, data: 'none' }],
    [[], facts],
    [[{ number: { toString: 'x' } }, { number: null }], facts],
    [[{ ...issue, body: null }], facts, { status: 304 }],
    [[{ ...issue, issue_dependencies_summary: { total_blocked_by: 1 } }], facts, 'away'],
    [[{ ...issue, body: null, assignees: null }, 7], facts],
  ],
  async (_, answers) => {
    for (const query of [...queries, { labels: ['baton'], excludeLabels: ['BATON'], assignee: 'ann' }]) {
      const repository = repositoryOf(answers);
      let cursor: string | null = null;
      for (let turn = 0; turn < 4; turn += 1) {
        const page: IssuePage = await pollIssues(repository, query, cursor, () => {});
        cursor = page.cursor;
        expect(readCursor(query, cursor)).not.toBe(null);
        if (page.kind === 'unchanged') continue;
        expect(page.issues.every(({ key }) => /^acme\/shop#[1-9]\d*$/.test(key))).toBe(true);
      }
      const putOff = repositoryOf(answers, 60_000);
      expect((await pollIssues(putOff, query, cursor, () => {})).kind).toBe('unchanged');
      const refused = pollIssues(putOff, query, '{}', () => {});
      await expect(refused).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    }
    const parsed = issueShape.safeParse(Array.isArray(answers[0]) ? answers[0][0] : null);
    if (!parsed.success) return;
    const blockers = await listBlockers(repositoryOf(answers.slice(1)), parsed.data, {});
    expect(blockers.every(({ key }) => /#\d+$/.test(key))).toBe(true);
  },
);

const [query] = queries;
const position = { since: 5, page: 2, etag: 'W/"1"', before: 3, seen: [{ number: 3, revision: 'r', updatedAt: 5 }] };
const written = query === undefined ? '' : writeCursor(query, position);

export const cursors = fuzzed(
  'polling goes on where it was, or begins anew',
  fc.option(mutatedJson([JSON.parse(written)], 2)),
  (cursor) => {
    for (const each of queries) {
      const found = readCursor(each, cursor);
      if (found === null) continue;
      expect(found.page).toBeGreaterThan(0);
      expect(readCursor(each, writeCursor(each, found))).toEqual(found);
    }
    expect(firstPosition.since).toBe(null);
  },
  [null, '{', written],
);
