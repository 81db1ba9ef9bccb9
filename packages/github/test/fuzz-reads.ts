import { createManualClock } from '@baton/conformance';
import { type FuzzedParser, fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import { BatonError, type IssuePage, type IssueQuery, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { readAllChecks } from '../src/forge/all-checks.js';
import { createEarlierPages } from '../src/forge/earlier-pages.js';
import { createWordsCache, listSayings, toFeedback } from '../src/forge/feedback.js';
import { readLastHand } from '../src/forge/last-editor.js';
import { observePulls } from '../src/forge/observe.js';
import { observedShape } from '../src/forge/observe-query.js';
import { fromRestPull, listPullsOfHead } from '../src/forge/pull-request.js';
import { createSelfLookup } from '../src/host/actor.js';
import type { GithubClient } from '../src/host/client.js';
import { misshapen } from '../src/host/map-error.js';
import { readLook } from '../src/host/probes/change-probe-query.js';
import { readPullLook } from '../src/host/probes/pull-request-probe-query.js';
import { createRepository, type Repository } from '../src/host/repository.js';
import { listBlockers } from '../src/source/blockers.js';
import { readBrief } from '../src/source/brief.js';
import { issueShape } from '../src/source/map-issue.js';
import { pollIssues } from '../src/source/poll.js';
import { firstPosition, readCursor, writeCursor } from '../src/source/poll-cursor.js';

const self = { id: '7', login: 'baton' };
const place = { owner: 'acme', name: 'shop' };
/** Of what is read in pages none has so many here. */
const mostRequests = 40;

/** Answers in turn, whatever was asked for, and the last for ever. As the real client has them. */
function answering(answers: readonly JsonValue[], retryAt: number | null = null): GithubClient {
  let asked = 0;
  const next = (): JsonValue => {
    asked += 1;
    if (asked > mostRequests) throw new Error('It asks without an end.');
    const answer = answers[Math.min(asked, answers.length) - 1] ?? null;
    if (answer === 'away') throw new BatonError('UNAVAILABLE', 'GitHub is away.', { details: {} });
    return answer;
  };
  const client: Partial<GithubClient> = {
    async graphql(_, __, shape, { what }) {
      const parsed = shape.safeParse(next());
      if (parsed.success) return parsed.data;
      throw misshapen(what, 'odd');
    },
    async get(_, __, shape, { what }) {
      const answer = next();
      if (answer === null) return null;
      const parsed = shape.safeParse(answer);
      if (parsed.success) return parsed.data;
      throw misshapen(what, 'odd');
    },
    async list(_, __, { what }) {
      const answer = next();
      if (Array.isArray(answer)) return answer;
      throw misshapen(what, 'no list');
    },
    async request() {
      const answer = next();
      const told = typeof answer === 'object' && answer !== null && 'status' in answer ? answer : { data: answer };
      const { status: said, data = null, headers = {} } = Object(told);
      const status = Number.isInteger(said) ? said : 200;
      // What is no success comes as its message.
      return { status, data: status < 400 ? data : JSON.stringify(data), headers: Object(headers) };
    },
    gateway: { admitPoll: () => retryAt } as Partial<GithubClient['gateway']> as GithubClient['gateway'],
  };
  // Whatever else a client does isn't reading.
  return client as GithubClient;
}

function repositoryOf(answers: readonly JsonValue[], retryAt: number | null = null): Repository {
  const clock = createManualClock();
  const still = {
    async repositories() {
      clock.advance(61_000);
      return { print: 'the same' };
    },
    pulls: async () => null,
  };
  return createRepository(answering(answers, retryAt), async () => self, still, place, clock);
}

/** What one read makes of a conversation: a result, or one of our errors. */
function conversation(
  name: string,
  samples: readonly (readonly JsonValue[])[],
  read: (repository: Repository, answers: readonly JsonValue[]) => Promise<void>,
): FuzzedParser {
  return fuzzed(
    name,
    mutatedJson(samples, 3),
    async (text) => {
      const told: unknown = JSON.parse(text);
      const answers: readonly JsonValue[] = Array.isArray(told) && told.length > 0 ? told : [null];
      try {
        await read(repositoryOf(answers), answers);
      } catch (error) {
        if (!BatonError.is(error)) throw error;
        expect(error.message.isWellFormed()).toBe(true);
        expect(error.message).not.toMatch(/\p{Cc}/u);
      }
    },
    samples.map((sample) => JSON.stringify(sample)),
  );
}

const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;
const ann = { __typename: 'User', login: 'ann', databaseId: 5 };
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
const queries: readonly IssueQuery[] = [
  { labels: ['baton'], excludeLabels: [], assignee: null },
  { labels: ['baton'], excludeLabels: [], assignee: 'ann' },
  { labels: [], excludeLabels: [], assignee: 'ann' },
];

const briefs = conversation(
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

const hand = (...nodes: readonly JsonValue[]): JsonValue => ({
  repository: { pullRequest: { timelineItems: { nodes } } },
});
const user = { id: 7, login: 'baton', type: 'Bot' };
const pull = {
  ...{ node_id: 'PR_1', number: 3, html_url: 'https://x/3', state: 'open', merged_at: null, draft: false, title: 'x' },
  ...{ body: null, user, labels: [{ name: 'a' }], head: { ref: 'a', sha: 'b', repo: { full_name: 'acme/shop' } } },
  base: { ref: 'main', repo: { full_name: 'acme/shop' } },
};
const facts = { full_name: 'acme/shop', private: false, default_branch: 'main' };

const hands = conversation(
  'who set title and draft last is told, and pull requests of a branch are its own',
  [
    [facts, [pull, { ...pull, number: 4, head: { ...pull.head, repo: null } }], hand()],
    [
      facts,
      [pull, { ...pull, state: 'closed', merged_at: at(1), user: null }],
      hand(null, { __typename: 'RenamedTitleEvent', actor: ann }),
    ],
    [facts, [{ ...pull, state: 'closed' }], hand({ __typename: 'ReadyForReviewEvent', actor: null })],
    [facts, [pull], { repository: null }],
    [facts, [pull], { repository: { pullRequest: null } }],
    [facts, [7]],
    [null],
  ],
  async (repository) => {
    for (const each of await listPullsOfHead(repository, 'a')) {
      expect([each.head.ref, each.head.repo?.full_name]).toEqual(['a', each.base.repo.full_name]);
      expect(['open', 'merged', 'closed']).toContain(fromRestPull(each).state.unified);
      const { title, draft } = await readLastHand(repository, each);
      expect([typeof title, typeof draft]).toEqual(['boolean', 'boolean']);
    }
  },
);

const one = { hasPreviousPage: false, startCursor: null };
const more = { hasPreviousPage: true, startCursor: 's1' };
const saying = { id: 'IC_1', lastEditedAt: null, viewerDidAuthor: false, isMinimized: false };
const check = { __typename: 'CheckRun', databaseId: 12, name: 'test', conclusion: 'FAILURE' };
const rollup = (pageInfo: JsonValue, oid: string | null = 'b', state = 'FAILURE'): JsonValue => ({
  nodes: [{ commit: { oid, statusCheckRollup: { state, contexts: { nodes: [check], pageInfo } } } }],
});
const observed = {
  ...{ id: 'PR_1', number: 3, url: 'https://x/3', state: 'OPEN', isDraft: true, headRefName: 'a', headRefOid: 'b' },
  ...{ baseRefName: 'main', mergeable: 'MERGEABLE', updatedAt: at(1) },
  comments: { nodes: [saying], pageInfo: one },
  reviews: { nodes: [{ ...saying, id: 'R_1', state: 'APPROVED' }], pageInfo: one },
  reviewThreads: { nodes: [], pageInfo: one },
  commits: rollup(null),
};
const whole = (of: JsonValue): JsonValue => ({ repository: { p3: of } });
const words = {
  nodes: [
    { id: 'IC_1', body: 'Please', createdAt: at(3), author: ann },
    null,
    { id: 'R_1', body: ' ', createdAt: at(3), author: null },
  ],
};
const earlier = (lists: { readonly [key: string]: JsonValue }): JsonValue => ({ repository: { pullRequest: lists } });
const pages = { hasNextPage: true, endCursor: 'e1' };

const observations = conversation(
  'a pull request is observed with every page of it, or not',
  [
    [whole(observed), words],
    [whole({ ...observed, reviews: null, commits: { nodes: null } }), words],
    [
      whole({ ...observed, comments: { nodes: [saying], pageInfo: more } }),
      earlier({ comments: { nodes: null, pageInfo: one } }),
      words,
    ],
    [
      whole({ ...observed, reviews: { nodes: null, pageInfo: more } }),
      earlier({ reviews: { nodes: [{ ...saying, state: 'COMMENTED' }], pageInfo: one } }),
      words,
    ],
    [
      whole({ ...observed, reviewThreads: { nodes: null, pageInfo: more } }),
      earlier({
        reviewThreads: {
          nodes: [
            {
              isResolved: false,
              path: 'a',
              line: null,
              comments: { nodes: [{ ...saying, id: 'T_1', state: 'PENDING' }] },
            },
          ],
          pageInfo: one,
        },
      }),
      words,
    ],
    [
      whole({ ...observed, comments: { nodes: [], pageInfo: more } }),
      earlier({ comments: { nodes: [], pageInfo: more } }),
    ],
    [whole({ ...observed, comments: { nodes: [], pageInfo: more } }), { repository: null }, words],
    [whole({ ...observed, commits: rollup(pages) }), words, earlier({ commits: rollup({ hasNextPage: false }) })],
    [whole({ ...observed, commits: rollup(pages) }), words, earlier({ commits: rollup(pages, null, 'ERROR') })],
    [whole({ ...observed, commits: rollup(pages) }), words, earlier({ commits: rollup(null, 'other') })],
    [whole({ ...observed, commits: rollup(pages) }), words, { repository: null }],
    [whole({ ...observed, commits: rollup(pages, 'b', 'SUCCESS') }), words],
    [
      whole({
        ...observed,
        commits: { nodes: [{ commit: { oid: 'b', statusCheckRollup: { state: 'ERROR', contexts: {} } } }] },
      }),
      words,
    ],
    [
      whole({ ...observed, comments: { nodes: [], pageInfo: more } }),
      earlier({ comments: { nodes: [], pageInfo: one } }),
      words,
      whole({ ...observed, comments: { nodes: [], pageInfo: more } }),
    ],
    ...(['comments', 'reviews', 'reviewThreads'] as const).flatMap((list) =>
      [null, []].map((nodes): readonly JsonValue[] => [
        whole({ ...observed, [list]: { nodes, pageInfo: more } }),
        earlier({ [list]: { nodes: nodes === null ? [] : null, pageInfo: one } }),
        words,
      ]),
    ),
    ['away'],
    [whole(observed), words, 'away', whole(observed)],
    [{ repository: {} }],
    [{ repository: null }],
  ],
  async (repository) => {
    const context = {
      ...{ readLog: async () => null, mask: (text: string) => text },
      ...{ words: createWordsCache(repository), earlier: createEarlierPages(repository) },
    };
    const requests = [
      { id: '3', cursor: null },
      { id: 'x', cursor: 'a b' },
    ];
    const many = Array.from({ length: 11 }, (_, index) => ({ id: String(index + 1), cursor: null }));
    for (const each of [requests.slice(0, 1), [], many, requests, requests]) {
      const seen = await observePulls(repository, each, context);
      expect(seen).toHaveLength(each.length);
      for (const observation of seen) {
        if (observation === null) continue;
        expect(['none', 'pending', 'passed', 'failed']).toContain(observation.checks.state);
        expect(observation.feedback.every(({ id, body }) => id !== '' && typeof body === 'string')).toBe(true);
      }
    }
  },
);

/** The parts by themselves: what the first answer keeps from being asked is thrown at them here. */
const parts = conversation(
  'what was said, and the checks, of a pull request are read for what they are',
  [
    [observed, words, words],
    [{ ...observed, commits: rollup(pages) }, earlier({ commits: rollup({ hasNextPage: true }) }), words],
    [
      { ...observed, commits: rollup(pages) },
      words,
      words,
      earlier({
        commits: { nodes: [{ commit: { statusCheckRollup: { state: 'FAILURE', contexts: { nodes: null } } } }] },
      }),
    ],
    [{ ...observed, comments: { nodes: [null, { ...saying, viewerDidAuthor: true }], pageInfo: one } }, { nodes: [] }],
  ],
  async (_, [first, ...rest]) => {
    const parsed = observedShape.safeParse(first);
    if (!parsed.success) return;
    const repository = repositoryOf(rest.length === 0 ? [null] : rest);
    const cache = createWordsCache(repository);
    const sayings = listSayings(parsed.data);
    for (const found of [await cache.read(sayings), await cache.read(sayings)]) {
      for (const each of sayings) {
        const said = found.get(each.token);
        const feedback = said ? toFeedback(each, said, self) : null;
        if (feedback !== null) expect([feedback.id, feedback.verdict]).toEqual([each.id, each.verdict]);
      }
    }
    const checks = await readAllChecks(repository, parsed.data, {});
    expect(checks?.state ?? '').toBeTypeOf('string');
  },
);

const issue = {
  ...{ number: 3, id: 99, title: 'Fix', body: 'Blocked by #2, acme/api#4 and #3', user, state: 'open' },
  ...{ html_url: 'https://x/3', repository_url: 'https://api.github.com/repos/acme/shop', labels: [{ name: 'baton' }] },
  ...{ assignees: [{ id: 5, login: 'Ann' }], comments: 2, created_at: at(0), updated_at: at(1) },
};
const many = Array.from({ length: 100 }, (_, index): JsonValue => ({ ...issue, number: index + 1, body: null }));

const issues = conversation(
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

const admin = { status: 200, data: { permission: 'admin', user: { id: 5, login: 'ann' } } };

const accounts = conversation(
  'an account, what it may do, and a repository are as they are told, or refused',
  [
    [{ status: 200, data: { permission: 'admin', user: { id: 5, login: 'ann' } } }, { id: 5, login: 'ann' }, facts, {}],
    [
      { status: 200, data: { permission: 'maintain' } },
      { id: '9007199254740993', login: 'x[bot]', type: 'Bot' },
      facts,
      null,
    ],
    [
      { status: 200, data: { permission: 'read', user: { id: 6, login: 'ann' } } },
      { id: 7, login: 'baton' },
    ],
    [{ status: 404, data: 'ann is not a user' }, null, { ...facts, default_branch: null }],
    [{ status: 404, data: 'Not Found' }, null],
    [{ status: 200, data: 7 }],
    [{ status: 200, data: { permission: 'write' } }, null, null],
    [admin, user, user, facts, {}, facts],
    [admin, user, user, facts, null],
    [admin, user, user, { ...facts, default_branch: null }],
    [{ slug: 'baton', ...user }],
  ],
  async (repository, answers) => {
    for (const credentials of [
      { kind: 'token', token: 'x' },
      { kind: 'app', id: 1, installation: 2, privateKey: 'x' },
    ] as const) {
      const look = createSelfLookup(answering(answers), credentials);
      const found = await look({}).catch((error: unknown) => {
        if (!BatonError.is(error)) throw error;
        return null;
      });
      if (found !== null) expect(await look({})).toEqual(found);
    }
    const actor = { id: '5', login: 'ann', kind: 'person' as const };
    expect(['admin', 'write', 'read', 'none']).toContain(await repository.permission(actor));
    for (const reference of ['ann', '5', ' ']) {
      const found = await repository.findActor(reference);
      if (found !== null) expect(found.kind).toBe(found.id === self.id ? 'self' : found.kind);
    }
    expect(await repository.defaultBranch({})).not.toBe('');
    expect((await repository.facts({})).fullName).toBeTypeOf('string');
    expect((await repository.facts({})).isPrivate).toBeTypeOf('boolean');
    expect(await repository.presentName({})).toBeTypeOf('string');
    await repository.confirmSeen({});
    expect(await repository.defaultBranch({})).not.toBe('');
  },
);

const look = {
  ...{
    r0: { issues: { totalCount: 2, nodes: [{ number: 3, updatedAt: at(1) }] } },
    r1: { issues: { totalCount: 0, nodes: [] } },
  },
  ...{
    r2: null,
    p0: { pullRequest: observed },
    p1: { pullRequest: { ...observed, commits: { nodes: null } } },
    p2: null,
  },
};

export const looks = fuzzed(
  'a look tells how something stands, or nothing',
  mutatedJson([look, { r0: { issues: { totalCount: 1, nodes: [] } } }], 3),
  (text) => {
    const answer: unknown = JSON.parse(text);
    for (const index of [0, 1, 2, 3]) {
      for (const read of [readLook, readPullLook]) {
        expect(read({ ...Object(answer) }, index)?.print ?? 'none').toMatch(/./);
      }
    }
  },
  [JSON.stringify(look), '{"r0":{"issues":{"totalCount":1,"nodes":[]}}}'],
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

export const reads: readonly FuzzedParser[] = [briefs, hands, observations, parts, issues, accounts, looks, cursors];
