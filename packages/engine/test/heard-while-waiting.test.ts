import { BatonError, type JobStore } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../src/index.js';
import { settle } from './memory-world.js';
import { createRelay, fix } from './relay.js';
import { asking, askingFirst, hour, hours, type Relay } from './waiting-relay.js';

describe('a job that waits for a person hears', () => {
  it('that its pull request was merged', async () => {
    const relay = await asking();
    relay.forge.merge(1);
    await hours(relay, 1);
    expect(await relay.job()).toMatchObject({ phase: 'done', outcome: 'merged' });
  });

  it('that its pull request was closed', async () => {
    const relay = await asking();
    relay.forge.closePull(1);
    await hours(relay, 1);
    expect(await relay.job()).toMatchObject({ phase: 'cancelled', outcome: 'closed' });
  });

  it('what reviewers say, once', async () => {
    const prompts: string[] = [];
    const relay = await asking(prompts);
    relay.forge.review(1, { body: 'Call it greet.' });
    await hours(relay, 3);
    expect(prompts).toHaveLength(3);
    expect(prompts[2]).toContain('Call it greet.');
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', round: 2 });
  });

  it.each<[string, string, (relay: Relay) => void]>([
    ['closed', 'The issue was closed', ({ source }) => source.closeIssue('1')],
    ['transferred or deleted', 'gone', ({ source }) => source.removeIssue('1')],
    [
      'no longer handed over',
      'It lacks the label baton',
      ({ source }) => source.setLabels('1', ['baton:needs-person']),
    ],
  ])('that its issue is %s', async (_, reason, change) => {
    const relay = await askingFirst();
    change(relay);
    await hours(relay, 2);
    const job = await relay.job();
    expect(job).toMatchObject({ phase: 'cancelled', outcome: 'cancelled' });
    expect(viewJob(job).reason).toContain(reason);
  });

  it('that the issue was handed over again, with a text that somebody wrote who may', async () => {
    const relay = createRelay();
    relay.source.people.set('mallory', 'read');
    relay.source.seed({ labels: ['baton'] });
    relay.source.edit('1', { body: 'evil' }, 'mallory');
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    const labels = (await relay.source.get('1'))?.labels ?? [];
    relay.runtime.clock.advance(60_000);
    relay.source.edit('1', { body: 'good' }, 'alice');
    relay.source.setLabels('1', ['baton:needs-person']);
    relay.source.setLabels('1', labels, 'alice');
    relay.runtime.clock.advance(60_000);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
  });

  it('nothing from a host that is away, and goes on waiting', async () => {
    const relay = await askingFirst();
    const comments = relay.source.comments('1').length;
    relay.source.failures.set('get', new BatonError('UNAVAILABLE', 'The host is away.', { details: {} }));
    await hours(relay, 5);
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    expect(relay.source.comments('1')).toHaveLength(comments);
    relay.source.failures.clear();
    relay.source.closeIssue('1');
    await hours(relay, 2);
    expect(await relay.job()).toMatchObject({ outcome: 'cancelled' });
  });
});

describe('what people are told', () => {
  it('of a conflict with the base goes when it is resolved, and stands beside what else is told', async () => {
    const relay = createRelay(fix);
    relay.source.people.set('bob', 'write');
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const reason = async () => viewJob(await relay.job()).reason;
    const told = (): string => relay.source.comments('1').at(-1)?.body ?? '';
    relay.forge.setMergeable(1, 'conflict');
    await hours(relay, 1);
    expect(await reason()).toContain('It conflicts with its base branch');
    expect(told()).toContain('It conflicts with its base branch');
    relay.forge.setMergeable(1, 'unknown');
    await hours(relay, 2);
    expect(await reason()).toContain('It conflicts with its base branch');
    relay.forge.setMergeable(1, 'yes');
    await hours(relay, 1);
    expect(await reason()).toBeNull();
    expect(told()).not.toContain('conflicts');
    const head = relay.remote.branches.get('baton/issue-1') ?? '';
    const tree = relay.remote.commits.get(head)?.tree ?? '';
    relay.remote.branches.set('baton/issue-1', relay.remote.addCommit({ tree, parents: [head], message: 'By hand' }));
    relay.forge.review(1, { body: 'Name it better.' });
    relay.forge.setMergeable(1, 'conflict');
    await hours(relay, 1);
    expect(await reason()).toMatch(/Somebody pushed to the branch.*It conflicts with its base branch/);
  });

  it('of a job that was cancelled while its pull request was being opened names that one', async () => {
    const relay = createRelay(fix);
    relay.source.seed({ labels: ['baton'] });
    const { ensurePullRequest } = relay.forge;
    const forge = {
      ...relay.forge,
      async ensurePullRequest(...request: Parameters<typeof ensurePullRequest>) {
        await ensurePullRequest(...request);
        await relay.store.signal((await relay.job()).id, { type: 'cancel', data: null });
        return new Promise<never>((_, reject) => {
          request[1]?.signal?.addEventListener('abort', () => reject(request[1]?.signal?.reason));
        });
      },
    };
    const baton = relay.create({ projects: [{ ...relay.project, forge }] });
    await relay.drive(baton.runOnce());
    await baton.stop();
    const job = await relay.job();
    expect(job).toMatchObject({ outcome: 'cancelled' });
    expect(viewJob(job).pullRequest).toMatchObject({ number: 1, state: 'open' });
    expect(relay.source.comments('1').at(-1)?.body).toContain('stands open: close it');
  });
});

describe('an answer', () => {
  it('comes with its question, since the next turn’s agent never heard it', async () => {
    const prompts: string[] = [];
    const relay = createRelay(async (turn, key) => {
      prompts.push(turn.prompt);
      if (prompts.length === 1) return { outcome: 'needs-person', summary: 'Which of the two names is meant?' };
      return fix(turn, key);
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    await relay.store.signal((await relay.job()).id, { type: 'steer', data: { message: 'The second.' } });
    await hours(relay, 1);
    expect(prompts[1]).toContain('Which of the two names is meant?');
    expect(prompts[1]).toContain('The second.');
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
  });
});

describe('a person’s no', () => {
  it('to what a later round asks leaves the pull request in sight', async () => {
    const relay = await asking();
    await relay.store.signal((await relay.job()).id, { type: 'reject', data: { message: 'no' } });
    relay.runtime.clock.advance(1_000);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', outcome: null });
    relay.forge.merge(1);
    await hours(relay, 1);
    expect(await relay.job()).toMatchObject({ outcome: 'merged' });
  });

  it('by taking the label off while it is worked keeps it from being handed in', async () => {
    const relay = createRelay(async (turn, key) => {
      relay.source.setLabels('1', ['baton:working']);
      return fix(turn, key);
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(0);
    expect(await relay.job()).toMatchObject({ outcome: 'cancelled' });
  });

  it('before the first turn costs no turn', async () => {
    let turns = 0;
    const relay = createRelay(async (turn, key) => {
      turns += 1;
      return fix(turn, key);
    });
    relay.source.seed({ labels: ['baton'] });
    const [{ agent }] = relay.project.agents;
    const away = {
      ...agent,
      start: async (): Promise<never> => {
        throw new BatonError('UNAVAILABLE', 'Not now.', { details: {} });
      },
    };
    const first = relay.create({ projects: [{ ...relay.project, agents: [{ agent: away, model: null }] }] });
    await first.runOnce();
    await first.stop();
    relay.source.closeIssue('1');
    await hours(relay, 1);
    expect(turns).toBe(0);
    expect(await relay.job()).toMatchObject({ outcome: 'cancelled' });
  });
});

describe('a question whose daemon dies before it is shown', () => {
  it('is looked after by the next one, though nothing brings its issue by', async () => {
    const relay = createRelay(async () => ({ outcome: 'needs-person', summary: 'Which name?' }));
    relay.source.seed({ labels: ['baton'] });
    const store: JobStore = {
      ...relay.store,
      async record(lease, change, call) {
        const recorded = await relay.store.record(lease, change, call);
        if (change.entries.every(({ type }) => type !== 'waiting')) return recorded;
        relay.store.crash('mortal');
        return new Promise(() => {});
      },
    };
    void relay.create({ store, worker: 'mortal' }).runOnce();
    for (let rest = 0; rest < 5; rest += 1) await settle();
    expect(await relay.job()).toMatchObject({ wait: 'needs-person' });
    relay.source.removeIssue('1');
    for (let look = 0; look < 3; look += 1) {
      relay.runtime.clock.advance(hour);
      await relay.runOnce();
    }
    expect(await relay.job()).toMatchObject({ outcome: 'cancelled' });
  });
});

describe('what a person chose', () => {
  it('as the base of a pull request stays', async () => {
    let turns = 0;
    const relay = createRelay(async (turn) => {
      turns += 1;
      await turn.workspace.writeFile('app.txt', `mended ${turns}\n`);
      return {};
    });
    relay.source.people.set('bob', 'write');
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.remote.branches.set('release', relay.remote.branches.get('main') ?? '');
    relay.forge.edit(1, { base: 'release' });
    relay.forge.review(1, { body: 'Name it better.' });
    relay.runtime.clock.advance(60_000);
    await relay.runOnce();
    expect(turns).toBe(2);
    expect(relay.forge.pulls()[0]?.pullRequest.base).toBe('release');
  });

  it('by having an issue worked without publishing holds over a crash', async () => {
    let turns = 0;
    const relay = createRelay((turn, key) => (++turns === 1 ? new Promise(() => {}) : fix(turn, key)));
    const issue = relay.source.seed({ labels: ['baton'] });
    void relay.create().runIssue(issue.key, { publish: false });
    for (let rest = 0; rest < 10; rest += 1) await settle();
    expect(await relay.job()).toMatchObject({ phase: 'working' });
    relay.runtime.clock.jump(120_000);
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(0);
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
  });
});
