import type { IssueQuery } from '@baton/core';
import type { HttpFault } from '@baton/fake-hosts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGitlabWorld, type GitlabWorld } from './gitlab-world.js';

// Rows of the table in docs/gitlab.md that no other test shows.

const query: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };
let world: GitlabWorld;

beforeEach(async () => {
  world = await createGitlabWorld();
});
afterEach(async () => {
  await world.dispose();
  expect(world.fake.unexpected).toEqual([]);
});

it('an id above 2^53', async () => {
  const { project, fake } = world;
  const [first, second] = ['First', 'Second'].map((title) =>
    project.openIssue({ title, body: '', author: 'alice', labels: ['baton'] }),
  );
  // As text, so that no digit is lost before it is read.
  const huge: HttpFault = {
    kind: 'change',
    change: (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'content-type': 'application/json' },
      body: JSON.stringify(answer.body).replace(/"id":\d+/, '"id":9007199254740993'),
    }),
  };
  const { source } = world.createGitlab();
  await source.find('999');
  fake.failNext(huge, { path: `/issues/${first}` });
  await expect(source.get(String(first))).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATION' });
  fake.failNext(huge, { path: '/issues?' });
  const page = await source.poll(query, null);
  expect(page.kind === 'changed' && page.issues.map(({ id }) => id)).toEqual([String(second)]);
  expect(world.logged.join('\n')).toMatch(/warn/);
});

it('403 insufficient_scope, by the token itself', async () => {
  const number = String(world.project.openIssue({ title: 'Cart', body: '', author: 'alice' }));
  world.fake.setScopes(['read_api']);
  const { source } = world.createGitlab();
  expect((await source.get(number))?.title).toBe('Cart');
  const comment = { issueId: number, topic: 'status', body: 'Working.' };
  await expect(source.ensureComment(comment)).rejects.toMatchObject({
    code: 'AUTH_FAILED',
    fix: expect.stringMatching(/scopes? api/),
  });
});
