import { createServer } from 'node:http';
import { BatonError, type BatonErrorCode, type IssueQuery } from '@baton/core';
import type { HttpFault } from '@baton/fake-hosts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { retryAtOf } from '../../src/host/map-error.js';
import { failureOf } from '../failure-of.js';
import { createGithubWorld, type GithubWorld, repositoryName } from '../github-world.js';

const query: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };
const issue = { title: 'Cart total', body: 'Off by one.', author: 'alice', labels: ['baton'] };
let world: GithubWorld;

beforeEach(async () => {
  world = await createGithubWorld();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const json = { 'content-type': 'application/json' };
const secondary = { message: 'You have exceeded a secondary rate limit. Please wait.' };

describe('what GitHub answers', () => {
  const outcomes: readonly (readonly [name: string, fault: HttpFault, code: BatonErrorCode, said: RegExp])[] = [
    ['401 in mid-run', { kind: 'answer', status: 401, body: { message: 'Bad credentials' } }, 'AUTH_FAILED', /token/],
    [
      '403 for want of permission',
      { kind: 'answer', status: 403, body: { message: 'Resource not accessible by personal access token' } },
      'PERMISSION_DENIED',
      /write access/,
    ],
    [
      '403 for single sign-on',
      { kind: 'answer', status: 403, headers: { 'x-github-sso': 'required; url=x' }, body: { message: 'SAML' } },
      'PERMISSION_DENIED',
      /single sign-on/,
    ],
    [
      '403 with the quota spent',
      { kind: 'answer', status: 403, headers: { 'x-ratelimit-remaining': '0' }, body: { message: 'API rate limit' } },
      'RATE_LIMITED',
      /until/,
    ],
    ['403 for asking too fast', { kind: 'answer', status: 403, body: secondary }, 'RATE_LIMITED', /until/],
    ['429', { kind: 'answer', status: 429, body: { message: 'Too many' } }, 'RATE_LIMITED', /until/],
    ['409', { kind: 'answer', status: 409, body: { message: 'Git Repository is empty.' } }, 'CONFLICT', /empty/],
    ['422', { kind: 'answer', status: 422, body: { message: 'Validation Failed' } }, 'PROTOCOL_VIOLATION', /422/],
    ['500', { kind: 'answer', status: 500, body: { message: 'Oh no' } }, 'UNAVAILABLE', /500/],
    ['a page for people', { kind: 'html' }, 'UNAVAILABLE', /JSON/],
    ['an empty body', { kind: 'answer', status: 200, headers: json, body: '' }, 'UNAVAILABLE', /JSON/],
    ['JSON that is cut', { kind: 'truncate', lengthFits: true }, 'UNAVAILABLE', /JSON/],
    ['a body that breaks off', { kind: 'truncate', lengthFits: false }, 'UNAVAILABLE', /reached/],
    ['no answer', { kind: 'reset' }, 'UNAVAILABLE', /reached/],
    ['another shape', { kind: 'answer', status: 200, body: { message: 'hi' } }, 'PROTOCOL_VIOLATION', /list/],
  ];

  it.each(outcomes)('%s, polled: never "no issues" (G18)', async (_name, fault, code, said) => {
    world.repository.openIssue(issue);
    const source = world.source();
    const { cursor } = await source.poll(query, null);
    world.fake.failNext(fault, { path: '/issues?', times: Number.POSITIVE_INFINITY });
    for (const from of [null, cursor]) {
      const error = await failureOf(source.poll(query, from));
      expect(error.code).toBe(code);
      expect(`${error.message} ${error.fix}`).toMatch(said);
    }
  });

  it('tries a read again after 502 or a broken connection, and a write never', async () => {
    const number = world.repository.openIssue(issue);
    const source = world.source();
    world.fake.failNext({ kind: 'answer', status: 502, body: 'Bad Gateway' }, { path: `/issues/${number}` });
    world.fake.failNext({ kind: 'reset' }, { path: `/issues/${number}` });
    expect((await source.get(String(number)))?.title).toBe('Cart total');
    world.fake.failNext({ kind: 'answer-after', status: 502, body: 'Bad Gateway' }, { method: 'POST' });
    const comment = { issueId: String(number), topic: 'status', body: 'Working.' };
    expect((await failureOf(source.ensureComment(comment))).code).toBe('UNAVAILABLE');
    await source.ensureComment(comment);
    expect(world.repository.comments(number)).toHaveLength(1);
  });

  it('gives up on an answer that does not come, and lets go of it when aborted', async () => {
    const number = String(world.repository.openIssue(issue));
    world.fake.failNext({ kind: 'stall' }, { path: '/issues/', times: Number.POSITIVE_INFINITY });
    const source = world.connect({ timeoutMs: 50 }).source({ repository: repositoryName });
    expect((await failureOf(source.get(number))).code).toBe('TIMEOUT');
    const before = world.fake.requests.length;
    const abort = new AbortController();
    const reason = new Error('stopped');
    const call = world.source().get(number, { signal: abort.signal });
    await expect.poll(() => world.fake.requests.length).toBe(before + 1);
    abort.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(world.fake.requests.length).toBe(before + 1);
  });

  it('asks nothing more until the instant that a secondary limit names', async () => {
    const number = String(world.repository.openIssue(issue));
    const source = world.source();
    const headers = { 'retry-after': '120' };
    world.fake.failNext({ kind: 'answer', status: 403, headers, body: secondary });
    const first = await failureOf(source.get(number));
    const count = world.fake.requests.length;
    const second = await failureOf(source.ensureLabels({ issueId: number, add: ['x'], remove: [] }));
    expect(world.fake.requests.length).toBe(count);
    for (const error of [first, second]) {
      if (!BatonError.is(error, 'RATE_LIMITED')) throw error;
      expect(error.details.retryAt).toBeGreaterThan(Date.now() + 110_000);
      expect(error.details.retryAt).toBeLessThan(Date.now() + 130_000);
    }
  });

  it.each([
    ['seconds', '90', 90],
    ['a date', new Date(1_000_000_000_000 + 300_000).toUTCString(), 300],
    ['a negative number', '-5', 60],
    ['a date that has passed', new Date(0).toUTCString(), 60],
    ['nonsense', 'soon', 60],
    ['a year', String(365 * 86_400), 7200],
    ['nothing', undefined, 60],
  ])('reads retry-after: %s', (_name, header, seconds) => {
    const headers = header === undefined ? {} : { 'retry-after': header };
    const now = 1_000_000_000_000;
    expect(retryAtOf({ status: 429, headers, message: '' }, now)).toBe(now + seconds * 1000);
  });

  it('waits for the reset of a GraphQL quota that is spent', async () => {
    const number = world.repository.openIssue(issue);
    world.fake.setQuota('graphql', { remaining: 0 });
    const error = await failureOf(world.source().brief(String(number), query));
    if (!BatonError.is(error, 'RATE_LIMITED')) throw error;
    expect(error.details.retryAt).toBeGreaterThan(Date.now() + 3_000_000);
  });
});

describe('where GitHub leads', () => {
  it('follows a renamed repository on the same host, reading and writing, under its configured name', async () => {
    const number = String(world.repository.openIssue(issue));
    world.fake.rename(repositoryName, 'acme/store');
    const source = world.source();
    const page = await source.poll(query, null);
    expect(page.kind === 'changed' && page.issues.map((each) => each.key)).toEqual([`acme/shop#${number}`]);
    expect((await source.get(number))?.key).toBe(`acme/shop#${number}`);
    await source.ensureComment({ issueId: number, topic: 'status', body: 'Working.' });
    expect(world.repository.comments(Number(number))).toHaveLength(1);
  });

  it("tells git a renamed repository's present address at once, and the doctor what it is called", async () => {
    const forge = world.forge();
    const { origin } = new URL(world.fake.baseUrl);
    expect((await forge.remote()).url).toBe(`${origin}/acme/shop.git`);
    world.fake.rename(repositoryName, 'acme-corp/store');
    expect(await forge.remote()).toMatchObject({ url: `${origin}/acme-corp/store.git`, password: world.fake.token });
    // What an operator wrote stays as it is.
    const own = world.connect().forge({ repository: repositoryName, remote: `${origin}/acme/shop.git` });
    expect((await own.remote()).url).toBe(`${origin}/acme/shop.git`);
    const lines = await Array.fromAsync(forge.diagnose?.() ?? []);
    expect(lines).toContainEqual({
      check: 'repository',
      ok: false,
      detail: 'acme/shop is called acme-corp/store now.',
      fix: 'set repository to acme-corp/store',
    });
  });

  it.each([404, 410])('takes no page for people (%i) for the word that something is gone', async (status) => {
    const number = String(world.repository.openIssue(issue));
    const headers = { 'content-type': 'text/html' };
    world.fake.failNext(
      { kind: 'answer', status, headers, body: '<html>Not here</html>' },
      { times: Number.POSITIVE_INFINITY },
    );
    const source = world.source();
    const forge = world.forge();
    const comment = { issueId: number, topic: 'status', body: 'Working.' };
    for (const call of [
      () => source.get(number),
      () => source.poll(query, null),
      () => source.brief(number, query),
      () => source.ensureComment(comment),

      () => forge.findPullRequests({ head: 'baton/issue-1' }),
      () => forge.observe([{ id: '1', cursor: null }]),
    ]) {
      expect(await failureOf(call())).toMatchObject({
        code: 'UNAVAILABLE',
        fix: expect.stringContaining('https://HOST/api/v3'),
      });
    }
  });

  it.each(['', '/api', '/acme/shop'])('says what baseUrl has to be where it is "https://HOST%s"', async (path) => {
    const { origin } = new URL(world.fake.baseUrl);
    const lines = await Array.fromAsync(
      world
        .connect({ baseUrl: `${origin}${path}` })
        .forge({ repository: repositoryName })
        .diagnose?.() ?? [],
    );
    expect(lines).toMatchObject([{ ok: false, fix: expect.stringContaining('https://HOST/api/v3') }]);
  });

  it("says of an installation's token what it is, and what to set in its place", async () => {
    await using app = await createGithubWorld({ app: true });
    const forApp = app.connect().forge({ repository: repositoryName });
    const { password = '' } = await forApp.remote();
    const source = app.connect({ token: password }).source({ repository: repositoryName });
    const lines = await Array.fromAsync(source.diagnose?.() ?? []);
    expect(lines).toMatchObject([{ ok: false, fix: expect.stringMatching(/installation's token.*set app/) }]);
  });

  it('follows nothing to another host, and sends no credentials there', async () => {
    const heard: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      heard.push(request.headers.authorization);
      response.end('[]');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const location = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/issues`;
    try {
      const number = world.repository.openIssue(issue);
      const source = world.source();
      const always = { path: '/issues', times: Number.POSITIVE_INFINITY };
      world.fake.failNext({ kind: 'answer', status: 302, headers: { location }, body: {} }, always);
      expect((await failureOf(source.poll(query, null))).code).toBe('PROTOCOL_VIOLATION');
      expect(world.fake.requests).toHaveLength(1);
      expect((await failureOf(source.get(String(number)))).code).toBe('PROTOCOL_VIOLATION');
      world.fake.clearFaults();
      const change = { kind: 'change' as const, change: leadTo(location) };
      world.fake.failNext(change, { path: '/comments' });
      const comment = { issueId: String(number), topic: 'status', body: 'Working.' };
      expect((await failureOf(source.ensureComment(comment))).message).toMatch(/another host/);
      expect(heard).toEqual([]);
    } finally {
      other.closeAllConnections();
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it('notices redirects and pages that lead in circles', async () => {
    const number = String(world.repository.openIssue(issue));
    const source = world.source();
    const here = `${world.fake.baseUrl}/repos/acme/shop/issues/${number}/comments`;
    world.fake.failNext(
      { kind: 'change', change: leadTo(here) },
      { path: '/comments', times: Number.POSITIVE_INFINITY },
    );
    const comment = { issueId: number, topic: 'status', body: 'Working.' };
    expect((await failureOf(source.ensureComment(comment))).message).toMatch(/circles/);
    world.fake.clearFaults();
    world.fake.failNext(
      { kind: 'answer', status: 301, headers: { location: here }, body: {} },
      { path: '/comments', times: Number.POSITIVE_INFINITY },
    );
    expect((await failureOf(source.ensureComment(comment))).code).toBe('PROTOCOL_VIOLATION');
  });

  it('notices a list of issues that never goes on', async () => {
    for (let count = 0; count < 150; count += 1) world.repository.openIssue(issue);
    const sameAgain: HttpFault = {
      kind: 'change',
      change: (answer) => ({
        ...answer,
        body: Array.isArray(answer.body)
          ? answer.body.map((each: object) => ({ ...each, updated_at: '2026-01-01T00:00:00Z' }))
          : answer.body,
        headers: { ...answer.headers, link: '<http://x.example/>; rel="next"' },
      }),
    };
    // As if the host knew no pages and sent the first one for ever.
    world.fake.failNext(sameAgain, { path: '/issues?', times: Number.POSITIVE_INFINITY });
    const source = world.source();
    let cursor: string | null = null;
    const drain = async (): Promise<void> => {
      for (let pages = 0; pages < 20; pages += 1) cursor = (await source.poll(query, cursor)).cursor;
    };
    world.fake.failNext(sameAgain);
    expect((await failureOf(drain())).message).toMatch(/circles/);
  });
});

function leadTo(url: string): Extract<HttpFault, { readonly kind: 'change' }>['change'] {
  return (answer) => ({ ...answer, headers: { ...answer.headers, link: `<${url}>; rel="next"` } });
}
