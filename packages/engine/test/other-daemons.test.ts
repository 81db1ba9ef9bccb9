import { BatonError, type JobStore } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../src/index.js';
import { createMemoryStore, settle } from './memory-world.js';
import { createRelay, fix, type Turns } from './relay.js';

const hour = 60 * 60_000;
type Relay = ReturnType<typeof createRelay>;

function counted(turns: Turns = fix): { readonly relay: Relay; readonly count: () => number } {
  let count = 0;
  const relay = createRelay(async (turn, key) => {
    count += 1;
    return turns(turn, key);
  });
  return { relay, count: () => count };
}
const otherStore = (relay: Relay) => createMemoryStore({ runtime: relay.runtime });
const newest = async (store: JobStore) => (await Array.fromAsync(store.list({ limit: 1 })))[0];

async function runOn(relay: Relay, store: JobStore, owner?: string): Promise<void> {
  const baton = relay.create({ store, ...(owner === undefined ? {} : { owner }) });
  await baton.runOnce();
  await baton.stop();
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
    expect(waiting && viewJob(waiting).reason).toMatch(/^Another daemon, (ada|bob):\/srv, works this issue/);
    const comments = relay.source.comments('1');
    expect(comments).toHaveLength(1);
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

describe('a store that was lost', () => {
  const owner = 'host:/var/lib/baton';

  it('leads to no second pull request, whichever branch the first is on', async () => {
    let isFirst = true;
    const relay = createRelay(async (turn, key) => {
      if (isFirst) relay.source.closeIssue('1');
      isFirst = false;
      return fix(turn, key);
    });
    relay.source.seed({ labels: ['baton'] });
    await runOn(relay, relay.store, owner);
    relay.source.reopenIssue('1');
    relay.runtime.clock.advance(60_000);
    const baton = relay.create({ owner });
    await baton.retry((await relay.job()).id, { fresh: true });
    await baton.runOnce();
    await baton.stop();
    const heads = () =>
      relay.forge.pulls().flatMap(({ pullRequest: { head, state } }) => (state.unified === 'open' ? [head] : []));
    expect(heads()).toHaveLength(1);
    relay.runtime.clock.advance(60_000);
    await runOn(relay, otherStore(relay), owner);
    expect(heads()).toHaveLength(1);
  });

  it.each(['merge', 'closePull'] as const)(
    'has nothing worked again whose pull request people ended (%s)',
    async (ended) => {
      const { relay, count } = counted();
      relay.source.seed({ labels: ['baton'] });
      await runOn(relay, relay.store, owner);
      relay.forge[ended](1);
      relay.source.reopenIssue('1');
      await runOn(relay, otherStore(relay), owner);
      expect(count()).toBe(1);
    },
  );

  it('costs no look at the host for issues that are younger than it', async () => {
    const relay = createRelay();
    await relay.runOnce();
    relay.runtime.clock.advance(48 * hour);
    relay.source.seed({ labels: ['baton'] });
    relay.forge.calls.clear();
    await relay.runOnce();
    expect(relay.forge.calls.get('findPullRequests')).toBe(1);
  });
});
