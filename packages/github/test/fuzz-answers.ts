import { fuzzed, mutatedJson, mutatedText } from '@baton/conformance/fuzz';
import { BatonError, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { z } from 'zod';
import { readChecks } from '../src/forge/checks.js';
import { listSayings } from '../src/forge/feedback.js';
import { excerptOf } from '../src/forge/job-log.js';
import { observedShape } from '../src/forge/observe-query.js';
import { fromRestPull, restPullShape, toPullRequest } from '../src/forge/pull-request.js';
import { userShape, whoToActor } from '../src/host/actor.js';
import { mapAnswer, mapError, quote } from '../src/host/map-error.js';
import { readGraphql } from '../src/host/read-graphql.js';
import { referredNumber } from '../src/host/reference.js';
import { mentionedBlockers } from '../src/source/blockers.js';
import { issueShape, repositoryOf, toIssue } from '../src/source/map-issue.js';
import { priorityOf } from '../src/source/priority.js';

const self = { id: '7', login: 'baton' };
const saying = { id: 'IC_1', lastEditedAt: null, viewerDidAuthor: false, isMinimized: false };
const page = { pageInfo: { hasPreviousPage: false, startCursor: null } };
const run = {
  ...{ __typename: 'CheckRun', databaseId: 12, name: 'test', conclusion: 'FAILURE', detailsUrl: 'https://x/1' },
  ...{
    title: 'No',
    summary: 'It failed',
    checkSuite: { app: { slug: 'github-actions' }, workflowRun: { event: 'push', workflow: { name: 'CI' } } },
  },
};
const contexts: readonly JsonValue[] = [
  run,
  { ...run, databaseId: 13, conclusion: 'SUCCESS' },
  { ...run, name: 'lint', conclusion: null },
  { ...run, name: 'ask', conclusion: 'ACTION_REQUIRED' },
  { __typename: 'StatusContext', context: 'ci', state: 'ERROR', targetUrl: null, description: null },
  { __typename: 'StatusContext', context: 'old', state: 'constructor', targetUrl: null, description: 'x' },
];
const pull = (state: string, nodes: readonly JsonValue[] | null): JsonValue => ({
  ...{
    id: 'PR_1',
    number: 3,
    url: 'https://x/3',
    state: 'OPEN',
    isDraft: true,
    headRefName: 'a',
    headRefOid: 'b',
    baseRefName: 'main',
  },
  ...{ mergeable: 'CONFLICTING', updatedAt: '2026-01-01T00:00:00Z', comments: { nodes: [saying], ...page } },
  reviews: {
    nodes: [
      { ...saying, state: 'APPROVED' },
      { ...saying, state: 'PENDING' },
      { ...saying, state: 'constructor' },
    ],
    ...page,
  },
  reviewThreads: {
    nodes: [
      {
        isResolved: false,
        path: 'a.ts',
        line: null,
        comments: { nodes: [{ ...saying, state: 'SUBMITTED' }, null] },
      },
    ],
    ...page,
  },
  commits: { nodes: [{ commit: { oid: 'b', statusCheckRollup: { state, contexts: { nodes } } } }] },
});
const samples: readonly JsonValue[] = [
  pull('FAILURE', contexts),
  pull(
    'FAILURE',
    Array.from({ length: 8 }, (_, at) => ({
      ...run,
      name: at === 3 ? null : `job ${at}`,
      databaseId: at + 12,
      title: at % 2 === 0 ? 'x' : null,
      summary: null,
    })),
  ),
  pull('FAILURE', [{ __typename: 'StatusContext', state: 'FAILURE', description: 'No.' }, { __typename: 'New' }]),
  pull('SUCCESS', contexts.slice(1, 2)),
  pull('PENDING', contexts.slice(1, 4)),
  pull('ERROR', []),
  pull('EXPECTED', [null, run]),
  pull('constructor', null),
  pull('SUCCESS', [null]),
  pull('SUCCESS', [{ ...run, conclusion: 'NEUTRAL' }]),
  pull('FAILURE', [run, { ...run, databaseId: 11 }, { ...run, databaseId: null }]),
  pull('FAILURE', [{ ...run, databaseId: null }, run]),
];
const observed = mutatedJson(samples, 3);

export const pulls = fuzzed(
  'a pull request is read whole, or told as none',
  observed,
  async (text) => {
    const parsed = observedShape.safeParse(JSON.parse(text));
    if (!parsed.success) return;
    const { state } = toPullRequest(parsed.data);
    expect(['open', 'merged', 'closed']).toContain(state.unified);
    for (const { verdict, token } of listSayings(parsed.data)) {
      expect(['approve', 'request-changes', 'comment']).toContain(verdict);
      expect(token).toHaveLength(12);
    }
    const rollup = parsed.data.commits.nodes?.[0]?.commit.statusCheckRollup ?? null;
    const readLog = async (id: string): Promise<string> => {
      if (id === '12') return 'the log';
      if (id === '14') throw new Error('a fault of ours');
      throw new BatonError('NOT_FOUND', 'Gone.', { details: { resource: id } });
    };
    const summary = await readChecks(rollup, { readLog, mask: (log) => log }).catch((error: Error) => error.message);
    if (typeof summary === 'string') {
      expect(summary).toBe('a fault of ours');
      return;
    }
    expect(['none', 'pending', 'passed', 'failed']).toContain(summary.state);
    expect(summary.failures.length > 0).toBe(summary.state === 'failed');
    for (const { name } of [...summary.failures, ...summary.notes]) expect(name).toBeTypeOf('string');
  },
  samples.map((each) => JSON.stringify(each)),
);

const user = { id: 5, login: 'ann', type: 'User' };
const issue = mutatedJson(
  [
    {
      ...{ number: 3, id: 99, title: 'Fix', body: 'Blocked by #2', user, state: 'open', html_url: 'https://x/3' },
      ...{
        repository_url: 'https://api.github.com/repos/acme/shop',
        labels: [{ name: 'P1' }, { name: null }, 'baton', { name: 'priority: constructor' }],
      },
      ...{
        assignees: [user, { ...user, id: 7, type: 'Bot' }],
        comments: 2,
        created_at: '2026-01-01T00:00:00Z',
        updated_at: '2026-01-02T00:00:00Z',
      },
    },
    {
      ...{ number: 4, id: '12', title: 'x', body: null, user: null, state: 'closed', html_url: 'https://x/4' },
      ...{
        repository_url: 'x',
        labels: [],
        comments: 0,
        created_at: '2026-01-01T00:00:00Z',
        updated_at: '2026-01-02T00:00:00Z',
      },
    },
  ],
  3,
);
const rest = mutatedJson(
  [
    {
      ...{
        node_id: 'PR_1',
        number: 3,
        html_url: 'https://x/3',
        state: 'open',
        merged_at: null,
        draft: false,
        title: 'x',
        body: null,
        user,
      },
      ...{
        labels: [{ name: 'a' }],
        head: { ref: 'a', sha: 'b', repo: { full_name: 'acme/shop' } },
        base: { ref: 'main', repo: { full_name: 'acme/shop' } },
      },
    },
    {
      ...{
        node_id: 'PR_2',
        number: 4,
        html_url: 'https://x/4',
        state: 'closed',
        merged_at: '2026-01-01T00:00:00Z',
        title: 'x',
      },
      ...{ head: { ref: 'a', sha: 'b', repo: null }, base: { ref: 'main', repo: { full_name: 'acme/shop' } } },
    },
  ],
  2,
);

export const issues = fuzzed('an issue is read whole, or told as none', fc.record({ issue, rest }), (told) => {
  const parsed = issueShape.safeParse(JSON.parse(told.issue));
  if (parsed.success) {
    const context = { fullName: 'acme/shop', isPrivate: told.rest.length % 2 === 0, self, blockedBy: [] };
    const { priority, state, author, labels } = toIssue(parsed.data, context);
    if (priority !== null) expect(Number.isInteger(priority)).toBe(true);
    expect(repositoryOf(parsed.data)).toMatch(/^[^/]*(?:\/[^/]*)?$/);
    expect(['open', 'closed']).toContain(state.unified);
    expect(['person', 'bot', 'self', undefined]).toContain(author?.kind);
    expect(labels).toEqual(labels.map((each) => each.toLowerCase()));
  }
  const listed = restPullShape.safeParse(JSON.parse(told.rest));
  if (listed.success) expect(fromRestPull(listed.data).head).toBeTypeOf('string');
});

const words = mutatedText(
  [
    'Blocked by #12, acme/api#3\n> depends on: #4\n<!-- requires #5 -->\n```\nblocked by #6\n```\n',
    'P1',
    'priority: constructor',
    'prio/high',
    'priority-3',
    '#412',
    'acme/shop#412',
    'https://github.com/acme/shop/issues/412',
    'https://evil.example/acme/shop/issues/4',
    '2026-01-01T00:00:00.0000000Z \u001b[31m##[error]expected 3\u001b[0m\n##[group]x\n\ufeff2026-01-01T00:00:00Z y\r\n',
  ],
  [
    '#1',
    '\n',
    '<!--',
    '-->',
    '```',
    '~~~',
    'blocked by ',
    '\u001b[',
    '/',
    ':',
    '0',
    'ghp_abcdef',
    '\ud83d\ude00'.repeat(300),
    '##[error]',
    '__proto__',
  ],
  3,
);
const long = fc.constantFrom(
  `Blocked by ${'a.'.repeat(30_000)}`,
  `Blocked by ${'a/'.repeat(30_000)}`,
  '<!--'.repeat(15_000),
  '```\n'.repeat(15_000),
  `requires ${' '.repeat(60_000)}`,
);
const text = fc.oneof({ weight: 200, arbitrary: words }, long);

export const texts = fuzzed('what people write is read for what it says, and takes no time', text, (each) => {
  const blockers = mentionedBlockers(each, 'acme/shop');
  expect(blockers.length).toBeLessThanOrEqual(20);
  for (const { number } of blockers) expect(Number.isInteger(number)).toBe(true);
  const priority = priorityOf([each, ...each.split('\n')]);
  if (priority !== null) expect(Number.isInteger(priority)).toBe(true);
  const number = referredNumber(each, 'acme/shop', 'https://api.github.com');
  if (number !== null) expect(number).toBeGreaterThan(0);
  expect(excerptOf(each).split('\n').length).toBeLessThanOrEqual(60);
  expect(quote(each)).not.toMatch(/\p{Cc}/u);
  expect(quote(each).isWellFormed()).toBe(true);
});

const answer = mutatedJson(
  [
    { data: { repository: null }, errors: [{ type: 'NOT_FOUND', message: 'Could not resolve', path: ['repository'] }] },
    { data: null, errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
    { data: { a: 1 }, errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible', path: ['a', 'reviews'] }] },
    { errors: [{ message: 'Something went wrong' }] },
    { data: null, errors: [{ type: 'INSUFFICIENT_SCOPES', message: 'x' }] },
    { data: null, errors: [{ type: 'SOME_OTHER', message: 'x' }] },
    { data: { viewer: { login: 'a' } } },
  ],
  2,
);
const header = fc.constantFrom<readonly [string, string]>(
  ['retry-after', '30'],
  ['retry-after', '-5'],
  ['retry-after', 'soon'],
  ['retry-after', 'Fri, 15 Jan 2027 09:00:00 GMT'],
  ['x-ratelimit-remaining', '0'],
  ['x-ratelimit-reset', '1800000100'],
  ['x-ratelimit-reset', 'x'],
  ['x-github-sso', 'required'],
  ['content-type', 'text/html; charset=utf-8'],
);
const now = 1_800_000_000_000;

const hows = ['status', 'network', 'ours', 'strange', 'odd', 'unheaded', 'thrown'] as const;

export const failures = fuzzed(
  'a failure becomes one that Baton knows',
  fc.record({
    answer,
    status: fc.constantFrom(400, 401, 403, 403, 403, 404, 409, 410, 422, 429, 500),
    headers: fc.array(header, { maxLength: 3 }),
    message: fc.oneof(words, fc.constantFrom('You have exceeded a secondary rate limit', 'Issue is locked')),
    takes: fc.constantFrom('all' as const, ['reviews'], []),
    how: fc.constantFrom(...hows),
  }),
  (told) => {
    try {
      const conceal = (each: string): string => each;
      expect(readGraphql(JSON.parse(told.answer), { what: 'x', takesParts: told.takes, conceal }).isLimited).toBeTypeOf(
        'boolean',
      );
    } catch (error) {
      if (!BatonError.is(error)) throw error;
    }
    const headers = Object.fromEntries(told.headers);
    const { status, message } = told;
    const errors: Readonly<Record<typeof told.how, unknown>> = {
      status: Object.assign(new Error(message), { status, response: { headers } }),
      network: new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code: 'ECONNREFUSED' }) }),
      ours: new Error('x', { cause: new BatonError('UNAVAILABLE', 'Away.', { details: {} }) }),
      strange: Object.assign(new Error(message), { status, response: null }),
      odd: Object.assign(new Error(message), { status, response: 7, cause: { code: 7 } }),
      unheaded: Object.assign(new Error(message), { status, response: { headers: 7 } }),
      thrown: message,
    };
    for (const error of [
      mapError(errors[told.how], 'look', now),
      mapAnswer({ status, headers, message }, 'look', now),
    ]) {
      expect(error.message.isWellFormed()).toBe(true);
      expect(error.message).not.toMatch(/\p{Cc}|\bghp_abcdef/u);
      if (!BatonError.is(error, 'RATE_LIMITED')) continue;
      expect(error.details.retryAt).toBeGreaterThan(now);
      expect(error.details.retryAt).toBeLessThanOrEqual(now + 7_200_000);
    }
  },
  hows.flatMap((how) => [
    ...(
      [
        ['Repository was archived so is read-only.', 403],
        ['Resource not accessible by integration', 403],
        ['You have exceeded a secondary rate limit', 429],
      ] as const
    ).map(([message, status]) => ({ answer: '{}', status, headers: [], message, takes: [], how })),
    {
      answer: '{"data":null}',
      status: 404 as const,
      headers: [['content-type', 'text/html'] as const],
      message: '',
      takes: [],
      how,
    },
  ]),
);

const who = mutatedJson(
  [
    { __typename: 'Bot', login: 'dependabot', databaseId: 5 },
    { __typename: 'User', login: 'ann', databaseId: 7 },
    { id: 5, login: 'x', type: 'Bot' },
  ],
  2,
);
const known = z.looseObject({ __typename: z.string(), login: z.string(), databaseId: userShape.shape.id.nullish() });

export const people = fuzzed('an account is somebody, or nobody knows who', who, (each) => {
  const parsed = known.safeParse(JSON.parse(each));
  if (parsed.success) expect(['self', 'bot', 'person', undefined]).toContain(whoToActor(parsed.data, self)?.kind);
});
