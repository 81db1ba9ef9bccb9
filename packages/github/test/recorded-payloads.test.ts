import { describe, expect, it } from 'vitest';
import { readChecks } from '../src/forge/checks.js';
import { listFeedbackItems, toFeedback } from '../src/forge/feedback.js';
import { toActor, userShape } from '../src/host/actor.js';
import { issueShape, labelNames } from '../src/source/map-issue.js';
import { actorOf, asStatusContext, self } from './expected-model.js';
import { field, loadPayloads, recorded, text } from './recordings.js';

describe('recorded payloads of webhooks', () => {
  it('name people, bots and organisations', () => {
    const paths = [
      'sender',
      'assignee',
      'issue.user',
      'comment.user',
      'review.user',
      'pull_request.user',
      'organization',
    ];
    const people = paths.flatMap((path) => recorded(path)).filter(({ raw }) => field(raw, 'id') !== undefined);
    const actors = people.map(({ name, raw }) => [name, toActor(userShape.parse(raw), self)]);
    expect(actors).toEqual(people.map(({ name, raw }) => [name, actorOf(raw)]));
    const kinds = new Set(people.map(({ raw }) => field(actorOf(raw), 'kind')));
    expect(kinds).toEqual(new Set(['person', 'bot', 'self']));
  });

  it('name labels', () => {
    const labels = recorded('label').map(({ raw }) => raw);
    const shape = issueShape.pick({ labels: true });
    expect(labels.map((each) => labelNames(shape.parse({ labels: [each] })))).toEqual(
      labels.map((each) => [field(each, 'name')]),
    );
    expect(labels.length).toBeGreaterThanOrEqual(5);
  });

  // What follows Baton reads by GraphQL: the same values, put into the form that they have there.
  const sayingOf = (raw: unknown) => ({ id: text(raw, 'node_id'), lastEditedAt: null, viewerDidAuthor: false });
  const whoOf = (user: unknown) => ({
    __typename: text(user, 'type'),
    login: text(user, 'login'),
    databaseId: text(user, 'id'),
  });
  const ends = { pageInfo: { hasPreviousPage: false } };
  const nothing = { nodes: [], ...ends };
  const quiet = { comments: nothing, reviews: nothing, reviewThreads: nothing, updatedAt: '', commits: { nodes: [] } };
  const pull = {
    ...{ id: 'PR_1', number: 1, url: '', state: 'OPEN', isDraft: false, mergeable: 'MERGEABLE' },
    ...{ headRefName: 'a', headRefOid: 'b', baseRefName: 'c', ...quiet },
  };

  it('hold reviews and comments on lines', () => {
    const reviews = recorded('review').map(({ raw }) => raw);
    const comments = recorded('comment', (event) => event === 'pull_request_review_comment').map(({ raw }) => raw);
    const lineOf = (raw: unknown): number | null =>
      typeof field(raw, 'line') === 'number' ? Number(field(raw, 'line')) : null;
    const sayings = listFeedbackItems({
      ...pull,
      reviews: {
        nodes: reviews.map((raw) => ({ ...sayingOf(raw), state: text(raw, 'state').toUpperCase() })),
        ...ends,
      },
      reviewThreads: {
        nodes: comments.map((raw) => ({
          ...{ isResolved: false, path: text(raw, 'path'), line: lineOf(raw) },
          comments: { nodes: [{ ...sayingOf(raw), state: 'SUBMITTED' }] },
        })),
        ...ends,
      },
    });
    const stood = reviews.filter((raw) => text(raw, 'state') !== 'dismissed');
    expect(stood.length).toBeLessThan(reviews.length);
    const said = [...stood, ...comments];
    const bodyOf = (raw: unknown): string => (typeof field(raw, 'body') === 'string' ? text(raw, 'body') : '');
    const atOf = (raw: unknown): number => Date.parse(String(field(raw, 'submitted_at') ?? field(raw, 'created_at')));
    const feedback = sayings.map((saying, index) => {
      const raw = said[index];
      const words = { id: saying.id, body: bodyOf(raw), createdAt: atOf(raw), author: whoOf(field(raw, 'user')) };
      return toFeedback(saying, words, self);
    });
    const expected = said.map((raw) => {
      const isEmpty = bodyOf(raw).trim() === '';
      const place = { path: field(raw, 'path') ?? null, line: lineOf(raw), verdict: 'comment' };
      const plain = {
        id: field(raw, 'node_id'),
        author: actorOf(field(raw, 'user')),
        body: bodyOf(raw),
        at: atOf(raw),
      };
      return isEmpty ? null : { ...plain, ...place };
    });
    expect(feedback).toEqual(expected);
    expect(feedback.filter((each) => each !== null).length).toBeGreaterThanOrEqual(3);
  });

  it('hold check runs and statuses', async () => {
    const runs = recorded('check_run').map(({ raw }) => raw);
    const statuses = loadPayloads()
      .filter(({ event }) => event === 'status')
      .map(({ value }) => value);
    const nodes = [
      ...runs.map((raw) => ({
        __typename: 'CheckRun',
        databaseId: Number(field(raw, 'id')),
        name: text(raw, 'name'),
        conclusion: typeof field(raw, 'conclusion') === 'string' ? text(raw, 'conclusion').toUpperCase() : null,
        detailsUrl: typeof field(raw, 'details_url') === 'string' ? text(raw, 'details_url') : null,
        summary: typeof field(raw, 'output.summary') === 'string' ? text(raw, 'output.summary') : null,
      })),
      ...statuses.map(asStatusContext),
    ];
    // They were recorded of many commits: of one, the newest of each name counts alone.
    const apart = nodes.map((each, index) => ({ ...each, checkSuite: { app: { slug: `app ${index}` } } }));
    const { state, failures } = await readChecks(
      { state: 'FAILURE', contexts: { nodes: apart } },
      { readLog: async () => null, mask: (text) => text },
    );
    expect(state).toBe('failed');
    const bad = [
      ...runs.filter((raw) => field(raw, 'conclusion') === 'failure').map((raw) => field(raw, 'name')),
      ...statuses.filter((raw) => /^(?:failure|error)$/.test(text(raw, 'state'))).map((raw) => field(raw, 'context')),
    ];
    expect(failures.map((each) => each.name)).toEqual(bad);
    expect(bad.length).toBeGreaterThanOrEqual(1);
    expect([runs.length >= 5, statuses.length >= 5]).toEqual([true, true]);
  });
});
