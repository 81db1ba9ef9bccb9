import type { Cursor, IssuePage, IssueQuery, IssueSource } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueNumberOf } from '../src/host/reference.js';
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

const open = (title: string): number =>
  world.project.openIssue({ title, body: '', author: 'alice', labels: ['baton'] });
const titles = (page: IssuePage): readonly string[] =>
  page.kind === 'changed' ? page.issues.map(({ title }) => title) : [];

async function drain(source: IssueSource, cursor: Cursor | null): Promise<{ titles: string[]; cursor: Cursor }> {
  const found: string[] = [];
  let at = cursor;
  for (;;) {
    const page = await source.poll(query, at);
    found.push(...titles(page));
    at = page.cursor;
    if (page.kind === 'unchanged' || !page.more) return { titles: found, cursor: at };
  }
}

describe('a poll', () => {
  it('asks with the validator of the last answer, and takes a 304 for "nothing new" (G18)', async () => {
    const { fake } = world;
    const { source } = world.createGitlab();
    open('Cart');
    let { cursor } = await drain(source, null);
    const kinds: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const page = await source.poll(query, cursor);
      kinds.push(page.kind);
      cursor = page.cursor;
    }
    expect(kinds.slice(1)).toEqual(['unchanged', 'unchanged']);
    const polls = fake.requests.filter(({ path }) => path.includes('/issues?'));
    expect(polls.slice(-2).map(({ status }) => status)).toEqual([304, 304]);
    // One request, and nothing beside it.
    expect(fake.requests.slice(-2)).toEqual(polls.slice(-2));
  });

  it('takes no validator for a full page, which stays the same when another comes after it (G18, G20)', async () => {
    const { source } = world.createGitlab();
    const iid = open('Cart');
    const statuses = async () => {
      await source.brief(String(iid), query);
      return world.fake.requests.filter(({ path }) => path.includes('/notes')).map(({ status }) => status);
    };
    for (let index = 0; index < 99; index += 1) world.project.comment({ issue: iid }, 'bob', `Comment ${index}`);
    await statuses();
    expect(await statuses()).toEqual([200, 304]);
    world.project.comment({ issue: iid }, 'bob', 'The hundredth');
    await statuses();
    expect(await statuses()).toEqual([200, 304, 200, 200]);
  });

  it('sees what became visible late, with an instant that was passed already', async () => {
    const { source } = world.createGitlab();
    const late = open('Committed late');
    open('Cart');
    // The transaction of the first is still under way.
    world.fake.failNext(
      { kind: 'change', change: (answer) => ({ ...answer, body: JSON.parse(JSON.stringify(answer.body)).slice(1) }) },
      { path: '/issues?' },
    );
    const first = await drain(source, null);
    expect(first.titles).toEqual(['Cart']);
    const second = await drain(source, first.cursor);
    expect([late, second.titles]).toEqual([1, ['Committed late']]);
    expect((await drain(source, second.cursor)).titles).toEqual([]);
  });

  it('sees all of those that changed at the same instant, more than a page of them (G20)', async () => {
    const { source } = world.createGitlab();
    const { project } = world;
    for (let index = 0; index < 105; index += 1) {
      const labels = index % 15 === 14 ? ['baton'] : [];
      project.openIssue({ title: `Issue ${index}`, body: '', author: 'alice', labels });
    }
    const first = await drain(source, null);
    project.changeAllAtOnce();
    const second = await drain(source, first.cursor);
    expect(new Set(first.titles).size).toBe(7);
    expect(new Set(second.titles).size).toBe(7);
    expect((await drain(source, second.cursor)).titles).toEqual([]);
  });

  it('is not held up by an issue whose date lies in the future', async () => {
    const { source } = world.createGitlab();
    open('Cart');
    world.fake.failNext(
      {
        kind: 'change',
        change: (answer) => ({
          ...answer,
          body: JSON.parse(
            JSON.stringify(answer.body).replace(/"updated_at":"[^"]*"/, '"updated_at":"2999-01-01T00:00:00Z"'),
          ),
        }),
      },
      { path: '/issues?' },
    );
    const { cursor } = await drain(source, null);
    expect(JSON.parse(cursor).since).toBeLessThan(Date.now());
  });

  it('begins anew for another query, and with a cursor that is damaged', async () => {
    const { source } = world.createGitlab();
    open('Cart');
    const { cursor } = await drain(source, null);
    expect(titles(await source.poll({ ...query, excludeLabels: ['x'] }, cursor))).toEqual(['Cart']);
    expect(titles(await source.poll(query, '{"since":'))).toEqual(['Cart']);
  });

  it('tells what an issue is: confidential, blocked, by a bot', async () => {
    const { project, fake } = world;
    fake.addBot('triage');
    const iid = project.openIssue({
      ...{ title: 'Secret', body: 'Not for everybody.', author: 'triage', labels: ['baton'], confidential: true },
    });
    project.block(iid, { iid: 77, open: true });
    project.block(iid, { iid: 5, open: false, project: 'other/lib' });
    const page = await world.createGitlab().source.poll(query, null);
    const [issue] = page.kind === 'changed' ? page.issues : [];
    expect(issue).toMatchObject({
      key: `${repository}#${iid}`,
      visibility: 'private',
      author: { login: 'triage', kind: 'bot' },
      url: `${fake.origin}/${repository}/-/issues/${iid}`,
      blockedBy: [
        { key: `${repository}#77`, open: true },
        { key: 'other/lib#5', open: false },
      ],
    });
  });

  it('goes on after a rename, on the same host, and keys stay what they were', async () => {
    const { project, fake } = world;
    const { source, forge } = world.createGitlab();
    const iid = open('Cart');
    const { cursor } = await drain(source, null);
    project.rename('acme/shop');
    project.changeIssue(iid, { title: 'Cart total' }, 'alice');
    for (const each of [source, world.createGitlab().source]) {
      const page = await each.poll(query, each === source ? cursor : null);
      expect(page.kind === 'changed' && page.issues.map(({ key, title }) => [key, title])).toEqual([
        [`${repository}#${iid}`, 'Cart total'],
      ]);
      await each.ensureComment({ issueId: String(iid), topic: 'status', body: 'Working.' });
      expect((await each.find(`acme/shop#${iid}`))?.id).toBe(String(iid));
      expect((await each.find(`${repository}#${iid}`))?.id).toBe(String(iid));
    }
    expect((await world.createGitlab().forge.remote()).url).toBe(`${fake.origin}/acme/shop.git`);
    expect(forge.repository).toBe(repository);
  });
});

describe('find', () => {
  it('knows neither merge requests nor other projects nor other hosts', async () => {
    const { fake } = world;
    open('Cart');
    const { source } = world.createGitlab();
    for (const reference of [
      '!1',
      `${repository}!1`,
      'other/project#1',
      `https://gitlab.example/${repository}/-/issues/1`,
      `${fake.origin}/${repository}/-/merge_requests/1`,
      `${fake.origin}/other/${repository}/-/issues/1`,
      'javascript:1',
      '99999999999999999999',
    ]) {
      expect(await source.find(reference), reference).toBeNull();
    }
  });

  it('knows a GitLab below a path of its host', () => {
    const place = { baseUrl: 'https://example.com/tools/gitlab', paths: [repository] };
    expect(issueNumberOf(`https://example.com/tools/gitlab/${repository}/-/issues/12`, place)).toBe(12);
    expect(issueNumberOf(`https://example.com/${repository}/-/issues/12`, place)).toBeNull();
    expect(issueNumberOf(`https://example.com/tools/gitlab/x/${repository}/-/issues/12`, place)).toBeNull();
  });
});
