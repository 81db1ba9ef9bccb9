import { fuzzed, mutatedJson, mutatedText } from '@baton/conformance/fuzz';
import { BatonError, type IssueQuery, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { excerptOf } from '../src/forge/job-log.js';
import { mapMergeRequest, plainTitle, titleOf } from '../src/forge/pull-request.js';
import type { GitlabApi } from '../src/host/api.js';
import { mapFileError, mapRefusal, quote } from '../src/host/map-error.js';
import { escapeQuickActions, isSameText } from '../src/host/quick-actions.js';
import { issueNumberOf, keyOf, numberOf, placeOf } from '../src/host/reference.js';
import { issueShape, labelEventShape, mergeRequestShape, noteShape, read } from '../src/host/shapes.js';
import { readEditHistory } from '../src/source/description-history.js';
import { isTitleChange, titleBefore } from '../src/source/title-history.js';
import { triggerOf } from '../src/source/trigger.js';

const user = { id: 5, username: 'ann', name: 'Ann' };
const at = '2026-01-01T00:00:00.000Z';
const issue = {
  ...{ iid: 3, id: 9, title: 'New name', description: null, state: 'opened', author: user, assignees: [user] },
  ...{
    labels: ['baton', 'P1'],
    web_url: 'https://gitlab.example/acme/shop/-/issues/3',
    created_at: at,
    updated_at: at,
  },
};
const note = { id: 1, author: user, created_at: at, updated_at: at, system: true };
const handedOver: readonly JsonValue[] = [
  {
    issue,
    events: [
      { id: 1, user, created_at: at, action: 'add', label: { name: 'baton' } },
      { id: 2, user: null, created_at: at, action: 'remove', label: null },
    ],
    notes: [
      { ...note, body: 'assigned to @ann, @bob, and @eve and unassigned @dan' },
      { ...note, body: 'removed assignee' },
      { ...note, body: 'unassigned @ann' },
      { ...note, body: 'changed title from **Old{- name-}** to **{+New+} name**' },
      { ...note, system: false, body: 'assigned to @ann' },
    ],
  },
  {
    issue: { ...issue, assignees: [user, { ...user, username: 'bob' }] },
    events: [{ id: 1, user, created_at: at, action: 'add', label: { name: 'BATON' } }],
    notes: [{ ...note, body: 'assigned to @ann' }],
  },
  { issue: { ...issue, labels: [] }, events: [], notes: [{ ...note, body: 'changed title from x' }] },
];
const told = mutatedJson(handedOver, 3);
const queries: readonly IssueQuery[] = [
  { labels: ['baton'], excludeLabels: [], assignee: null },
  { labels: [], excludeLabels: [], assignee: 'ann' },
  { labels: ['baton'], excludeLabels: [], assignee: 'bob' },
  { labels: ['baton'], excludeLabels: [], assignee: 'ann' },
];

export const triggers = fuzzed(
  'who set an issue going is told beyond doubt, or not',
  told,
  (text) => {
    try {
      const { issue: found, events, notes } = Object(JSON.parse(text));
      const parsed = read(issueShape, found, 'an issue');
      const history = {
        events: read(labelEventShape.array(), events, 'events'),
        notes: read(noteShape.array(), notes, 'notes'),
      };
      for (const query of queries) {
        const trigger = triggerOf(parsed, query, history);
        if (trigger?.kind === 'assignment')
          expect(history.notes.some(({ system, author }) => system && author?.id === trigger.user.id)).toBe(true);
      }
      const changes = history.notes.filter(isTitleChange);
      expect(titleBefore(parsed.title, changes) ?? '').toBeTypeOf('string');
    } catch (error) {
      if (!BatonError.is(error, 'PROTOCOL_VIOLATION')) throw error;
      expect(error.message).not.toMatch(/\p{Cc}/u);
    }
  },
  handedOver.map((each) => JSON.stringify(each)),
);

const merge = mutatedJson(
  [
    {
      ...{
        iid: 4,
        title: 'Draft: x',
        state: 'opened',
        draft: true,
        source_branch: 'a',
        target_branch: 'main',
        sha: 'b',
      },
      ...{ labels: [], web_url: 'https://x', updated_at: at, has_conflicts: false, merge_status: 'can_be_merged' },
      head_pipeline: { id: 1, status: 'failed', sha: 'b', source: 'push' },
    },
    {
      ...{ iid: 5, title: 'x', state: 'merged', work_in_progress: false, source_branch: 'a', target_branch: 'main' },
      ...{ labels: [], web_url: 'https://x', updated_at: at, has_conflicts: true, detailed_merge_status: 'conflict' },
    },
    {
      iid: 6,
      title: 'x',
      state: 'closed',
      source_branch: 'a',
      target_branch: 'm',
      labels: [],
      web_url: '',
      updated_at: at,
    },
  ],
  2,
);

export const merges = fuzzed('a merge request is read whole, or told as none', merge, (text) => {
  const parsed = mergeRequestShape.safeParse(JSON.parse(text));
  if (!parsed.success) return;
  const { state, mergeable, draft } = mapMergeRequest(parsed.data);
  expect(['open', 'merged', 'closed']).toContain(state.unified);
  expect(['yes', 'conflict', 'unknown']).toContain(mergeable);
  expect(draft).toBeTypeOf('boolean');
});

const html =
  '<span class="idiff left right deletion">old &lt;b&gt;</span><span class="idiff">same &amp; &quot;x&quot;</span><span class="idiff addition">new</span>';
const version = (id: number, description: string | null, diff: string | null) => ({
  ...{
    id: `gid://gitlab/Note/${id}`,
    createdAt: at,
    lastEditedAt: at,
    lastEditedBy: { id: 'gid://gitlab/User/5', username: 'ann' },
  },
  systemNoteMetadata: { action: 'description', descriptionVersion: { description, diff } },
});
const histories: readonly JsonValue[] = [
  {
    issue: {
      notes: { nodes: [version(1, 'same & "x"new', html)], pageInfo: { hasNextPage: false, endCursor: null } },
    },
  },
  {
    issue: {
      notes: {
        nodes: [
          { ...version(2, null, html.repeat(3)), lastEditedAt: null },
          { id: 'x', createdAt: at, lastEditedBy: null },
          { ...version(4, 'x', null), lastEditedBy: null },
        ],
        pageInfo: { hasNextPage: true, endCursor: 'x' },
      },
    },
  },
  { issue: null },
  {
    issue: {
      notes: { nodes: [version(1, 'x', '<span class="a">b</span>'.repeat(500))], pageInfo: { hasNextPage: false } },
    },
  },
  ...[`x${html}`, html.replace('&amp;', '&'), '<span class="idiff deletion">old</span>'].map((diff) => ({
    issue: { notes: { nodes: [version(1, null, diff), version(2, null, diff)], pageInfo: { hasNextPage: false } } },
  })),
  { issue: { notes: { nodes: [version(1, 'x', html)], pageInfo: { hasNextPage: true } } } },
];
const history = mutatedJson(histories, 2);

export const edits = fuzzed(
  'an earlier text is told beyond doubt, or not',
  fc.record({ history, lacks: fc.integer({ min: 0, max: 30 }) }),
  async (each) => {
    const graphql = async (): Promise<unknown> => (each.lacks === 0 ? null : JSON.parse(each.history));
    try {
      // The one call that is made.
      const found = await readEditHistory(9, { graphql } as Partial<GitlabApi> as GitlabApi);
      for (const instant of [0, Date.parse(at), Number.MAX_VALUE])
        expect(found.descriptionAt(instant) ?? '').toBeTypeOf('string');
      for (const id of [1, 2, 4, 99]) {
        const edit = found.editOf(id);
        if (edit !== null && edit !== 'unknown') expect(edit.at).toBeTypeOf('number');
      }
    } catch (error) {
      if (!BatonError.is(error, 'PROTOCOL_VIOLATION')) throw error;
    }
  },
  [0, 1].flatMap((lacks) => histories.map((each) => ({ history: JSON.stringify(each), lacks }))),
);

const words = mutatedText(
  [
    ...[
      '0',
      '12',
      '#12',
      'acme/shop#12',
      'other/shop#3',
      'https://gitlab.example/acme/shop/-/issues/12',
      'https://gitlab.example/acme/shop/-/work_items/4/',
    ],
    ...[
      'P1',
      'priority::constructor',
      'prio/high',
      'p-2',
      'Draft: [draft] x',
      '(DRAFT)x',
      'text\n/close\n  /label ~x\r\n',
    ],
    '\u001b[0Ksection_start:1:x\rjob\u001b[31m failed\u001b[0m\rover\nsection_end:1:x\r\n\n\n\nend',
  ],
  [
    '/',
    '#',
    '\n',
    '\r',
    ' ',
    '[draft]',
    'draft:',
    '::',
    '\u001b[',
    '9'.repeat(12),
    'section_start:1:',
    'https://',
    '\ud83d\ude00'.repeat(1_500),
    '\t',
  ],
  3,
);

export const texts = fuzzed('what people write is read for what it says', words, (each) => {
  const place = { baseUrl: 'https://gitlab.example', paths: ['acme/shop'] };
  const number = issueNumberOf(each, place);
  if (number !== null) expect(keyOf('acme/shop', number)).toMatch(/^acme\/shop#[1-9]\d{0,8}$/);
  expect(numberOf(each) ?? 1).toBeGreaterThan(0);
  expect(placeOf(each, 'https://gitlab.example/sub/')).toBe(null);
  expect(escapeQuickActions(each)).not.toMatch(/(^|[\r\n])[^\S\r\n]*\//);
  expect(isSameText(each, each.replaceAll('\n', '\r\n'))).toBeTypeOf('boolean');
  const trace = excerptOf(each, (text) => text);
  expect(trace).not.toMatch(/[^\P{Cc}\n\t]/u);
  expect(trace.length).toBeLessThanOrEqual(4_001);
  const title = titleOf({ title: `${each.slice(0, 200)}x`, draft: each.length % 2 === 0 });
  expect(plainTitle(title) !== title).toBe(each.length % 2 === 0);
  expect(quote(each).isWellFormed()).toBe(true);
});

const body = fc.oneof(
  mutatedJson(
    [
      { message: '404 Project Not Found' },
      { message: { base: ['is taken'] } },
      { error: 'insufficient_scope' },
      { error: null },
      [],
    ],
    1,
  ),
  fc.constantFrom('', '<html>', 'null', '7'),
);
const wait = fc.constantFrom('30', '-5', 'soon', 'Fri, 15 Jan 2027 09:00:00 GMT', '1800000100', '');
const now = 1_800_000_000_000;

export const failures = fuzzed(
  'a refusal becomes one that Baton knows',
  fc.record({
    body,
    status: fc.constantFrom(400, 401, 403, 404, 405, 409, 410, 418, 422, 429, 429, 429, 500, 503),
    after: fc.option(wait),
    reset: fc.option(wait),
  }),
  ({ body: answered, status, after, reset }) => {
    const headers = new Headers({
      ...(after === null ? {} : { 'retry-after': after }),
      ...(reset === null ? {} : { 'ratelimit-reset': reset }),
    });
    const error = mapRefusal({ status, headers, body: answered, request: 'GET /x', now });
    expect(error.message).not.toMatch(/\p{Cc}/u);
    const full = status === 418 ? { code: 'ENOSPC' } : status === 400 ? {} : { code: 'EIO' };
    expect(mapFileError(Object.assign(new Error(answered), full), 'x').message).toContain('x');
    if (!BatonError.is(error, 'RATE_LIMITED')) return;
    expect(error.details.retryAt).toBeGreaterThan(now);
    expect(error.details.retryAt).toBeLessThanOrEqual(now + 86_400_000);
  },
);
