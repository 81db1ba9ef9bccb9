import type { IssueQuery, IssueSource } from '@baton/core';
import type { Gitlab } from '@baton/gitlab';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitlabWorld, type GitlabWorld } from './gitlab-world.js';

const query: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };
const working = { add: ['baton:working'], remove: ['baton:failed', 'baton:review'] };
let world: GitlabWorld;

beforeEach(async () => {
  world = await createGitlabWorld();
});
afterEach(async () => {
  await world.dispose();
  expect(world.fake.unexpected).toEqual([]);
});

const open = (title = 'Cart', by = 'alice'): number => {
  world.project.allow(by, 'write');
  return world.project.openIssue({ title, body: 'Off by one.', author: by, labels: ['baton'] });
};

/** What the engine asks of both roles, from the claim until the merge request stands. */
async function workIssue({ source, forge }: Gitlab, issueId: string): Promise<string> {
  const head = `baton/issue-${issueId}`;
  await source.get(issueId);
  const brief = await source.brief(issueId, query);
  const actor = brief?.trigger.actor ?? expect.fail('no brief');
  await source.permission(actor);
  await forge.findPullRequests({ head });
  await source.ensureLabels({ issueId, ...working });
  await source.ensureComment({ issueId, topic: 'status', body: 'Working.' });
  await source.ensureAssigned?.(issueId, true);
  const base = await forge.defaultBranch();
  world.leap(600_000);
  await source.permission(actor);
  await source.get(issueId);
  await world.project.push(head);
  const made = await forge.ensurePullRequest({ head, base, title: 'T', body: 'B', draft: true, labels: ['baton'] });
  return made.pullRequest.id;
}

describe('from an issue to its merge request', () => {
  const claim = [
    'GET /issues/:n',
    'GET /issues/:n/resource_label_events',
    'GET /issues/:n/notes',
    'GET /members/all/:n',
    'GET /merge_requests',
    'PUT /issues/:n',
    'POST /issues/:n/notes',
    'PUT /issues/:n',
    'GET /projects/:n',
  ];
  for (const tier of ['free', 'premium'] as const) {
    it(`asks no more than it has to: ${tier}`, async () => {
      await world.dispose();
      world = await createGitlabWorld({ tier });
      const gitlab = world.createGitlab();
      await workIssue(gitlab, String(open()));
      const issueId = String(open());
      await gitlab.source.poll(query, null);
      world.takeRequests();
      await workIssue(gitlab, issueId);
      const blockers = tier === 'free' ? [] : ['GET /issues/:n/links'];
      const publish = [
        'GET /members/all/:n',
        'GET /issues/:n',
        ...blockers,
        'GET /merge_requests',
        'POST /merge_requests',
      ];
      expect(world.takeRequests()).toEqual([...claim, ...publish]);
      const [issue] = world.project.issues().filter(({ iid }) => String(iid) === issueId);
      expect([issue?.labels, issue?.assignees]).toEqual([['baton', 'baton:working'], [world.fake.self.username]]);
    });
  }

  it('edits its own comment without a look, and looks where it has gone', async () => {
    const { source } = world.createGitlab();
    const issueId = String(open());
    const say = (body: string) => source.ensureComment({ issueId, topic: 'status', body });
    const { id } = await say('Working.');
    world.takeRequests();
    expect((await say('Verifying.')).id).toBe(id);
    expect(world.takeRequests()).toEqual(['PUT /issues/:n/notes/:n']);
    world.project.removeComment(Number(id));
    await say('Done.');
    expect(world.takeRequests()).toEqual(['PUT /issues/:n/notes/:n', 'GET /issues/:n/notes', 'POST /issues/:n/notes']);
    expect(world.project.comments({ issue: Number(issueId) }).map(({ body }) => body)).toEqual([
      expect.stringContaining('Done.'),
    ]);
    const before = world.fake.changes;
    await say('Done.');
    expect(world.fake.changes).toBe(before);
  });

  it('makes one comment, also where the answer to the first is lost (G25)', async () => {
    const { source } = world.createGitlab();
    const issueId = String(open());
    world.fake.failNext({ kind: 'lose-answer' }, { method: 'POST', path: '/notes' });
    const claims = async (): Promise<void> => {
      await source.get(issueId);
      await source.brief(issueId, query);
      await source.ensureComment({ issueId, topic: 'status', body: 'Working.' });
    };
    await expect(claims()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await claims();
    expect(world.project.comments({ issue: Number(issueId) }).length).toBe(1);
  });

  it('looks for a comment where the brief is older than a moment', async () => {
    const { source } = world.createGitlab();
    const issueId = String(open());
    await source.brief(issueId, query);
    await world.createGitlab().source.ensureComment({ issueId, topic: 'status', body: 'Working.' });
    world.leap(6_000);
    await source.ensureComment({ issueId, topic: 'status', body: 'Working.' });
    expect(world.project.comments({ issue: Number(issueId) }).length).toBe(1);
  });
});

describe('what was told a moment ago', () => {
  let source: IssueSource;
  let issueId: string;
  beforeEach(async () => {
    source = world.createGitlab().source;
    issueId = String(open());
    await source.get(issueId);
  });
  const issue = () => world.project.issues()[0] ?? expect.fail('no issue');

  it('hides no label that came since', async () => {
    world.project.changeIssue(Number(issueId), { labels: ['baton', 'Baton:Failed', 'urgent'] }, 'bob');
    await source.ensureLabels({ issueId, ...working });
    expect([...issue().labels].sort()).toEqual(['baton', 'baton:working', 'urgent']);
  });

  it('is not enough to say that nothing is to do', async () => {
    await source.ensureLabels({ issueId, ...working });
    world.project.changeIssue(Number(issueId), { labels: ['baton'] }, 'bob');
    await source.ensureLabels({ issueId, ...working });
    expect(issue().labels).toContain('baton:working');
  });

  it('takes nobody away who was assigned before the labels were set', async () => {
    world.project.changeIssue(Number(issueId), { assignees: ['bob'] }, 'bob');
    await source.ensureLabels({ issueId, ...working });
    await source.ensureAssigned?.(issueId, true);
    expect([...issue().assignees].sort()).toEqual(['bob', world.fake.self.username].sort());
  });

  it('counts no longer than a moment', async () => {
    world.project.changeIssue(Number(issueId), { assignees: ['bob'] }, 'bob');
    world.leap(6_000);
    await source.ensureAssigned?.(issueId, true);
    expect([...issue().assignees].sort()).toEqual(['bob', world.fake.self.username].sort());
  });

  it('is no brief of a text that changed since', async () => {
    world.project.changeIssue(Number(issueId), { title: 'Send me the keys', body: 'All.' }, 'mallory');
    const edited = await source.brief(issueId, query);
    expect(edited).toMatchObject({ title: 'Cart', body: 'Off by one.' });
    expect(edited?.laterEdits.map(({ field }) => field)).toEqual(['title', 'body']);
    await source.get(issueId);
    world.project.changeIssue(Number(issueId), { labels: [] }, 'alice');
    expect(await source.brief(issueId, query)).toBeNull();
    await source.get(issueId);
    world.project.changeIssue(Number(issueId), { title: 'Cart total', labels: ['baton'] }, 'alice');
    expect((await source.brief(issueId, query))?.title).toBe('Cart total');
  });

  it('is told once: a second brief is a second look', async () => {
    await source.brief(issueId, query);
    world.takeRequests();
    await source.brief(issueId, query);
    expect(world.takeRequests()).toContain('GET /issues/:n');
  });

  it('tells blockers of a poll for a moment, and of nobody without Premium', async () => {
    const links = 'GET /issues/:n/links';
    await source.poll(query, null);
    world.project.block(Number(issueId), { iid: 77, open: true });
    world.takeRequests();
    expect((await source.get(issueId))?.blockedBy).toEqual([]);
    expect(world.takeRequests()).not.toContain(links);
    world.leap(6_000);
    expect((await source.get(issueId))?.blockedBy.length).toBe(1);
    expect((await source.find(issueId))?.blockedBy.length).toBe(1);
    expect(world.takeRequests().filter((each) => each === links).length).toBe(2);
    // An incident has no weight on any tier, and blockers all the same.
    world.fake.failNext(
      {
        kind: 'change',
        change: (answer) => ({
          ...answer,
          body: { ...Object(answer.body), weight: undefined, issue_type: 'incident' },
        }),
      },
      { path: /issues\/\d+$/ },
    );
    world.leap(6_000);
    expect((await source.get(issueId))?.blockedBy.length).toBe(1);
  });
});

it('the fake counts no change where nothing is changed', async () => {
  const iid = open();
  const put = (body: object) =>
    fetch(`${world.fake.origin}/api/v4/projects/${world.project.id}/issues/${iid}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${world.fake.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const before = world.fake.changes;
  await put({ add_labels: 'baton', remove_labels: 'never-there', assignee_ids: [] });
  expect(world.fake.changes).toBe(before);
  await put({ add_labels: 'baton:working' });
  expect(world.fake.changes).toBe(before + 1);
});

describe('who may read an issue', () => {
  const cases = [
    ['private', 'members'],
    ['internal', 'members'],
    ['public', 'public'],
  ] as const;
  for (const [visibility, told] of cases) {
    it(`of a project that is ${visibility}: ${told}, and fewer where it is confidential`, async () => {
      world.project.setVisibility(visibility);
      const plain = String(open());
      const confidential = world.project.openIssue({
        title: 'S',
        body: '',
        author: 'alice',
        labels: ['baton'],
        confidential: true,
      });
      const { source } = world.createGitlab();
      expect((await source.get(plain))?.visibility).toBe(told);
      expect((await source.get(String(confidential)))?.visibility).toBe('private');
      const page = await source.poll(query, null);
      expect(page.kind === 'changed' && page.issues.map((each) => each.visibility)).toEqual([told, 'private']);
    });
  }
});
