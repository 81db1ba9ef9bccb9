import { BatonError, type JobStore } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../src/index.js';
import { foldedJob } from '../src/job/job-data.js';
import { settle } from './memory-world.js';
import { createRelay, fix } from './relay.js';

type Relay = ReturnType<typeof createRelay>;
const away = new BatonError('UNAVAILABLE', 'The host is away.', { details: {} });
const odd = new BatonError('PROTOCOL_VIOLATION', 'An odd answer.', { details: { received: 'odd' } });
const denied = new BatonError('PERMISSION_DENIED', 'It may not be written to.', { details: { resource: 'issue' } });

async function looks(relay: Relay, count: number, apartMs = 10 * 60_000): Promise<void> {
  for (let look = 0; look < count; look += 1) {
    relay.runtime.clock.advance(apartMs);
    await relay.runOnce();
  }
}

describe('a pull request that is merged before its daemon could say that it was opened', () => {
  it.each(['closed with it', 'left open'] as const)(
    'ends its job as merged where its branch is gone, the issue %s',
    async (left) => {
      const relay = createRelay();
      relay.source.seed({ labels: ['baton'] });
      const store: JobStore = {
        ...relay.store,
        async record(lease, change, call) {
          if (change.entries.every(({ type }) => type !== 'published')) return relay.store.record(lease, change, call);
          relay.store.crash('mortal');
          return new Promise(() => {});
        },
      };
      void relay.create({ store, worker: 'mortal' }).runOnce();
      for (let rest = 0; rest < 5; rest += 1) await settle();
      relay.forge.merge(1);
      if (left === 'left open') relay.source.reopenIssue('1');
      const branch = 'baton/issue-1';
      relay.remote.branches.delete(branch);
      await relay.runOnce();
      expect(await relay.job()).toMatchObject({ outcome: 'merged' });
      expect(relay.remote.branches.has(branch)).toBe(false);
    },
  );
});

describe('a default branch that is renamed while a job is worked', () => {
  it('is what the pull request is aimed at, by its new name', async () => {
    const relay = createRelay(async (turn, key) => {
      relay.remote.renameBranch('main', 'trunk');
      return fix(turn, key);
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
    expect(relay.forge.pulls().map(({ pullRequest }) => pullRequest.base)).toEqual(['trunk']);
  });
});

describe('when the host fails', () => {
  it('an outage uses up no tries of another failure', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    relay.forge.failures.set('ensurePullRequest', away);
    await looks(relay, 20);
    relay.forge.failures.set(
      'ensurePullRequest',
      new BatonError('NOT_FOUND', 'No such branch yet.', { details: { resource: 'branch' } }),
    );
    await looks(relay, 1, 2 * 60 * 60_000);
    expect(foldedJob(await relay.job()).data.tries).toBe(1);
    relay.forge.failures.clear();
    await looks(relay, 1, 2 * 60 * 60_000);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
  });

  it('one odd answer to handing in ends no job', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    relay.forge.failures.set('ensurePullRequest', odd);
    await relay.runOnce();
    relay.forge.failures.clear();
    await looks(relay, 2);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('once with an odd answer between two turns, what was paid for is gone on with', async () => {
    let turns = 0;
    const relay = createRelay(async (turn) => {
      turns += 1;
      if (turns === 1) relay.source.failures.set('get', odd);
      await turn.workspace.writeFile('app.txt', turns === 1 ? 'red\n' : 'mended\n');
      return {};
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(turns).toBe(1);
    relay.source.failures.clear();
    await looks(relay, 2);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
    expect(turns).toBe(2);
  });

  it('for good, a branch that was pushed is told of', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    relay.forge.failures.set('ensurePullRequest', odd);
    await looks(relay, 20, 60 * 60_000);
    const job = await relay.job();
    expect(job).toMatchObject({ phase: 'failed', outcome: 'forge-failed' });
    expect(viewJob(job).head).toBe(relay.remote.branches.get(job.branch));
    expect(relay.source.comments('1').at(-1)?.body).toContain(`the branch \`${job.branch}\` on the remote`);
  });

  it('so that a push stands and no pull request, and the issue is closed, the branch is told of', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    relay.forge.failures.set('ensurePullRequest', away);
    await relay.runOnce();
    relay.source.closeIssue('1');
    relay.forge.failures.clear();
    await looks(relay, 2);
    const job = await relay.job();
    expect(job).toMatchObject({ outcome: 'cancelled' });
    expect(viewJob(job).head).toBe(relay.remote.branches.get(job.branch));
    expect(relay.source.comments('1').at(-1)?.body).toContain(job.branch);
  });

  it('to take a later round’s text, what was pushed is known to be Baton’s own', async () => {
    let turns = 0;
    const relay = createRelay(async (turn) => {
      turns += 1;
      await turn.workspace.writeFile('app.txt', `mended ${turns}\n`);
      return {};
    });
    relay.source.people.set('bob', 'write');
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.forge.failures.set('ensurePullRequest', odd);
    relay.forge.review(1, { body: 'Name it better.' });
    await looks(relay, 20, 60 * 60_000);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
    relay.forge.failures.clear();
    relay.forge.review(1, { body: 'And shorter.' });
    await looks(relay, 2);
    expect(turns).toBe(3);
    expect(viewJob(await relay.job()).reason ?? '').not.toContain('Somebody pushed');
    expect(foldedJob(await relay.job()).data.commit).toBe(relay.remote.branches.get('baton/issue-1'));
  });

  it('to be written to, an end is one all the same', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.forge.merge(1);
    relay.source.failures.set('ensureLabels', denied);
    relay.source.failures.set('ensureComment', denied);
    await looks(relay, 60);
    const job = await relay.job();
    expect(job).toMatchObject({ phase: 'done', outcome: 'merged' });
    expect((await Array.fromAsync(relay.store.journal(job.id, 0))).length).toBeLessThan(50);
  });

  it('to take a comment alone, the work goes on without one', async () => {
    const relay = createRelay(fix);
    relay.source.seed({ labels: ['baton'] });
    relay.source.failures.set('ensureComment', denied);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
    expect((await relay.source.get('1'))?.labels).toContain('baton:review');
  });
});
