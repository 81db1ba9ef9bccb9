import { createGateway, createSystemRuntime } from '@baton/adapter-kit';
import { BatonError, type BatonErrorCode, type IssueQuery } from '@baton/core';
import type { HttpFault } from '@baton/fake-hosts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../src/host/client.js';
import { retryAtOf } from '../src/host/map-error.js';
import { createGitlabWorld, type GitlabWorld, repository } from './gitlab-world.js';

const query: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };
let world: GitlabWorld;

beforeEach(async () => {
  world = await createGitlabWorld();
});
afterEach(async () => {
  await world.dispose();
  expect(world.fake.unexpected).toEqual([]);
});

async function failureOf(call: Promise<unknown>): Promise<BatonError> {
  try {
    await call;
  } catch (error) {
    if (BatonError.is(error)) {
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.fix} ${error.cause}`).not.toContain(
        world.fake.token,
      );
      return error;
    }
    throw error;
  }
  return expect.fail('the call succeeded');
}

const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpFault => ({
  kind: 'answer',
  status,
  headers,
  body,
});
const page = '<html><body>Not here.</body></html>';

describe('a bad answer to a read', () => {
  const cases: readonly [string, HttpFault, BatonErrorCode][] = [
    ['401: the token was revoked', answer(401, { message: '401 Unauthorized' }), 'AUTH_FAILED'],
    ['403: a scope is missing', answer(403, { error: 'insufficient_scope', scope: 'api' }), 'AUTH_FAILED'],
    ['403: no permission', answer(403, { message: '403 Forbidden' }), 'PERMISSION_DENIED'],
    ['403: blocked by address', answer(403, 'Forbidden\n'), 'PERMISSION_DENIED'],
    ['404: the project is hidden from us', answer(404, { message: '404 Project Not Found' }), 'PERMISSION_DENIED'],
    ['404 of somebody who is no GitLab', answer(404, page), 'UNAVAILABLE'],
    ['429', answer(429, 'Retry later\n'), 'RATE_LIMITED'],
    ['500', answer(500, { message: '500 Internal Server Error' }), 'UNAVAILABLE'],
    ['502 with a page', answer(502, page), 'UNAVAILABLE'],
    ['200 with a page (a proxy in trouble)', { kind: 'html' }, 'UNAVAILABLE'],
    [
      'an empty 200 (G18)',
      { kind: 'change', change: () => ({ status: 200, headers: { 'content-type': 'application/json' } }) },
      'UNAVAILABLE',
    ],
    ['an empty 204 (G18)', answer(204, undefined), 'UNAVAILABLE'],
    ['a 304 that nobody asked for (G18)', answer(304, undefined), 'UNAVAILABLE'],
    ['no list', answer(200, { message: 'ok' }), 'UNAVAILABLE'],
    ['JSON that ends in its middle', { kind: 'truncate', lengthFits: true }, 'UNAVAILABLE'],
    ['a connection that ends in the middle', { kind: 'truncate', lengthFits: false }, 'UNAVAILABLE'],
    ['a connection that is reset', { kind: 'reset' }, 'UNAVAILABLE'],
    [
      'a redirect to another host',
      answer(302, '', { location: 'http://192.0.2.1/api/v4/projects/1/issues' }),
      'PERMISSION_DENIED',
    ],
    [
      'a redirect to itself',
      {
        kind: 'change',
        change: (_, { path, query: asked }) => ({ status: 302, headers: { location: `${path}?${asked}` } }),
      },
      'PERMISSION_DENIED',
    ],
  ];
  for (const [name, fault, code] of cases) {
    it(`is ${code}: ${name}`, async () => {
      const { project, fake } = world;
      project.openIssue({ title: 'Cart', body: '', author: 'alice', labels: ['baton'] });
      const { source } = world.createGitlab();
      await source.find('1');
      fake.failNext(fault, { path: '/issues?', times: Number.POSITIVE_INFINITY });
      const error = await failureOf(source.poll(query, null));
      expect(error.code).toBe(code);
      expect(error.adapter).toBe('gitlab');
      fake.clearFaults();
      if (code !== 'RATE_LIMITED') expect((await source.poll(query, null)).kind).toBe('changed');
    });
  }

  it('is no "no such issue" where the project is hidden, or a proxy says 404', async () => {
    const { project, fake } = world;
    const { source } = world.createGitlab();
    const id = String(project.openIssue({ title: 'Cart', body: '', author: 'alice' }));
    expect(await source.get(id)).not.toBeNull();
    fake.failNext(answer(404, page), { path: '/issues/' });
    expect((await failureOf(source.get(id))).code).toBe('UNAVAILABLE');
    project.hide();
    expect((await failureOf(source.get(id))).code).toBe('PERMISSION_DENIED');
    const actor = { id: '999', login: 'stranger', kind: 'person' } as const;
    expect((await failureOf(source.permission(actor))).code).toBe('PERMISSION_DENIED');
    expect((await failureOf(world.createGitlab().forge.defaultBranch())).code).toBe('PERMISSION_DENIED');
  });

  it('is "no such issue" where the issue was deleted, and a closed one where it was moved', async () => {
    const { project } = world;
    const { source } = world.createGitlab();
    const [gone, moved] = ['Gone', 'Moved'].map((title) => project.openIssue({ title, body: '', author: 'alice' }));
    project.removeIssue(gone ?? 0);
    project.moveIssue(moved ?? 0);
    expect(await source.get(String(gone))).toBeNull();
    expect(await source.brief(String(gone), query)).toBeNull();
    expect((await source.get(String(moved)))?.state).toEqual({ unified: 'closed', raw: 'closed (moved)' });
  });

  it('in a shape that nobody can read is a PROTOCOL_VIOLATION for the one issue', async () => {
    const { project } = world;
    const id = project.openIssue({ title: 'Cart', body: '', author: 'alice' });
    project.breakIssue(id);
    expect((await failureOf(world.createGitlab().source.get(String(id)))).code).toBe('PROTOCOL_VIOLATION');
  });

  it('is survived once where a connection was closed just as it was used', async () => {
    const { project, fake } = world;
    const { source } = world.createGitlab();
    const id = String(project.openIssue({ title: 'Cart', body: '', author: 'alice' }));
    fake.failNext({ kind: 'reset' }, { path: '/issues/' });
    expect((await source.get(id))?.title).toBe('Cart');
  });

  it('tells what is left of a quota, whatever else it says', async () => {
    const { project } = world;
    const { source } = world.createGitlab();
    await source.get(String(project.openIssue({ title: 'Cart', body: '', author: 'alice' })));
    expect(source.quotas?.()).toEqual([
      { name: 'api', limit: expect.any(Number), remaining: expect.any(Number), resetAt: expect.any(Number) },
    ]);
  });

  it('comes too late: TIMEOUT, and an abort ends the wait with its reason', async () => {
    const { fake } = world;
    const runtime = createSystemRuntime();
    const gateway = createGateway({ host: 'fake', adapter: 'gitlab', runtime });
    const http = createHttpClient({ baseUrl: fake.origin, gateway, runtime, timeoutMs: 50 });
    const request = {
      method: 'GET',
      url: new URL(`${fake.origin}/api/v4/user`),
      headers: { 'private-token': fake.token },
    };
    fake.failNext({ kind: 'stall' }, { times: 2 });
    expect((await failureOf(http(request, { priority: 'job' }))).code).toBe('TIMEOUT');
    const patient = createHttpClient({ baseUrl: fake.origin, gateway, runtime });
    const [controller, reason] = [new AbortController(), new Error('stopped')];
    const call = patient(request, { priority: 'job', signal: controller.signal });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });
});

describe('a 429', () => {
  const now = Date.UTC(2026, 0, 1);
  const cases: readonly [string, Readonly<Record<string, string>>, number][] = [
    ['Retry-After in seconds', { 'retry-after': '17', 'ratelimit-reset': String(now / 1000 + 900) }, 17_000],
    ['Retry-After as a date', { 'retry-after': new Date(now + 120_000).toUTCString() }, 120_000],
    ['RateLimit-Reset alone', { 'ratelimit-reset': String(now / 1000 + 300) }, 300_000],
    ['a negative Retry-After', { 'retry-after': '-5', 'ratelimit-reset': 'soon' }, 60_000],
    ['Retry-After of nothing', { 'retry-after': '0' }, 60_000],
    ['nonsense', { 'retry-after': 'tomorrow', 'ratelimit-reset': '12' }, 60_000],
    ['a date long past', { 'retry-after': 'Mon, 01 Jan 2001 00:00:00 GMT', 'ratelimit-reset': '0' }, 60_000],
    ['a wait of years', { 'retry-after': '999999999' }, 60_000],
    ['nothing', {}, 60_000],
  ];
  for (const [name, headers, waitMs] of cases) {
    it(`says when to ask again: ${name}`, () => {
      expect(retryAtOf(new Headers(headers), now)).toBe(now + waitMs);
    });
  }

  it('holds back whatever is asked before that instant', async () => {
    const { fake } = world;
    fake.failNext(answer(429, 'Retry later\n', { 'retry-after': '3600' }), { path: '/projects/' });
    const { source, forge } = world.createGitlab();
    const error = await failureOf(source.poll(query, null));
    if (!BatonError.is(error, 'RATE_LIMITED')) throw error;
    expect(error.details.retryAt).toBeGreaterThan(Date.now() + 3_000_000);
    const sent = fake.requests.length;
    expect((await failureOf(forge.defaultBranch())).code).toBe('RATE_LIMITED');
    expect(fake.requests.length).toBe(sent);
  });
});

describe('paging', () => {
  const links: readonly [string, (link: string, origin: string) => string][] = [
    ['another host', (link, origin) => link.replaceAll(origin, 'http://192.0.2.1')],
    ['another list', (link) => link.replaceAll('/notes', '/discussions')],
    ['itself', (link) => link.replace('&page=2', '')],
  ];
  for (const [name, change] of links) {
    it(`that leads to ${name} is refused`, async () => {
      const { project, fake } = world;
      const iid = project.openIssue({ title: 'Cart', body: '', author: 'alice', labels: ['baton'] });
      for (let index = 0; index < 101; index += 1) project.comment({ issue: iid }, 'bob', `Comment ${index}`);
      const next = `${fake.origin}/api/v4/projects/${project.id}/issues/${iid}/notes?sort=asc&order_by=created_at&per_page=100&page=2`;
      fake.failNext(
        {
          kind: 'change',
          change: (given) => ({
            ...given,
            headers: { ...given.headers, link: change(`<${next}>; rel="next"`, fake.origin) },
          }),
        },
        { path: '/notes', times: 5 },
      );
      const error = await failureOf(world.createGitlab().source.brief(String(iid), query));
      expect(error.code).toBe('PROTOCOL_VIOLATION');
      expect(fake.requests.filter(({ path }) => path.includes('/notes')).length).toBe(1);
    });
  }

  it('sees every one of 250 comments (G20)', async () => {
    const { project } = world;
    const iid = project.openIssue({ title: 'Cart', body: '', author: 'alice' });
    for (let index = 0; index < 250; index += 1) project.comment({ issue: iid }, 'bob', `Comment ${index}`);
    project.changeIssue(iid, { labels: ['baton'] }, 'alice');
    const brief = await world.createGitlab().source.brief(String(iid), query);
    expect(brief?.comments.length).toBe(250);
  });
});

describe('the token', () => {
  it('is in no address, no log and no error, and goes to no other host', async () => {
    const { fake, project } = world;
    const id = String(project.openIssue({ title: 'Cart', body: '', author: 'alice', labels: ['baton'] }));
    const { source, forge } = world.createGitlab();
    await source.poll(query, null);
    await source.ensureComment({ issueId: id, topic: 'status', body: 'Working.' });
    await project.push('baton/issue-1');
    await forge.ensurePullRequest({
      head: 'baton/issue-1',
      base: 'main',
      title: 'T',
      body: 'B',
      draft: true,
      labels: [],
    });
    fake.failNext(answer(400, { message: `bad token ${fake.token}` }), { path: '/issues/' });
    const error = await failureOf(source.get(id));
    expect(error.message).toContain('[token]');
    // Cut in its middle, no mask would know it any more.
    const spelt = Buffer.from(`Bearer ${fake.token}`).toString('base64');
    fake.failNext(answer(400, { message: `${'p'.repeat(170)}${spelt}` }), { path: '/issues/' });
    expect((await failureOf(source.get(id))).message).not.toContain(spelt.slice(10, 24));
    expect(JSON.stringify([fake.requests, world.logged, source, forge, (await forge.remote()).url])).not.toContain(
      fake.token,
    );
    expect(await forge.remote()).toEqual({
      url: `${fake.origin}/${repository}.git`,
      username: 'oauth2',
      password: fake.token,
    });
  });

  it('that is revoked in the middle is AUTH_FAILED for whatever comes next', async () => {
    const { source, forge } = world.createGitlab();
    await source.poll(query, null);
    world.fake.revokeToken();
    const calls = [
      () => source.poll(query, null),
      () => forge.defaultBranch(),
      () => source.ensureComment({ issueId: '1', topic: 'a', body: '' }),
    ];
    for (const call of calls) {
      expect((await failureOf(call())).code).toBe('AUTH_FAILED');
    }
  });
});
