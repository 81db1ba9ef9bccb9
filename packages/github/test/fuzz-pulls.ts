import { fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import type { JsonValue } from '@baton/core';
import { expect } from 'vitest';
import { readAllChecks } from '../src/forge/all-checks.js';
import { createEarlierPages } from '../src/forge/earlier-pages.js';
import { createFeedbackTexts, listFeedbackItems, toFeedback } from '../src/forge/feedback.js';
import { readLastHand } from '../src/forge/last-editor.js';
import { observePulls } from '../src/forge/observe.js';
import { observedShape } from '../src/forge/observe-query.js';
import { fromRestPull, listPullsOfHead } from '../src/forge/pull-request.js';
import { readChangeProbe } from '../src/host/probes/change-probe-query.js';
import { readPullRequestProbe } from '../src/host/probes/pull-request-probe-query.js';
import { ann, at, conversation, facts, repositoryOf, self, user } from './fuzz-conversation.js';

const hand = (...nodes: readonly JsonValue[]): JsonValue => ({
  repository: { pullRequest: { timelineItems: { nodes } } },
});
const pull = {
  ...{ node_id: 'PR_1', number: 3, html_url: 'https://x/3', state: 'open', merged_at: null, draft: false, title: 'x' },
  ...{ body: null, user, labels: [{ name: 'a' }], head: { ref: 'a', sha: 'b', repo: { full_name: 'acme/shop' } } },
  base: { ref: 'main', repo: { full_name: 'acme/shop' } },
};
export const hands = conversation(
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

export const observations = conversation(
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
      ...{ words: createFeedbackTexts(repository), earlier: createEarlierPages(repository) },
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
export const parts = conversation(
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
    const cache = createFeedbackTexts(repository);
    const sayings = listFeedbackItems(parsed.data);
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
      for (const read of [readChangeProbe, readPullRequestProbe]) {
        expect(read({ ...Object(answer) }, index)?.fingerprint ?? 'none').toMatch(/./);
      }
    }
  },
  [JSON.stringify(look), '{"r0":{"issues":{"totalCount":1,"nodes":[]}}}'],
);
