import { fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import { BatonError, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { z } from 'zod';
import { readChecks } from '../src/forge/checks.js';
import { listFeedbackItems } from '../src/forge/feedback.js';
import { observedShape } from '../src/forge/observe-query.js';
import { fromRestPull, restPullShape, toPullRequest } from '../src/forge/pull-request.js';
import { userShape, whoToActor } from '../src/host/actor.js';
import { issueShape, repositoryOf, toIssue } from '../src/source/map-issue.js';

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
    for (const { verdict, token } of listFeedbackItems(parsed.data)) {
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
