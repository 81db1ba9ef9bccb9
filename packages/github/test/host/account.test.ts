import { connectAdapter, createSystemRuntime } from '@baton/adapter-kit';
import { type AdapterHost, BatonError, type IssueQuery } from '@baton/core';
import type { HttpFault } from '@baton/fake-hosts';
import github from '@baton/github';
import { createMemoryHost } from '@baton/memory';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../failure-of.js';
import { createGithubWorld, type GithubWorld, repositoryName } from '../github-world.js';

const query: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };
const issue = { title: 'Cart total', body: 'Off by one.', author: 'alice', labels: ['baton'] };
let world: GithubWorld;

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

function hostWith(secrets: Readonly<Record<string, string>>, lines: string[] = []): AdapterHost {
  return createMemoryHost({
    runtime: createSystemRuntime(),
    secrets,
    log: (level, message, fields) => void lines.push(`${level} ${message} ${JSON.stringify(fields)}`),
  });
}

describe('a GitHub App', () => {
  it('works as its bot, with short-lived passwords for git, and without being assigned', async () => {
    world = await createGithubWorld({ app: true });
    const number = String(world.repository.openIssue(issue));
    const account = world.connect();
    const source = account.source({ repository: repositoryName });
    const { id } = await source.ensureComment({ issueId: number, topic: 'status', body: 'Working.' });
    expect(world.repository.comments(Number(number))).toMatchObject([{ id: Number(id), author: 'baton[bot]' }]);
    expect(await source.ensureComment({ issueId: number, topic: 'status', body: 'Done.' })).toEqual({ id });
    expect((await source.brief(number, query))?.comments).toEqual([]);
    expect(source.ensureAssigned).toBeUndefined();
    const remote = await account.forge({ repository: repositoryName }).remote();
    expect(remote.password).toMatch(/^ghs_/);
    expect(world.fake.unexpected).toEqual([]);
  });

  it('tells no part of what it was let in by, however a host that quotes it writes it', async () => {
    world = await createGithubWorld({ app: true });
    world.repository.openIssue(issue);
    const account = world.connect();
    const { password = '' } = await account.forge({ repository: repositoryName }).remote();
    const source = account.source({ repository: repositoryName });
    for (const encoding of ['base64', 'hex'] as const) {
      for (const before of [0, 170]) {
        const told = Buffer.from(password).toString(encoding);
        const message = `${'p'.repeat(before)} ${told}`;
        world.fake.failNext({ kind: 'answer', status: 403, body: { message } }, { path: '/issues' });
        const error = await failureOf(source.poll(query, null));
        expect(error.message).toContain('403');
        expect(error.message).not.toContain(told.slice(8, 16));
      }
    }
  });
});

describe('the adapter package', () => {
  it('serves both roles by one client, and all projects of a daemon by one gateway', async () => {
    world = await createGithubWorld();
    world.repository.openIssue(issue);
    const settings = { repository: repositoryName, baseUrl: world.fake.baseUrl };
    const host = hostWith({ GITHUB_TOKEN: world.fake.token });
    const one = await connectAdapter(github, 'source', settings, host);
    const other = await connectAdapter(github, 'source', { ...settings, repository: 'acme/api' }, host);
    world.fake.repository('acme/api');
    // What one learns of the quota holds for the other.
    world.fake.setQuota('core', { limit: 4, remaining: 4 });
    expect((await one.poll(query, null)).kind).toBe('changed');
    expect(other.quotas?.()).toEqual([
      { name: 'core', limit: 4, remaining: expect.any(Number), resetAt: expect.any(Number) },
    ]);
    const count = world.fake.requests.length;
    expect((await failureOf(other.poll(query, null))).code).toBe('RATE_LIMITED');
    expect(world.fake.requests.length).toBe(count);
  });

  it('asks about the repositories of every connection at once', async () => {
    world = await createGithubWorld();
    const host = hostWith({ GITHUB_TOKEN: world.fake.token });
    const sources = Array.from({ length: 12 }, (_, index) => {
      const settings = { repository: `acme/r${index}`, baseUrl: world.fake.baseUrl };
      world.fake.repository(settings.repository).openIssue(issue);
      return connectAdapter(github, 'source', settings, host);
    });
    const pages = await Promise.all((await Promise.all(sources)).map((source) => source.poll(query, null)));
    expect(pages.flatMap((page) => (page.kind === 'changed' ? page.issues : []))).toHaveLength(12);
    const looks = world.fake.requests.filter((each) => each.operation === 'WhichRepositoriesChanged');
    expect(looks).toHaveLength(1);
  });

  it.each([
    [{}, 'repository'],
    [{ repository: 'acme' }, 'repository'],
    [{ repository: 'acme/../shop' }, 'repository'],
    [{ repository: repositoryName, baseUrl: 'http://github.example.com/api/v3' }, 'baseUrl'],
    [{ repository: repositoryName, baseUrl: 'https://me:secret@github.example.com' }, 'baseUrl'],
    [{ repository: repositoryName, baseUrl: 'github.example.com' }, 'baseUrl'],
    [{ repository: repositoryName, remote: 'https://me:secret@github.example.com/acme/shop.git' }, 'remote'],
    [{ repository: repositoryName, remote: '--upload-pack=x' }, 'remote'],
    [{ repository: repositoryName, app: { id: 1 } }, 'app.installation'],
    [{ repository: repositoryName, reviewers: [7] }, 'reviewers.0'],
  ])('refuses %j', async (settings, setting) => {
    world = await createGithubWorld();
    const host = hostWith({ GITHUB_TOKEN: 'x' });
    const error = await failureOf(connectAdapter(github, 'source', settings, host));
    if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
    expect(error.details.setting).toBe(setting);
    expect(error.message).not.toContain('secret');
  });

  it('names the variable that holds no token', async () => {
    world = await createGithubWorld();
    const settings = { repository: repositoryName, tokenEnv: 'OTHER_TOKEN' };
    const error = await failureOf(connectAdapter(github, 'forge', settings, hostWith({})));
    if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
    expect(error.details.environmentVariable).toBe('OTHER_TOKEN');
  });
});

describe('the token', () => {
  it('is in no error, log line or address, whatever goes wrong (G28)', async () => {
    // No pattern knows it for a token.
    world = await createGithubWorld({ token: 'c0ffee42'.repeat(5) });
    const number = String(world.repository.openIssue(issue));
    const { token } = world.fake;
    const echo = `bad ${token} and Bearer ${token}`;
    const faults: readonly HttpFault[] = [
      ...[400, 401, 403, 404, 409, 410, 422, 429, 451, 500, 502].map((status) => ({
        kind: 'answer' as const,
        status,
        // A proxy that prints what it was sent.
        body: { message: echo, errors: [{ message: echo }] },
      })),
      { kind: 'reset' },
      { kind: 'html' },
      { kind: 'truncate', lengthFits: false },
      {
        kind: 'answer',
        status: 302,
        headers: { location: `http://elsewhere.example/?access_token=${token}` },
        body: {},
      },
      { kind: 'answer', status: 200, body: { data: null, errors: [{ type: 'FORBIDDEN', message: echo }] } },
      { kind: 'answer', status: 200, body: { token } },
    ];
    const said: string[] = [];
    for (const fault of faults) {
      const account = world.connect();
      const [source, forge] = [
        account.source({ repository: repositoryName }),
        account.forge({ repository: repositoryName }),
      ];
      world.fake.failNext(fault, { times: Number.POSITIVE_INFINITY });
      const calls: readonly (() => Promise<unknown>)[] = [
        () => source.poll(query, null),
        () => source.get(number),
        () => source.brief(number, query),
        () => source.permission({ id: '1', login: 'alice', kind: 'person' }),
        () => source.ensureComment({ issueId: number, topic: 'status', body: 'x' }),
        () => forge.observe([{ id: number, cursor: null }]),
        () => Array.fromAsync(forge.diagnose?.() ?? []),
      ];
      for (const call of calls) {
        said.push(
          await call().then(
            (value) => JSON.stringify(value),
            (error: unknown) => describeWhole(error),
          ),
        );
      }
      world.fake.clearFaults();
    }
    expect(said.join('\n').length).toBeGreaterThan(5000);
    for (const text of [...said, ...world.lines, ...world.fake.requests.map((each) => each.path), ...process.argv]) {
      expect(text).not.toContain(token);
    }
  });
});

/** Everything that a log could print of an error, causes and own fields too. */
function describeWhole(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = JSON.stringify(error, Object.getOwnPropertyNames(error));
  const details = BatonError.is(error) ? JSON.stringify([error.details, error.fix]) : '';
  return `${error.stack} ${own} ${details} ${error.cause === undefined ? '' : describeWhole(error.cause)}`;
}
