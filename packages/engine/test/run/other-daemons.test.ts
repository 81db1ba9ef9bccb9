import { BatonError, type IssueSource, type JobStore } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../../src/index.js';
import { whatIsAsked } from '../../src/job/fold/apply-signal.js';
import { foldedJob } from '../../src/job/job-data.js';
import { settle } from '../memory-world.js';
import { counted, hour, newest, otherStore, runOn } from '../other-store.js';
import { createRelay, fix } from '../relay.js';

/** An issue that the daemon on the relay's own store is at work on, and what people see of it. */
async function beginElsewhere() {
  const { relay } = counted(async () => ({
    outcome: 'unavailable',
    raw: 'limit',
    retryAt: relay.runtime.clock.now() + hour,
  }));
  relay.source.seed({ labels: ['baton'] });
  await runOn(relay, relay.store, 'ada:/srv');
  const seen = async () => [(await relay.source.get('1'))?.labels, relay.source.comments('1').map(({ body }) => body)];
  return { relay, seen };
}

describe('two daemons with a store each', () => {
  it('pay for an issue once, whoever is first, and the other says who has it', async () => {
    const { relay, count } = counted(async (turn, key) => {
      await settle();
      return fix(turn, key);
    });
    relay.source.seed({ labels: ['baton'] });
    const store = otherStore(relay);
    const daemons = [relay.create({ owner: 'ada:/srv' }), relay.create({ store, owner: 'bob:/srv' })];
    await Promise.all(daemons.map((baton) => baton.runOnce()));
    for (const baton of daemons) await baton.stop();
    expect(count()).toBe(1);
    expect(relay.forge.pulls()).toHaveLength(1);
    const jobs = [await relay.job(), await newest(store)].flatMap((job) => job ?? []);
    expect(jobs.map(({ phase }) => phase).toSorted()).toEqual(['reviewing', 'waiting']);
    const waiting = jobs.find(({ phase }) => phase === 'waiting');
    const told = (waiting && viewJob(waiting).reason) ?? '';
    expect(told).toMatch(/^Another daemon, (ada|bob):\/srv, has claimed this issue until \S+Z, /);
    // The way out names a claim that stands: nobody guesses its name.
    const claim = /git push memory:\S+ :(\S+)$/.exec(told)?.[1] ?? '';
    expect(relay.remote.refs.has(claim)).toBe(true);
    const comments = relay.source.comments('1');
    expect(comments).toHaveLength(1);
  });

  it('leave the other one’s labels and comment alone, however a job ends that waits for it', async () => {
    const { relay, seen } = await beginElsewhere();
    const shown = await seen();
    expect(shown[0]).toContain('baton:working');
    const store = otherStore(relay);
    await runOn(relay, store, 'bob:/srv');
    const waiting = await newest(store);
    expect(waiting).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
    await store.signal(waiting?.id ?? '', { type: 'cancel', data: null });
    await runOn(relay, store, 'bob:/srv');
    expect(await newest(store)).toMatchObject({ phase: 'cancelled' });
    expect(await seen()).toEqual(shown);
    // Nor is it what a crash left, or comes by with a poll.
    relay.source.setLabels('1', ['baton', 'baton:working', 'urgent']);
    await runOn(relay, store, 'bob:/srv');
    expect((await seen())[0]).toContain('baton:working');
  });

  it('end a job that waits for a remote that can’t be asked whose its issue is', async () => {
    const { relay } = counted();
    relay.source.seed({ labels: ['baton'] });
    relay.forge.failures.set('remote', new BatonError('UNAVAILABLE', 'The host is away.', { details: {} }));
    await runOn(relay, relay.store, 'ada:/srv');
    const waiting = await relay.job();
    expect(waiting).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
    await relay.store.signal(waiting.id, { type: 'cancel', data: null });
    await runOn(relay, relay.store, 'ada:/srv');
    expect(await relay.job()).toMatchObject({ phase: 'cancelled' });
    expect((await Array.fromAsync(relay.store.journal(waiting.id, 0))).at(-1)).toMatchObject({ type: 'settled' });
  });

  it('ask nothing about an issue that another one is at work on', async () => {
    const { relay, seen } = await beginElsewhere();
    const shown = await seen();
    relay.source.edit('1', { body: 'Do something else.' }, 'stranger');
    const store = otherStore(relay);
    await runOn(relay, store, 'bob:/srv');
    expect(await newest(store)).toMatchObject({ phase: 'waiting' });
    expect(await seen()).toEqual(shown);
  });

  it('say before anything is begun who has an issue, in plan and explain, and one’s own claim is no obstacle', async () => {
    const { relay } = counted();
    relay.source.seed({ labels: ['baton'] });
    await runOn(relay, relay.store, 'ada:/srv');
    const ask = async (owner: string, store = otherStore(relay)) => {
      const baton = relay.create({ store, owner });
      const { explanations } = await baton.plan();
      const explained = await baton.explain('1');
      await baton.stop();
      return [explanations[0]?.verdict, explained?.verdict];
    };
    for (const verdict of await ask('bob:/srv')) {
      expect(verdict).toMatchObject({ kind: 'wait', wait: 'unavailable', until: expect.any(Number) });
      expect(verdict?.checks.at(-1)).toMatchObject({ check: 'claim', ok: false });
      expect(verdict?.kind === 'wait' && verdict.reason).toMatch(
        /^Another daemon, ada:\/srv, .* git push \S+ :refs\/baton\//,
      );
    }
    for (const verdict of await ask('ada:/srv')) expect(verdict?.kind).toBe('run');
    relay.runtime.clock.advance(7 * hour);
    for (const verdict of await ask('bob:/srv')) expect(verdict?.kind).toBe('run');
  });

  it('leave an issue that ended with one of them to people, also where the other had asked about it before', async () => {
    const { relay, count } = counted(async () => ({ outcome: 'refused', raw: 'policy' }));
    relay.source.people.set('mallory', 'read');
    relay.source.seed({ labels: ['baton'] });
    relay.source.edit('1', { body: 'another text' }, 'mallory');
    const store = otherStore(relay);
    const approve = async (its: JobStore): Promise<void> => {
      const job = await newest(its);
      if (!job) throw new Error('no job');
      await its.signal(job.id, { type: 'approve', data: { seen: whatIsAsked(foldedJob(job)) } });
    };
    await relay.runOnce();
    await runOn(relay, store);
    await approve(relay.store);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'failed', outcome: 'refused' });
    await approve(store);
    await runOn(relay, store);
    expect(count()).toBe(1);
    expect(await newest(store)).toMatchObject({ phase: 'failed', outcome: 'refused' });
  });

  it('ask nobody about an issue that failed with one of them', async () => {
    const { relay, count } = counted(async () => ({ outcome: 'refused', raw: 'policy' }));
    relay.source.people.set('mallory', 'read');
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.source.edit('1', { body: 'another text' }, 'mallory');
    const store = otherStore(relay);
    await runOn(relay, store);
    expect(count()).toBe(1);
    expect(await newest(store)).toMatchObject({ phase: 'failed', outcome: 'refused' });
    expect((await relay.source.get('1'))?.labels).toContain('baton:failed');
  });

  it('leave an issue to people that ended with one of them since the other had read it', async () => {
    const { relay, count } = counted(async () => ({ outcome: 'refused', raw: 'policy' }));
    relay.source.seed({ labels: ['baton'] });
    const store = otherStore(relay);
    let isRead = false;
    const source = {
      ...relay.project.source,
      async brief(...args: Parameters<IssueSource['brief']>) {
        if (!isRead) {
          isRead = true;
          await relay.runOnce();
        }
        return relay.project.source.brief(...args);
      },
    };
    const baton = relay.create({ store, projects: [{ ...relay.project, source }], owner: 'bob:/srv' });
    await baton.runOnce();
    await baton.stop();
    expect(count()).toBe(1);
    expect(await newest(store)).toMatchObject({ phase: 'failed', outcome: 'refused' });
  });

  it('leave an issue that ended with one of them to people', async () => {
    const { relay, count } = counted(async () => ({ outcome: 'refused', raw: 'policy' }));
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const store = otherStore(relay);
    for (let look = 0; look < 5; look += 1) {
      relay.runtime.clock.advance(3 * hour);
      await runOn(relay, store);
    }
    expect(count()).toBe(1);
    expect(await newest(store)).toMatchObject({ phase: 'failed', outcome: 'refused' });
    relay.source.setLabels('1', ['baton:failed']);
    relay.source.setLabels('1', ['baton:failed', 'baton']);
    relay.runtime.clock.advance(hour);
    await runOn(relay, store);
    expect(count()).toBe(2);
  });

  it('leave an issue alone of which one of them could not say yet how it ended', async () => {
    const { relay, count } = counted(async () => {
      relay.source.failures.set('ensureLabels', new BatonError('UNAVAILABLE', 'It is down.', { details: {} }));
      return { outcome: 'refused', raw: 'policy' };
    });
    relay.source.seed({ labels: ['baton'] });
    const store = otherStore(relay);
    await relay.runOnce();
    relay.source.failures.delete('ensureLabels');
    await runOn(relay, store, 'bob:/srv');
    expect(count()).toBe(1);
    expect(await newest(store)).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
    relay.runtime.clock.advance(60 * 60_000);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'failed', outcome: 'refused' });
    await runOn(relay, store, 'bob:/srv');
    expect(count()).toBe(1);
    expect(await newest(store)).toMatchObject({ phase: 'failed', outcome: 'refused' });
  });

  it('take over what a dead one had, after the time that it had said', async () => {
    let turns = 0;
    const relay = createRelay((turn, key) => (++turns === 1 ? new Promise(() => {}) : fix(turn, key)));
    relay.source.seed({ labels: ['baton'] });
    void relay
      .create({ owner: 'dead' })
      .runOnce()
      .catch(() => {});
    for (let rest = 0; rest < 10; rest += 1) await settle();
    expect(turns).toBe(1);
    const store = otherStore(relay);
    relay.runtime.clock.jump(5 * hour);
    await runOn(relay, store, 'living');
    expect(await newest(store)).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
    relay.runtime.clock.jump(2 * hour);
    await runOn(relay, store, 'living');
    expect(turns).toBe(2);
    expect(await newest(store)).toMatchObject({ phase: 'reviewing' });
    // The dead one comes back: it was not dead, only away.
    relay.runtime.clock.jump(hour);
    const comments = relay.source.comments('1').map(({ body }) => body);
    await runOn(relay, relay.store, 'dead');
    expect(turns).toBe(2);
    const back = await relay.job();
    expect(back).toMatchObject({ outcome: 'cancelled' });
    expect(viewJob(back).reason).toBe('Another daemon, living, has taken the issue over.');
    expect(relay.source.comments('1').map(({ body }) => body)).toEqual(comments);
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('keep what they have for as long as they live', async () => {
    const { relay, count } = counted();
    relay.source.seed({ labels: ['baton'] });
    const store = otherStore(relay);
    for (let look = 0; look < 40; look += 1) {
      await runOn(relay, relay.store, 'first');
      await runOn(relay, store, 'second');
      relay.runtime.clock.advance(hour);
    }
    expect(count()).toBe(1);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
    expect(await newest(store)).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
    relay.forge.merge(1);
    await runOn(relay, relay.store, 'first');
    expect([...relay.remote.refs.keys()].filter((ref) => ref.startsWith('refs/baton/claims/'))).toEqual([]);
  });

  it('leave no claim behind that nobody heard was made', async () => {
    const { relay } = counted();
    const workspaces = {
      ...relay.workspaces,
      claimRef: async (...[request, call]: Parameters<NonNullable<typeof relay.workspaces.claimRef>>) => {
        await relay.workspaces.claimRef?.(request, call);
        throw new BatonError('UNAVAILABLE', 'The answer was lost.', { details: {} });
      },
    };
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create({ projects: [{ ...relay.project, workspaces }] });
    await baton.runOnce();
    relay.source.closeIssue('1');
    relay.runtime.clock.advance(hour);
    await baton.runOnce();
    await baton.stop();
    expect(await relay.job()).toMatchObject({ outcome: 'cancelled' });
    expect([...relay.remote.refs.keys()]).toEqual([]);
  });

  it('work where the remote takes no claims', async () => {
    const { relay, count } = counted();
    const denied = new BatonError('PERMISSION_DENIED', 'No such refs here.', { details: { resource: 'ref' } });
    const workspaces = {
      ...relay.workspaces,
      claimRef: async (): Promise<never> => {
        throw denied;
      },
    };
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create({ projects: [{ ...relay.project, workspaces }] });
    await baton.runOnce();
    await baton.stop();
    expect(count()).toBe(1);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
  });
});
