import type { IssueQuery, PullRequestRequest } from '@baton/core';
import type { HttpFault } from '@baton/fake-hosts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { retryAtOf } from '../src/host/map-error.js';
import { failureOf } from './failure-of.js';
import { createGithubWorld, type GithubWorld } from './github-world.js';

// Rows of the table in docs/github.md that no other test shows.

const query: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };
const issue = { title: 'Cart total', body: 'Off by one.', author: 'alice', labels: ['baton'] };
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

it('404 that means no permission, for a repository', async () => {
  const source = world.connect().source({ repository: 'acme/hidden' });
  const error = await failureOf(source.poll(query, null));
  expect(error.code).toBe('NOT_FOUND');
  expect(error.fix).toMatch(/no access/);
});

it('403: no permission, polled, briefed and written', async () => {
  const number = String(world.repository.openIssue(issue));
  await world[Symbol.asyncDispose]();
  world = await createGithubWorld({ fineGrained: true });
  world.repository.openIssue(issue);
  world.fake.setPermissions({ issues: 'none', pull_requests: 'none' });
  const source = world.source();
  const comment = { issueId: number, topic: 'status', body: 'Working.' };
  expect((await failureOf(source.poll(query, null))).code).toBe('PERMISSION_DENIED');
  expect((await failureOf(source.brief(number, query))).code).toBe('PERMISSION_DENIED');
  expect((await failureOf(source.ensureComment(comment))).code).toBe('PERMISSION_DENIED');
});

it('422: a pull request exists already', async () => {
  await world.repository.push(head);
  await world.forge().ensurePullRequest(request);
  // Somebody opened it between the look and the write.
  const unseen: HttpFault = { kind: 'change', change: (answer) => ({ ...answer, body: [] }) };
  world.fake.failNext(unseen, { method: 'GET', path: '/pulls?' });
  expect((await world.forge().ensurePullRequest(request)).action).toBe('unchanged');
  expect(world.fake.requests.some(({ status, path }) => status === 422 && path.endsWith('/pulls'))).toBe(true);
  expect(world.repository.pulls()).toHaveLength(1);
});

it('5xx, and it was done all the same', async () => {
  await world.repository.push(head);
  world.fake.failNext({ kind: 'answer-after', status: 502, body: 'Bad Gateway' }, { method: 'POST', path: /\/pulls$/ });
  const { action, pullRequest } = await world.forge().ensurePullRequest(request);
  expect([action, world.repository.pulls().map(({ number }) => String(number))]).toEqual(['created', [pullRequest.id]]);
});

it('304 that nobody asked for', async () => {
  const number = String(world.repository.openIssue(issue));
  world.fake.failNext({ kind: 'answer', status: 304 }, { path: '/issues', times: 2 });
  expect((await failureOf(world.source().get(number))).code).toBe('PROTOCOL_VIOLATION');
  expect((await failureOf(world.source().poll(query, null))).code).toBe('PROTOCOL_VIOLATION');
});

it.each([403, 429])('403 or 429: the quota is spent (%i)', (status) => {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1800' };
  expect(retryAtOf({ status, headers, message: 'API rate limit exceeded' }, 0)).toBe(1_800_000);
});
