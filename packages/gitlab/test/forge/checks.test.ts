import type { CheckSummary } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitlabWorld, type GitlabWorld } from '../gitlab-world.js';

let world: GitlabWorld;
let number: number;

beforeEach(async () => {
  world = await createGitlabWorld();
  await world.project.push('baton/issue-1');
  number = world.project.openMergeRequest({ head: 'baton/issue-1', title: 'Mend', body: '', by: 'bob' });
});

afterEach(async () => {
  await world.dispose();
  expect(world.fake.unexpected).toEqual([]);
});

async function look(): Promise<CheckSummary> {
  const [seen] = await world.createGitlab().forge.observe([{ id: String(number), cursor: null }]);
  return seen?.checks ?? expect.fail('gone');
}

const named = ({ state, failures, notes }: CheckSummary) => ({
  state,
  failures: failures.map(({ name, excerpt }) => [name, excerpt]),
  notes: notes.map(({ name, what }) => [name, what]),
});

describe('a red pipeline', () => {
  it('tells the jobs of the pipelines that it started, however deep', async () => {
    await world.project.setJobs(number, [
      { name: 'build', status: 'success' },
      {
        name: 'shop',
        kind: 'bridge',
        status: 'failed',
        started: [
          { name: 'lint', status: 'failed', allowFailure: true },
          { name: 'test', status: 'failed', trace: 'cart: expected 3, got 4' },
          {
            name: 'docs',
            kind: 'bridge',
            status: 'failed',
            started: [{ name: 'links', status: 'failed', trace: '404' }],
          },
        ],
      },
    ]);
    expect(named(await look())).toEqual({
      state: 'failed',
      failures: [
        ['shop / test', 'cart: expected 3, got 4'],
        ['shop / docs / links', '404'],
      ],
      notes: [],
    });
  });

  it('tells the bridge where what it started is not ours to see, or never began', async () => {
    await world.project.setJobs(number, [{ name: 'deploy', kind: 'bridge', status: 'failed' }]);
    expect(named(await look())).toEqual({ state: 'failed', failures: [['deploy', '']], notes: [] });
  });

  it('tells what services outside GitLab say', async () => {
    await world.project.setJobs(number, [
      { name: 'test', status: 'success' },
      { name: 'coverage', kind: 'outside', status: 'failed', trace: '71 % is less than 80 %' },
      { name: 'sonar', kind: 'outside', status: 'failed', allowFailure: true },
    ]);
    const told = await look();
    expect(named(told)).toEqual({ state: 'failed', failures: [['coverage', '71 % is less than 80 %']], notes: [] });
    expect(told.failures[0]?.url).toContain('/outside/');
  });

  it('tells why its configuration can’t be read', async () => {
    await world.project.setJobs(number, [], { yamlErrors: 'jobs:test config should implement a script' });
    expect((await look()).failures).toMatchObject([{ excerpt: 'jobs:test config should implement a script' }]);
  });

  it('is waited for where its red job was started again since', async () => {
    await world.project.setJobs(number, [{ name: 'test', status: 'failed' }]);
    const id = JSON.stringify([{ id: 7, name: 'test', status: 'running' }]);
    world.fake.failNext({ kind: 'answer', status: 200, body: JSON.parse(id) }, { path: /\/pipelines\/\d+\/jobs/ });
    world.fake.failNext({ kind: 'answer', status: 200, body: [] }, { path: /\/statuses/ });
    expect(await look()).toMatchObject({ state: 'pending', failures: [] });
  });

  it('names more jobs than fit on a page', async () => {
    const jobs = Array.from({ length: 130 }, (_, index) => ({ name: `test ${index}`, status: 'success' }));
    await world.project.setJobs(number, [...jobs, { name: 'last', status: 'failed' }]);
    expect((await look()).failures.map(({ name }) => name)).toEqual(['last']);
  });
});

describe('a pipeline of merged results', () => {
  const red = [{ name: 'test', status: 'failed' }];

  it('counts for the head that it merges', async () => {
    await world.project.setJobs(number, red, { merged: true });
    expect((await look()).state).toBe('failed');
  });

  it('says nothing of a head that was pushed since', async () => {
    await world.project.setJobs(number, red, { merged: true });
    await world.project.push('baton/issue-1');
    expect(await look()).toEqual({ state: 'none', failures: [], notes: [] });
  });

  it('says nothing where GitLab doesn’t tell of which head it is, and is asked again', async () => {
    const { forge } = world.createGitlab();
    const see = async () => (await forge.observe([{ id: String(number), cursor: null }]))[0]?.checks.state;
    await world.project.setJobs(number, red, { merged: true });
    const body = { data: null, errors: [{ message: 'Request timed out' }] };
    for (let looks = 0; looks < 2; looks += 1) {
      world.fake.failNext({ kind: 'answer', status: 200, body }, { path: '/api/graphql' });
      expect(await see()).toBe('none');
      world.leap(100_000);
    }
    expect(await see()).toBe('failed');
  });
});

describe('what is over without a result', () => {
  it('is noted, and no failure', async () => {
    await world.project.setJobs(number, [
      { name: 'test', status: 'canceled' },
      { name: 'lint', status: 'success' },
    ]);
    expect(named(await look())).toEqual({ state: 'none', failures: [], notes: [['test', 'canceled']] });
    await world.project.setJobs(number, [{ name: 'test', status: 'skipped' }]);
    expect(named(await look())).toEqual({ state: 'none', failures: [], notes: [['pipeline', 'skipped']] });
  });

  it('hides no red job behind one that waits for a person', async () => {
    await world.project.setJobs(number, [
      { name: 'deploy', status: 'manual' },
      { name: 'test', status: 'failed', trace: '1 failed' },
    ]);
    expect(named(await look())).toEqual({
      state: 'failed',
      failures: [['test', '1 failed']],
      notes: [['deploy', 'manual']],
    });
  });
});
