import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeGithub, type FakeGithub, type FakeGithubRepository } from '../src/index.js';

const run = promisify(execFile);
let fake: FakeGithub;
let shop: FakeGithubRepository;
let now: number;

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${fake.baseUrl}${path}`, {
    ...init,
    headers: { authorization: `token ${fake.token}`, ...Object.fromEntries(new Headers(init.headers)) },
  });
const post = (path: string, body: unknown): Promise<Response> =>
  ask(path, { method: 'POST', body: JSON.stringify(body) });
const query = (text: string): Promise<Response> =>
  fetch(`${new URL(fake.baseUrl).origin}/api/graphql`, {
    method: 'POST',
    headers: { authorization: `bearer ${fake.token}` },
    body: JSON.stringify({ query: text, variables: { owner: 'acme', name: 'shop' } }),
  });

beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  fake = await createFakeGithub({ now: () => now, quota: 10 });
  shop = fake.repository('acme/shop');
});
afterEach(() => fake.close());

describe('the fake GitHub', () => {
  it('fails loudly where it is asked for what nobody built', async () => {
    expect((await ask('/repos/acme/shop/milestones')).status).toBe(599);
    expect((await query('query Unbuilt { repository(owner: "acme", name: "shop") { stargazerCount } }')).status).toBe(
      599,
    );
    expect((await query('query Broken { repository')).status).toBe(599);
    expect(fake.unexpected.map((each) => each.split(':')[0])).toEqual([
      'GET /api/v3/repos/acme/shop/milestones',
      'POST /api/graphql (Unbuilt)',
      'POST /api/graphql (Broken)',
    ]);
  });

  it('hands out what a selection asks for, and nothing else', async () => {
    shop.openIssue({ title: 'One', body: '', author: 'alice' });
    const answer = await query(`query Some($owner: String!, $name: String!) {
      repository(owner: $owner, name: $name) { first: issue(number: 1) { ...few } gone: issue(number: 2) { ...few } }
    }
    fragment few on Issue { title author { ... on User { login } ... on Bot { databaseId } } }`);
    expect(await answer.json()).toEqual({
      data: { repository: { first: { title: 'One', author: { login: 'alice' } }, gone: null } },
      errors: [expect.objectContaining({ type: 'NOT_FOUND', path: ['repository', 'gone'] })],
    });
  });

  it('counts every answer but a 304, and starts anew after the reset', async () => {
    const first = await ask('/repos/acme/shop/issues');
    const etag = first.headers.get('etag') ?? '';
    const again = (): Promise<Response> => ask('/repos/acme/shop/issues', { headers: { 'if-none-match': etag } });
    for (let index = 0; index < 20; index += 1) expect((await again()).status).toBe(304);
    expect((await again()).headers.get('x-ratelimit-remaining')).toBe('9');
    shop.openIssue({ title: 'One', body: '', author: 'alice' });
    expect((await again()).status).toBe(200);
    fake.setQuota('core', { remaining: 0 });
    expect((await ask('/repos/acme/shop/issues')).status).toBe(403);
    now += 3_601_000;
    expect((await ask('/repos/acme/shop/issues')).headers.get('x-ratelimit-remaining')).toBe('9');
    expect(fake.requests.filter((each) => each.counted)).toHaveLength(4);
  });

  it('leads from page to page', async () => {
    fake.setQuota('core', { remaining: 100, limit: 100 });
    for (let index = 1; index <= 7; index += 1) shop.openIssue({ title: `T${index}`, body: '', author: 'alice' });
    const titles: string[] = [];
    let next: string | undefined = `${fake.baseUrl}/repos/acme/shop/issues?per_page=3&direction=asc`;
    while (next) {
      const response: Response = await fetch(next, { headers: { authorization: `token ${fake.token}` } });
      const page = (await response.json()) as readonly { readonly title: string }[];
      titles.push(...page.map((each) => each.title));
      next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    }
    expect(titles).toEqual(['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7']);
  });

  it('refuses wrong credentials and tells nobody from nobody', async () => {
    for (const authorization of ['', 'token wrong', `Basic ${fake.token}`]) {
      expect((await ask('/user', { headers: { authorization } })).status).toBe(401);
    }
    fake.revokeTokens();
    expect((await ask('/user')).status).toBe(401);
  });

  it('fails as it is told, before or after the effect', async () => {
    fake.setQuota('core', { remaining: 100 });
    shop.openIssue({ title: 'One', body: '', author: 'alice' });
    const path = '/repos/acme/shop/issues/1/comments';
    const comment = (): Promise<Response> => post(path, { body: 'Hello.' });
    const count = (): number => shop.comments(1).length;
    fake.failNext({ kind: 'answer', status: 503 }, { method: 'POST', path: '/comments' });
    expect([(await ask('/user')).status, (await comment()).status, count()]).toEqual([200, 503, 0]);
    fake.failNext({ kind: 'reset' });
    await expect(comment()).rejects.toThrow();
    expect(count()).toBe(0);
    fake.failNext({ kind: 'answer-after', status: 502, body: {} });
    expect([(await comment()).status, count()]).toEqual([502, 1]);
    fake.failNext({ kind: 'lose-answer' });
    await expect(comment()).rejects.toThrow();
    expect(count()).toBe(2);
    fake.failNext({ kind: 'html' });
    expect([await (await comment()).text(), count()]).toEqual([expect.stringContaining('<html>'), 2]);
    for (const lengthFits of [true, false]) {
      fake.failNext({ kind: 'truncate', lengthFits });
      await expect(comment().then((response) => response.json())).rejects.toThrow();
    }
    fake.failNext({ kind: 'stall' });
    const stalled = await comment();
    const body = stalled.text().catch(() => 'cut');
    expect((await comment()).status).toBe(201);
    await fake.close();
    expect(await body).toBe('cut');
    expect(fake.unexpected).toEqual([]);
  });

  it('serves git, and knows the branches that were pushed', async () => {
    const root = await mkdtemp(join(tmpdir(), 'baton-fake-github-'));
    const real = await createFakeGithub({ gitRoot: root });
    const env = { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
    const git = async (...argv: string[]): Promise<string> => {
      const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
      return (await run('git', [...who, ...argv], { cwd: root, env })).stdout.trim();
    };
    try {
      await mkdir(join(root, 'acme'));
      await git('init', '-q', '--bare', '--initial-branch=main', 'acme/shop.git');
      const repository = real.repository('acme/shop');
      const { origin, host } = new URL(real.baseUrl);
      await expect(git('clone', '-q', `${origin}/acme/shop.git`, 'refused')).rejects.toThrow();
      await git('clone', '-q', `http://x:${real.token}@${host}/acme/shop.git`, 'clone');
      await writeFile(join(root, 'clone', 'a.txt'), 'one\n');
      await git('-C', 'clone', 'add', '.');
      await git('-C', 'clone', 'commit', '-q', '-m', 'first');
      await git('-C', 'clone', 'push', '-q', 'origin', 'HEAD:main');
      await git('-C', 'clone', 'commit', '-q', '--allow-empty', '-m', 'second');
      await git('-C', 'clone', 'push', '-q', 'origin', 'HEAD:topic');
      const made = await fetch(`${real.baseUrl}/repos/acme/shop/pulls`, {
        method: 'POST',
        headers: { authorization: `token ${real.token}` },
        body: JSON.stringify({ head: 'topic', base: 'main', title: 'T', body: '' }),
      });
      const sha = await git('-C', 'clone', 'rev-parse', 'HEAD');
      expect(await made.json()).toMatchObject({ head: { ref: 'topic', sha } });
      expect(repository.pulls()).toHaveLength(1);
      // Git is led on from a name that the repository had, on the same host.
      real.rename('acme/shop', 'acme-corp/store');
      const heads = (name: string, followed: string): Promise<string> =>
        git(
          '-c',
          `http.followRedirects=${followed}`,
          'ls-remote',
          `http://x:${real.token}@${host}/${name}.git`,
          'topic',
        );
      await expect(heads('acme/shop', 'false')).rejects.toThrow(/301/);
      expect(await heads('acme/shop', 'true')).toContain(sha);
      expect(await heads('acme-corp/store', 'false')).toContain(sha);
      expect(
        (await fetch(`${origin}/acme-corp/store`, { headers: { authorization: `token ${real.token}` } })).headers.get(
          'content-type',
        ),
      ).toContain('html');
    } finally {
      await real.close();
      await rm(root, { recursive: true, force: true });
    }
  });
});
