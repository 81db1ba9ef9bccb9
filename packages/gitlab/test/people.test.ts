import type { IssueQuery, Permission } from '@baton/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGitlabWorld, type GitlabWorld } from './gitlab-world.js';

const query: IssueQuery = { labels: [], excludeLabels: [], assignee: null };
let world: GitlabWorld;

beforeEach(async () => {
  world = await createGitlabWorld();
});
afterEach(async () => {
  await world.dispose();
  expect(world.fake.unexpected).toEqual([]);
});

it('reads a permission off the access level, inherited ones included', async () => {
  const { project } = world;
  const { source, forge } = world.createGitlab();
  const said: readonly [number, Permission][] = [
    [0, 'none'],
    [5, 'none'],
    [10, 'read'],
    [15, 'read'],
    [20, 'read'],
    [25, 'read'],
    [30, 'write'],
    [40, 'admin'],
    [50, 'admin'],
  ];
  for (const [level, permission] of said) {
    const iid = project.openIssue({ title: String(level), body: '', author: `user-${level}` });
    project.setAccess(`user-${level}`, level);
    const author = (await source.get(String(iid)))?.author ?? expect.fail('no author');
    expect([await source.permission(author), await forge.permission(author)], String(level)).toEqual([
      permission,
      permission,
    ]);
  }
  expect(world.fake.requests.some(({ path }) => path.includes('/members/all/'))).toBe(true);
});

it('gives no permission to an account that is blocked, or whose membership has ended', async () => {
  const { project, fake } = world;
  const { source } = world.createGitlab();
  const iid = project.openIssue({ title: 'Cart', body: '', author: 'alice' });
  project.allow('alice', 'admin');
  const author = (await source.get(String(iid)))?.author ?? expect.fail('no author');
  for (const change of [{ state: 'blocked' }, { membership_state: 'awaiting' }, { expires_at: '2001-01-01' }]) {
    fake.failNext(
      { kind: 'change', change: (answer) => ({ ...answer, body: { ...Object(answer.body), ...change } }) },
      { path: '/members/all/' },
    );
    expect(await source.permission(author), JSON.stringify(change)).toBe('none');
  }
  expect(await source.permission(author)).toBe('admin');
});

it('takes the kind of an account from GitLab, not from its name, and asks once for each', async () => {
  const { project, fake } = world;
  fake.addBot('friendly');
  for (const author of ['friendly', 'project_7_bot_person', 'friendly']) {
    project.openIssue({ title: 'By', body: '', author });
  }
  const { source } = world.createGitlab();
  const page = await source.poll(query, null);
  const kinds = page.kind === 'changed' ? page.issues.map(({ author }) => author?.kind) : [];
  expect(kinds).toEqual(['bot', 'person', 'bot']);
  for (const iid of ['1', '2', '3']) await source.get(iid);
  const asked = fake.requests.filter(({ path }) => path.includes('/users/')).map(({ path }) => path);
  expect(asked.length).toBeLessThanOrEqual(3);
});

it('has no author where the account was deleted or cannot be found', async () => {
  const { project, fake } = world;
  const [gone, hidden] = ['leaver', 'hidden'].map((author) => project.openIssue({ title: 'By', body: '', author }));
  fake.removeAccount('leaver');
  const { source } = world.createGitlab();
  expect((await source.get(String(gone)))?.author).toBeNull();
  fake.failNext({ kind: 'answer', status: 404, body: { message: '404 User Not Found' } }, { path: '/users/' });
  expect((await source.get(String(hidden)))?.author).toBeNull();
  expect((await source.get(String(hidden)))?.author?.login).toBe('hidden');
});

it('refuses a label with a comma, which would be two', async () => {
  const { project } = world;
  const issueId = String(project.openIssue({ title: 'Cart', body: '', author: 'alice' }));
  const change = { issueId, add: ['a,b'], remove: [] };
  const { source } = world.createGitlab();
  await expect(source.ensureLabels(change)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  const query = { labels: ['a,b'], excludeLabels: [], assignee: null };
  await expect(source.poll(query, null)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
