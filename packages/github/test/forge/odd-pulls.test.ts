import type { Forge, Observation, PullRequestRequest } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { excerptOf } from '../../src/forge/job-log.js';
import { failureOf } from '../failure-of.js';
import { createGithubWorld, type GithubWorld, repositoryName } from '../github-world.js';

const head = 'baton/issue-1';
const request: PullRequestRequest = {
  ...{ head, base: 'main', title: 'Count once', body: 'Closes #1', draft: true, labels: ['baton'] },
};
let world: GithubWorld;

beforeEach(async () => {
  world = await createGithubWorld();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  expect(world.fake.unexpected).toEqual([]);
});

async function open(): Promise<number> {
  await world.repository.push(head);
  return (await world.forge().ensurePullRequest(request)).pullRequest.number;
}

async function look(number: number, forge: Forge = world.forge(), cursor: string | null = null): Promise<Observation> {
  const [observation] = await forge.observe([{ id: String(number), cursor }]);
  return observation ?? expect.fail('the pull request is gone');
}

describe('opening pull requests', () => {
  it('opens one, however many daemons are at it at once (G21)', async () => {
    await world.repository.push(head);
    const all = await Promise.all([1, 2, 3, 4].map(() => world.forge().ensurePullRequest(request)));
    expect(new Set(all.map((each) => each.pullRequest.id)).size).toBe(1);
    expect(world.repository.pulls()).toHaveLength(1);
  });

  it.each(['lose-answer', 'stall'] as const)('finds the one whose answer did not come: %s (G32)', async (kind) => {
    await world.repository.push(head);
    world.fake.failNext({ kind }, { method: 'POST', path: /\/pulls$/ });
    const forge = world.connect({ timeoutMs: 200 }).forge({ repository: repositoryName });
    expect((await forge.ensurePullRequest(request)).action).toBe('created');
    expect((await world.forge().ensurePullRequest(request)).action).toBe('unchanged');
    expect(world.repository.pulls()).toHaveLength(1);
  });

  it("leaves a fork's branch of the same name alone", async () => {
    await world.repository.push(head);
    const fork = { head, title: 'Theirs', body: '', by: 'mallory', fork: 'mallory' };
    world.repository.openPull(fork);
    const { pullRequest, action } = await world.forge().ensurePullRequest(request);
    expect(action).toBe('created');
    // However many there are.
    for (let index = 0; index < 60; index += 1) world.repository.openPull(fork);
    expect((await world.forge().ensurePullRequest(request)).action).toBe('unchanged');
    expect((await world.forge().findPullRequests({ head })).map((each) => each.number)).toEqual([pullRequest.number]);
  });

  it('opens it for review where a repository takes no drafts, and leaves it so', async () => {
    world.repository.forbidDrafts();
    const number = await open();
    expect(world.repository.pulls()[0]).toMatchObject({ number, draft: false });
    expect(world.lines.join('\n')).toMatch(/no draft/);
  });

  it.each([
    ['a branch that GitHub does not know yet (G34)', 'baton/nowhere', 'NOT_FOUND', /baton\/nowhere/],
    ['a branch without a commit of its own', 'main', 'CONFLICT', /nothing/],
  ])('tells %s', async (_name, branch, code, said) => {
    const error = await failureOf(world.forge().ensurePullRequest({ ...request, head: branch }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(said);
  });

  it('asks for reviews once, when it opens it', async () => {
    await world.repository.push(head);
    const forge = (): Forge => world.connect().forge({ repository: repositoryName, reviewers: ['carol'] });
    await forge().ensurePullRequest(request);
    expect(world.repository.pulls()[0]?.reviewers).toEqual(['carol']);
    expect((await forge().ensurePullRequest(request)).action).toBe('unchanged');
  });

  it('makes a title that GitHub takes, and knows it again', async () => {
    await world.repository.push(head);
    const long = { ...request, title: ` Two\nlines ${'🚀'.repeat(200)}`, body: 'x'.repeat(70_000) };
    await world.forge().ensurePullRequest(long);
    expect(world.repository.pulls()[0]?.title).toMatch(/^Two lines 🚀+.?…$/u);
    expect((await world.forge().ensurePullRequest(long)).action).toBe('unchanged');
  });

  it('hands git a password beside the address, never in it', async () => {
    const remote = await world.forge().remote();
    expect(remote).toEqual({
      url: `${new URL(world.fake.baseUrl).origin}/acme/shop.git`,
      username: 'x-access-token',
      password: world.fake.token,
    });
    const ssh = world.connect().forge({ repository: repositoryName, remote: 'git@example.com:acme/shop.git' });
    expect(await ssh.remote()).toEqual({ url: 'git@example.com:acme/shop.git' });
  });
});

describe('observing pull requests', () => {
  it('costs one request for a hundred, and one more for all new words', async () => {
    const forge = world.forge();
    const requests = [];
    for (let index = 1; index <= 100; index += 1) {
      await world.repository.push(`topic-${index}`);
      const pull = { head: `topic-${index}`, title: 'T', body: '', by: 'bob' };
      const number = world.repository.openPull(pull);
      world.repository.comment(number, 'alice', `Fine ${index}.`);
      requests.push({ id: String(number), cursor: null });
    }
    await forge.observe(requests.slice(0, 1));
    const before = world.fake.requests.length;
    const first = await forge.observe(requests);
    expect(world.fake.requests.length - before).toBe(2);
    expect(first.flatMap((each) => each?.feedback.map(({ body }) => body) ?? [])).toHaveLength(100);
    const again = requests.map(({ id }, index) => ({ id, cursor: first[index]?.cursor ?? null }));
    expect((await forge.observe(again)).every((each) => each?.feedback.length === 0)).toBe(true);
    expect(world.fake.requests.length - before).toBe(3);
  });

  it('asks in halves what is too much for GitHub at once', async () => {
    const ids: string[] = [];
    for (let index = 1; index <= 40; index += 1) {
      await world.repository.push(`topic-${index}`);
      ids.push(String(world.repository.openPull({ head: `topic-${index}`, title: 'T', body: '', by: 'bob' })));
    }
    const message = 'Something went wrong while executing your query. This may be the result of a timeout.';
    const tooMuch = { kind: 'answer', status: 200, body: { data: null, errors: [{ message }] } } as const;
    world.fake.failNext(tooMuch, { operation: 'ObservePullRequests', times: 3 });
    const observed = await world.forge().observe(ids.map((id) => ({ id, cursor: null })));
    expect(observed.map((each) => each?.pullRequest.id)).toEqual(ids);
  });

  it('takes a repository that cannot be seen for an error, not for pull requests that are gone', async () => {
    const forge = world.connect().forge({ repository: 'acme/nowhere' });
    expect((await failureOf(forge.observe([{ id: '1', cursor: null }]))).code).toBe('NOT_FOUND');
  });

  it('brings a review when it is submitted, not when it is begun, and nothing that is hidden or resolved', async () => {
    const number = await open();
    const forge = world.forge();
    world.repository.review(number, 'bob', { body: 'Not yet.', pending: true });
    const hidden = world.repository.comment(number, 'spammer', 'Buy.');
    world.repository.minimize(hidden);
    const { cursor, feedback } = await look(number, forge);
    expect(feedback).toEqual([]);
    world.repository.review(number, 'bob', { body: '', verdict: 'approve' });
    world.repository.review(number, 'bob', { body: 'Why?', path: 'a.ts', line: 3 });
    const next = await look(number, forge, cursor);
    expect(next.feedback.map(({ body, verdict, path }) => [body, verdict, path])).toEqual([
      ['', 'approve', null],
      ['Why?', 'comment', 'a.ts'],
    ]);
    world.repository.resolveThreads(number);
    expect((await look(number, forge)).feedback.map((each) => each.verdict)).toEqual(['approve']);
  });

  it('brings nothing of a review that a maintainer dismissed', async () => {
    const number = await open();
    const review = world.repository.review(number, 'bob', { body: 'Rewrite it.', verdict: 'request-changes' });
    world.repository.review(number, 'carol', { body: 'Say more.', verdict: 'request-changes' });
    world.repository.dismissReview(review);
    expect((await look(number)).feedback.map(({ body, verdict }) => [body, verdict])).toEqual([
      ['Say more.', 'request-changes'],
    ]);
  });

  it('sees all of 120 threads (G20)', async () => {
    const number = await open();
    for (let index = 1; index <= 120; index += 1) {
      world.repository.review(number, 'bob', { body: `Line ${index}.`, path: 'a.ts', line: index });
    }
    expect((await look(number)).feedback.map((each) => each.line)).toEqual(
      Array.from({ length: 120 }, (_, index) => index + 1),
    );
  });

  it('tells whether it can be merged', async () => {
    const number = await open();
    const words = { MERGEABLE: 'yes', CONFLICTING: 'conflict', UNKNOWN: 'unknown' } as const;
    for (const word of ['MERGEABLE', 'CONFLICTING', 'UNKNOWN'] as const) {
      world.repository.setMergeable(number, word);
      expect((await look(number)).pullRequest.mergeable).toBe(words[word]);
    }
  });

  it('shows why checks failed: the end of a log, or what the checker says', async () => {
    const number = await open();
    const log =
      '2026-01-01T00:00:00.0000000Z npm test\n2026-01-01T00:00:01Z \u001b[31m##[error]1 failed\u001b[0m\nclean up';
    const run = { kind: 'run', summary: 'See the log.', conclusion: 'failure' } as const;
    world.repository.setChecks(number, [
      { ...run, id: 11, name: 'test', log: log.replace('\u001b[31m##', '##') },
      { ...run, id: 12, name: 'lint', log: null },
      { ...run, id: 13, name: 'build', conclusion: 'success', log: null },
      { id: 14, kind: 'status', name: 'ci/legacy', conclusion: 'error', summary: 'It broke.', log: null },
    ]);
    const forge = world.forge();
    const { checks } = await look(number, forge);
    expect(checks.state).toBe('failed');
    expect(checks.failures.map(({ name, excerpt }) => [name, excerpt])).toEqual([
      ['test', 'npm test\n##[error]1 failed'],
      ['lint', 'lint\nSee the log.'],
      ['ci/legacy', 'It broke.'],
    ]);
    const before = world.fake.requests.length;
    await look(number, forge);
    // A finished job's log is read once.
    expect(world.fake.requests.length - before).toBe(1);
  });

  it('shows no more than sixty lines of a log', () => {
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`);
    expect(excerptOf(lines.join('\n')).split('\n')).toHaveLength(60);
  });
});
