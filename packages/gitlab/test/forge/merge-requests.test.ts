import { BatonError, type PullRequestRequest } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { excerptOf } from '../../src/forge/job-log.js';
import { escapeQuickActions } from '../../src/host/quick-actions.js';
import { createGitlabWorld, type GitlabWorld } from '../gitlab-world.js';

const head = 'baton/issue-1';
const request: PullRequestRequest = {
  ...{ head, base: 'main', title: 'Count coupons once', draft: true, labels: ['baton'] },
  body: 'Closes #1\n\nIt counted them twice.',
};
let world: GitlabWorld;

beforeEach(async () => {
  world = await createGitlabWorld();
  await world.project.push(head);
});
afterEach(async () => {
  await world.dispose();
  expect(world.fake.unexpected).toEqual([]);
});

describe('a merge request', () => {
  for (const what of ['branch', 'lock'] as const) {
    it(`is opened once GitLab knows the ${what === 'branch' ? 'branch that was just pushed' : 'lock is gone'} (G34)`, async () => {
      world.project.lag(what, 3);
      const { action } = await world.createGitlab().forge.ensurePullRequest(request);
      expect(action).toBe('created');
      expect(world.slept).toEqual([250, 500, 1000]);
      expect(world.project.mergeRequests().length).toBe(1);
    });

    it(`is given up where the ${what} does not come right (G34)`, async () => {
      world.project.lag(what, 99);
      const error = await world
        .createGitlab()
        .forge.ensurePullRequest(request)
        .catch((caught: unknown) => caught);
      expect(BatonError.is(error) && error.code).toBe(what === 'branch' ? 'NOT_FOUND' : 'CONFLICT');
      expect(world.slept.length).toBe(5);
      expect(world.project.mergeRequests()).toEqual([]);
    });
  }

  it('waits no longer once it is aborted', async () => {
    world.project.lag('branch', 99);
    const [controller, reason] = [new AbortController(), new Error('stopped')];
    const { forge } = world.createGitlab();
    await forge.defaultBranch();
    world.fake.failNext(
      {
        kind: 'change',
        change: (answer) => {
          controller.abort(reason);
          return answer;
        },
      },
      { method: 'POST' },
    );
    await expect(forge.ensurePullRequest(request, { signal: controller.signal })).rejects.toBe(reason);
    expect(world.fake.requests.filter(({ method }) => method === 'POST').length).toBe(1);
  });

  it('is found again where a 502 came after it was opened (G32)', async () => {
    world.fake.failNext({ kind: 'answer-after', status: 502, body: 'Bad gateway' }, { method: 'POST' });
    const { action, pullRequest } = await world.createGitlab().forge.ensurePullRequest(request);
    expect(action).toBe('created');
    expect(world.project.mergeRequests().map(({ iid }) => String(iid))).toEqual([pullRequest.id]);
  });

  it('is left to the next call where a 502 came instead of it', async () => {
    world.fake.failNext({ kind: 'answer', status: 502, body: 'Bad gateway' }, { method: 'POST' });
    const { forge } = world.createGitlab();
    await expect(forge.ensurePullRequest(request)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect((await forge.ensurePullRequest(request)).action).toBe('created');
  });

  it('is taken over where somebody opened one just before (409, G15, G21)', async () => {
    world.fake.failNext(
      {
        kind: 'change',
        change: (answer) => {
          // The look before creating saw nothing; then another daemon was quicker.
          world.project.openMergeRequest({ head, title: 'Theirs', body: '', by: 'bob' });
          return { ...answer, body: [] };
        },
      },
      { method: 'GET', path: '/merge_requests?' },
    );
    const { action, pullRequest } = await world.createGitlab().forge.ensurePullRequest(request);
    expect([action, pullRequest.id]).toEqual(['updated', '1']);
    expect(world.project.mergeRequests().length).toBe(1);
  });

  it('of a fork with a branch of the same name is another', async () => {
    world.project.openMergeRequest({ head, title: 'From a fork', body: 'Mine.', by: 'mallory', fork: true });
    const { forge } = world.createGitlab();
    expect(await forge.findPullRequests({ head })).toEqual([]);
    expect((await forge.ensurePullRequest(request)).action).toBe('created');
    expect(world.project.mergeRequests().map(({ description }) => description)).toEqual(['Mine.', request.body]);
  });

  it('keeps the title that a person gave it, while the draft flag stays ours', async () => {
    const { forge } = world.createGitlab();
    const { pullRequest } = await forge.ensurePullRequest(request);
    await world.project.changeMergeRequest(pullRequest.number, { title: 'By hand' }, 'alice');
    await forge.ensurePullRequest({ ...request, title: 'Ours', draft: false });
    expect(world.project.mergeRequests()[0]?.title).toBe('By hand');
  });

  it('has its conflict told, and the title of a draft without its prefix', async () => {
    const { forge } = world.createGitlab();
    const { pullRequest } = await forge.ensurePullRequest(request);
    world.project.setConflicts(pullRequest.number, true);
    const [observation] = await forge.observe([{ id: pullRequest.id, cursor: null }]);
    expect(observation?.pullRequest).toMatchObject({ mergeable: 'conflict', draft: true });
    expect(world.project.mergeRequests()[0]?.title).toBe('Draft: Count coupons once');
  });
});

describe('a line that begins with a slash', () => {
  const body = '/close\ntext\n  /label ~wontfix\n\r\n/assign @mallory\r\n```\n/approve\n```\na /close in a line';

  it('is no command to GitLab, in whatever Baton writes', async () => {
    const { project, fake } = world;
    const { source, forge } = world.createGitlab();
    const iid = project.openIssue({ title: 'Cart', body: '', author: 'alice' });
    for (let round = 0; round < 2; round += 1) {
      const { pullRequest } = await forge.ensurePullRequest({ ...request, body: `${body}\n${round}` });
      await forge.ensureComment({ pullRequestId: pullRequest.id, topic: 'review', body: `${body}\n${round}` });
      await source.ensureComment({ issueId: String(iid), topic: 'status', body: `${body}\n${round}` });
    }
    expect(fake.quickActions).toEqual([]);
    const [stored] = project.mergeRequests();
    expect(stored?.description).toContain('\\/close\ntext\n  \\/label ~wontfix');
    const before = fake.changes;
    await forge.ensurePullRequest({ ...request, body: `${body}\n1` });
    await source.ensureComment({ issueId: String(iid), topic: 'status', body: `${body}\n1` });
    expect(fake.changes).toBe(before);
  });

  it('is escaped and nothing else is', () => {
    expect(escapeQuickActions('/a\n\t/b\r\n/c\rx/d\n\n/e\nhttps://x/y')).toBe(
      '\\/a\n\t\\/b\r\n\\/c\rx/d\n\n\\/e\nhttps://x/y',
    );
    expect(escapeQuickActions('no slash')).toBe('no slash');
  });
});

describe('an observation', () => {
  const open = async () => (await world.createGitlab().forge.ensurePullRequest(request)).pullRequest;
  const observe = async (id: string, cursor: string | null = null) => {
    const [observation] = await world.createGitlab().forge.observe([{ id, cursor }]);
    return observation ?? expect.fail('gone');
  };

  it('quotes the end of the log of each job that failed, and no job that may fail', async () => {
    const { id, number } = await open();
    const trace = `section_start:1:x\r\u001b[0Kbuilding\n${'noise\n'.repeat(2000)}\u001b[31mexpected 3, got 4\u001b[0m\n`;
    await world.project.setChecks(number, 'failed', trace);
    const { checks } = await observe(id);
    expect(checks.failures.map(({ name, url }) => [name, url?.includes('/-/jobs/')])).toEqual([['test', true]]);
    const excerpt = checks.failures[0]?.excerpt ?? '';
    expect(excerpt.endsWith('expected 3, got 4')).toBe(true);
    expect(excerpt.length).toBeLessThanOrEqual(4001);
  });

  it('stands without a log that was erased', async () => {
    const { id, number } = await open();
    await world.project.setChecks(number, 'failed');
    world.fake.failNext({ kind: 'answer', status: 404, body: { message: '404 Not found' } }, { path: '/trace' });
    expect((await observe(id)).checks.failures).toMatchObject([{ name: 'test', excerpt: '' }]);
  });

  it('says nothing of a pipeline of an older head', async () => {
    const { id, number } = await open();
    await world.project.setChecks(number, 'passed');
    expect((await observe(id)).checks.state).toBe('passed');
    await world.project.push(head);
    expect((await observe(id)).checks.state).toBe('none');
  });

  it('tells an approval without words, and one that was taken back no more', async () => {
    const { id, number } = await open();
    world.project.review(number, 'bob', 'approve');
    const first = await observe(id);
    expect(first.feedback).toMatchObject([{ author: { login: 'bob' }, body: '', verdict: 'approve' }]);
    expect((await observe(id, first.cursor)).feedback).toEqual([]);
    world.project.review(number, 'bob', 'unapprove');
    expect((await observe(id)).feedback).toEqual([]);
  });

  it('leaves out threads that are resolved', async () => {
    const { id, number } = await open();
    const note = world.project.comment({ mergeRequest: number }, 'bob', 'Why?', { path: 'a.ts', line: 3 });
    world.project.comment({ mergeRequest: number }, 'gone', 'And this?', { path: 'a.ts', line: 4 });
    const first = await observe(id);
    expect(first.feedback.length).toBe(2);
    world.project.resolve(note);
    world.fake.removeAccount('gone');
    expect((await observe(id, first.cursor)).feedback).toEqual([]);
    expect((await observe(id)).feedback).toMatchObject([{ author: null, body: 'And this?' }]);
  });

  it.each([
    ['as it is', (secret: string) => secret],
    ['with a colour inside', (secret: string) => `${secret.slice(0, 9)}\u001b[31m${secret.slice(9)}`],
  ])('leaves no part of a secret that lies across the cut of a log (%s)', async (_name, write) => {
    const { id, number } = await open();
    const secret = `tk-${'4f9a8c7e6d5b'.repeat(4)}`;
    // The cut falls into the secret, 20 characters before its end.
    await world.project.setChecks(number, 'failed', `${write(secret)}${'0'.repeat(3_980)}`);
    const { forge } = world.createGitlab({ mask: (text) => text.replaceAll(secret, '[SECRET]') });
    const [observation] = await forge.observe([{ id, cursor: null }]);
    const excerpt = observation?.checks.failures[0]?.excerpt ?? expect.fail('not told');
    expect(excerpt).toContain('000');
    expect(excerpt).not.toContain('6d5b4f9a');
  });

  it('takes what was overwritten and control sequences out of a log', () => {
    const log =
      'section_start:12:build[collapsed=true]\r\u001b[0K\u001b[36;1mBuilding\u001b[0;m\r\n10%\r50%\r100%\nend\u0007\n';
    expect(excerptOf(log, (text) => text)).toBe('Building\n100%\nend');
  });
});
