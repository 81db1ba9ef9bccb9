import { createManualClock } from '@baton/conformance';
import { type FuzzedParser, fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import { BatonError, type IssuePage, type IssueQuery, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { readChecks } from '../src/forge/checks.js';
import { readFeedback } from '../src/forge/feedback.js';
import { createMergeRequestWatch } from '../src/forge/observe.js';
import { createPeople } from '../src/host/actor.js';
import type { GitlabApi } from '../src/host/api.js';
import { listNotes } from '../src/host/comments.js';
import { createOwnNotes } from '../src/host/own-notes.js';
import { createProject } from '../src/host/repository.js';
import { issueShape, mergeRequestShape, read } from '../src/host/shapes.js';
import { readBrief } from '../src/source/brief.js';
import { mapIssue } from '../src/source/map-issue.js';
import { pollIssues } from '../src/source/poll.js';
import { readCursor, writeCursor } from '../src/source/poll-cursor.js';
import { createRecentIssues } from '../src/source/recent-issues.js';
import { createKeptTexts } from '../src/source/text-snapshots.js';

/** What GitLab answers, by what is asked: `gone` and `denied` are its refusals. */
type Scene = { readonly [asked: string]: JsonValue };

const mostRequests = 2_000;

function apiOf(scene: Scene): GitlabApi {
  let asked = 0;
  const answer = async (name: string): Promise<JsonValue> => {
    asked += 1;
    if (asked > mostRequests) throw new Error('It asks without an end.');
    const told = Object.hasOwn(scene, name) ? (scene[name] ?? null) : null;
    if (told === 'gone') throw new BatonError('NOT_FOUND', 'There is none.', { details: { resource: name } });
    if (told === 'denied') throw new BatonError('PERMISSION_DENIED', 'It may not.', { details: { resource: name } });
    return told;
  };
  const part = (name: string): unknown =>
    name === 'graphql'
      ? () => answer(name)
      : new Proxy({}, { get: (_, method) => () => answer(`${name}.${String(method)}`) });
  // Every part of it is a call that answers: reading uses no other.
  return new Proxy({}, { get: (_, name) => part(String(name)) }) as GitlabApi;
}

function contextOf() {
  const clock = createManualClock();
  const project = createProject('acme/shop');
  const people = createPeople(project, clock);
  const recent = createRecentIssues(clock);
  return { clock, project, people, recent, baseUrl: 'https://gitlab.example', log: () => {} };
}

function scenes(
  name: string,
  samples: readonly Scene[],
  readScene: (api: GitlabApi, scene: Scene) => Promise<void>,
): FuzzedParser {
  return fuzzed(
    name,
    mutatedJson(samples, 3),
    async (text) => {
      const scene: Scene = Object(JSON.parse(text));
      await ours(() => readScene(apiOf(scene), scene));
    },
    samples.map((each) => JSON.stringify(each)),
  );
}

/** Null where it was refused in our words. */
async function ours<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (!BatonError.is(error)) throw error;
    expect(error.message).not.toMatch(/\p{Cc}/u);
    return null;
  }
}

const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
const ann = { id: 5, username: 'ann', name: 'Ann' };
const base: Scene = {
  'projects.show': { id: 1, path_with_namespace: 'acme/shop', visibility: 'private', default_branch: 'main' },
  'users.showCurrentUser': { id: 7, username: 'baton' },
  'users.show': { ...ann, bot: false },
};
const issue = {
  ...{ iid: 3, id: 9, title: 'Now', description: 'now', state: 'opened', author: ann, assignees: [ann] },
  ...{ labels: ['Baton', 'P1'], web_url: 'https://gitlab.example/acme/shop/-/issues/3', weight: null },
  ...{ issue_type: 'issue', user_notes_count: 1, created_at: at(0), updated_at: at(1) },
};
const link = { iid: 4, project_id: 1, state: 'opened', link_type: 'is_blocked_by', web_url: null };
const abroad = { ...link, project_id: 2, web_url: 'https://gitlab.example/acme/api/-/issues/4' };
const queries: readonly IssueQuery[] = [
  { labels: ['baton'], excludeLabels: ['hold'], assignee: null },
  { labels: [], excludeLabels: [], assignee: 'ANN' },
];
const many = Array.from({ length: 100 }, (_, index): JsonValue => ({ ...issue, iid: index + 1, weight: 1 }));

const issues = scenes(
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

const note = { id: 1, author: ann, created_at: at(3), updated_at: at(3), system: false, body: 'So it is' };
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

const briefs = scenes(
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

const pipeline = { id: 11, status: 'failed', sha: 'b', source: 'push', web_url: 'https://x/11', updated_at: at(2) };
const merge = {
  ...{ iid: 4, title: 'Draft: x', state: 'opened', draft: true, source_branch: 'a', target_branch: 'main', sha: 'b' },
  ...{ labels: [], web_url: 'https://x', updated_at: at(1), has_conflicts: false, merge_status: 'can_be_merged' },
  head_pipeline: pipeline,
};
const job = { id: 21, name: 'test', status: 'failed', allow_failure: false, web_url: 'https://x/21' };
const bridge = { ...job, id: 31, name: 'child', downstream_pipeline: { id: 12, project_id: null, status: 'failed' } };
const status = { id: 41, name: 'outside', status: 'failed', target_url: null, description: 'No.' };
const discussion = (...notes: readonly JsonValue[]): JsonValue => ({ id: 'd', notes });
const words = { ...note, body: 'Please', resolved: false };
const observation: Scene = {
  ...base,
  ...{ 'mergeRequests.show': merge, 'mergeRequests.all': [merge, { ...merge, iid: 5, state: 'merged' }] },
  ...{
    'jobs.all': [job],
    'jobs.allPipelineBridges': [],
    'jobs.showLog': 'line\nfailed',
    'commits.allStatuses': [status],
  },
  'pipelines.all': [{ ...pipeline, ref: 'a' }],
  'mergeRequestDiscussions.all': [discussion(words)],
};
const withPipeline = (more: Scene): Scene => ({
  ...observation,
  'mergeRequests.show': { ...merge, head_pipeline: { ...pipeline, ...more } },
});
const headPipeline = (id: string): JsonValue => ({ mergeRequest: { headPipeline: { id } } });
const ofMergedResult: Scene = {
  ...observation,
  'mergeRequests.show': {
    ...merge,
    id: 40,
    head_pipeline: { ...pipeline, sha: 'other', source: 'merge_request_event' },
  },
};
const system = (id: number, body: string, minute = 3): JsonValue => ({
  ...{ ...note, id, body, system: true },
  ...{ created_at: at(minute), updated_at: at(minute) },
});

const merges = scenes(
  'a merge request is observed as it is, with the checks of its head alone',
  [
    observation,
    {
      ...observation,
      'jobs.all': Array.from({ length: 7 }, (_, index) => ({ ...job, id: index + 1 })),
      'jobs.showLog': 'gone',
    },
    {
      ...observation,
      'jobs.all': [],
      'jobs.allPipelineBridges': [bridge, { ...bridge, id: 32, downstream_pipeline: null }],
    },
    { ...observation, 'jobs.all': [{ ...job, status: 'running' }], 'commits.allStatuses': 'denied' },
    { ...observation, 'jobs.all': [{ ...job, status: 'success' }], 'commits.allStatuses': {} },
    {
      ...observation,
      'jobs.all': [
        { ...job, web_url: null },
        { ...job, allow_failure: true },
      ],
      'jobs.showLog': {},
    },
    {
      ...withPipeline({ status: 'failed', yaml_errors: 'bad', web_url: null }),
      'jobs.all': [],
      'commits.allStatuses': [],
    },
    { ...withPipeline({ status: 'failed', web_url: null }), 'jobs.all': [], 'commits.allStatuses': [] },
    {
      ...withPipeline({ status: 'canceled' }),
      'jobs.all': [{ ...job, status: 'canceled' }],
      'commits.allStatuses': [],
    },
    {
      ...withPipeline({ status: 'manual' }),
      'jobs.all': [{ ...job, status: 'manual', allow_failure: true }],
      'commits.allStatuses': [],
    },
    withPipeline({ status: 'success' }),
    withPipeline({ status: 'skipped', updated_at: null }),
    withPipeline({ status: 'constructor' }),
    withPipeline({ sha: 'other' }),
    withPipeline({ sha: 'other', source: 'merge_request_event' }),
    ...[headPipeline('gid://gitlab/Ci::Pipeline/11'), headPipeline('x'), { mergeRequest: null }, null, 'gone'].map(
      (graphql) => ({ ...ofMergedResult, graphql }),
    ),
    { ...observation, 'pipelines.all': [] },
    { ...observation, 'pipelines.all': 'denied' },
    { ...observation, 'mergeRequests.show': { ...merge, head_pipeline: null, sha: null, source_project_id: 2 } },
    {
      ...observation,
      'mergeRequestDiscussions.all': [
        discussion(words, {
          ...words,
          id: 2,
          created_at: at(2),
          position: { new_path: 'a', new_line: 3, head_sha: 'b' },
        }),
        discussion({ ...words, id: 3, resolved: true, position: { new_path: null, old_path: 'b' } }),
        discussion({ ...words, id: 9, position: { new_path: 'a', new_line: 3, head_sha: 'older' } }),
        discussion({ ...words, id: 4, internal: true }, { ...words, id: 5 }),
        discussion(system(6, 'approved this merge request'), system(7, 'requested changes')),
        discussion(system(8, 'unapproved this merge request', 4), {
          ...words,
          id: 9,
          author: { id: 7, username: 'baton' },
        }),
      ],
    },
    { ...observation, 'mergeRequestDiscussions.all': [discussion(system(6, 'approved this merge request', 9))] },
    { ...observation, 'mergeRequestDiscussions.all': [discussion({ ...words, id: 3, position: { old_path: 'b' } })] },
    { ...observation, 'mergeRequestDiscussions.all': {} },
    { ...observation, 'pipelines.all': 'denied' },
    {
      ...observation,
      'pipelines.all': [
        { ...pipeline, sha: 'z', ref: null },
        { ...pipeline, id: 12, sha: 'z', ref: 'refs/merge-requests/4/head' },
      ],
    },
    {
      ...observation,
      'mergeRequests.all': [{ ...merge, has_conflicts: null, merge_status: 'checking' }],
      'mergeRequests.show': { ...merge, has_conflicts: null, merge_status: 'checking' },
    },
    { ...observation, 'mergeRequests.all': {}, 'mergeRequests.show': 'gone', 'pipelines.all': {} },
    { ...observation, 'mergeRequestDiscussions.all': [discussion({ ...words, body: 'x'.repeat(100_001) })] },
  ],
  async (api, scene) => {
    const { clock, project, people } = contextOf();
    const watch = createMergeRequestWatch({ project, people, clock, mask: (text) => text });
    const looks = ['4', '5', 'x'].map((id) => ({ id, cursor: null as string | null }));
    const one = looks.slice(0, 1);
    const turns = [[], one, one, one, looks.slice(2), looks, looks, looks, looks];
    for (const [turn, requests] of turns.entries()) {
      clock.advance(turn === turns.length - 1 ? 1 : 400_000);
      const seen = (await ours(() => watch.observe(requests, api))) ?? [];
      for (const [index, each] of seen.entries()) {
        const asked = looks[index];
        if (each === null || asked === undefined) continue;
        expect(['none', 'pending', 'passed', 'failed']).toContain(each.checks.state);
        expect(each.checks.failures.length > 0).toBe(each.checks.state === 'failed');
        if (requests.length > 1) looks[index] = { ...asked, cursor: turn === turns.length - 2 ? 'other' : each.cursor };
      }
    }
    const parsed = mergeRequestShape.safeParse(scene['mergeRequests.show']);
    if (parsed.success) await ours(() => readChecks(parsed.data, { api, projectId: 1, mask: (text) => text }));
    for (const cursor of [null, '{', '{"1":"x"}']) {
      const head = { iid: 4, sha: cursor === null ? 'b' : null };
      const said = await ours(() => readFeedback(head, cursor, { api, people, projectId: 1 }));
      if (said === null) continue;
      const again = await readFeedback(head, said.cursor, { api, people, projectId: 1 });
      expect([again.feedback, again.cursor]).toEqual([[], said.cursor]);
    }
  },
);

const member = { id: 5, access_level: 30, state: 'active', membership_state: 'active', expires_at: null };
const accounts = scenes(
  'an account, and what it may do, are as they are told, or refused',
  [
    { ...base, 'projectMembers.show': member, 'users.all': [{ ...ann, username: 'ANN' }] },
    { ...base, 'projectMembers.show': { ...member, access_level: 50 }, 'users.all': [] },
    {
      ...base,
      'projectMembers.show': { ...member, access_level: 20, expires_at: '2099-01-01' },
      'users.all': [{ id: 7, username: 'ann' }],
    },
    {
      ...base,
      'projectMembers.show': { ...member, access_level: 5, state: null, membership_state: null },
      'users.show': 'gone',
    },
    {
      ...base,
      'projectMembers.show': { ...member, expires_at: '2020-01-01' },
      'users.show': 'denied',
      'users.all': [ann],
    },
    {
      ...base,
      'projectMembers.show': { ...member, state: 'blocked' },
      'users.show': { ...ann, bot: true },
      'users.all': [ann],
    },
    {
      ...base,
      'projectMembers.show': { ...member, membership_state: 'awaiting' },
      'users.show': { ...ann, username: 'ghost7', name: null },
    },
    { ...base, 'projectMembers.show': 'gone' },
    { ...base, 'projectMembers.show': 'denied', 'users.all': [{ ...ann, username: 'ghost', name: 'Ann' }] },
    { ...base, 'projectMembers.show': member, 'projects.show': 'gone' },
    { ...base, 'projects.show': 'denied' },
  ],
  async (api) => {
    const { project, people } = contextOf();
    const may = await ours(() => people.permission({ id: '5', login: 'ann', kind: 'person' }, api));
    if (may !== null) expect(['admin', 'write', 'read', 'none']).toContain(may);
    for (const reference of ['ann', '5', '5', ' ']) {
      const found = await ours(() => people.find(reference, api));
      if (found !== null) expect(found.kind === 'self').toBe(found.id === (await people.self(api)).id);
    }
    for (const told of [() => project.path(api), () => project.isPublic(api), () => project.isPublic(api)])
      await ours<unknown>(told);
  },
);

const [query] = queries;
const position = { since: 5, page: 2, floor: null, seen: { 3: '5' } };
const written = query === undefined ? '' : writeCursor(query, position);

const cursors = fuzzed(
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

export const reads: readonly FuzzedParser[] = [issues, briefs, merges, accounts, cursors];
