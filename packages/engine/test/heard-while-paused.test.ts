import type { JobStore } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { writePause } from '../src/index.js';
import { settle } from './memory-world.js';
import { createRelay, fix } from './relay.js';
import { askingFirst, hours, type Relay } from './waiting-relay.js';

describe('while Baton is paused', () => {
  const paused = async (relay: Relay): Promise<void> =>
    writePause(relay.store, { reason: null, at: relay.runtime.clock.now() });

  it('a daemon that stops begins nothing more, whatever was said to jobs that wait', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    relay.source.seed({ labels: ['baton'] });
    await paused(relay);
    let lists = 0;
    let isStopping = false;
    const store: JobStore = {
      ...relay.store,
      list(...query) {
        lists += 1;
        if (lists > 1_000) throw new Error('it looks for work without end');
        // In the middle of a look, as a signal to the process comes.
        if (isStopping) void baton.stop();
        return relay.store.list(...query);
      },
    };
    const baton = relay.create({ store });
    await baton.start();
    await settle();
    for (const { id } of await relay.jobs()) await relay.store.signal(id, { type: 'reject', data: null });
    isStopping = true;
    relay.runtime.clock.advance(1_000);
    await settle();
    await baton.stop();
    expect(lists).toBeLessThan(100);
  });

  it('a cancel is heeded, also of a job that was being worked', async () => {
    const asked = await askingFirst();
    await paused(asked);
    await asked.store.signal((await asked.job()).id, { type: 'cancel', data: null });
    await hours(asked, 1);
    expect(await asked.job()).toMatchObject({ outcome: 'cancelled' });

    const working = createRelay(() => new Promise(() => {}));
    working.source.seed({ labels: ['baton'] });
    const baton = working.create();
    const ran = baton.runOnce();
    await settle();
    await baton.stop('now');
    await ran;
    await paused(working);
    await hours(working, 1);
    expect(await working.job()).toMatchObject({ phase: 'working', outcome: null });
    await working.store.signal((await working.job()).id, { type: 'cancel', data: null });
    await hours(working, 1);
    expect(await working.job()).toMatchObject({ outcome: 'cancelled' });
  });

  it('a merge is seen, and nothing that costs is begun', async () => {
    const prompts: string[] = [];
    const relay = createRelay(async (turn, key) => {
      prompts.push(turn.prompt);
      return fix(turn, key);
    });
    relay.source.people.set('bob', 'write');
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    await paused(relay);
    relay.source.seed({ labels: ['baton'] });
    relay.forge.review(1, { body: 'Name it better.' });
    await hours(relay, 2);
    expect(prompts).toHaveLength(1);
    relay.forge.merge(1);
    await hours(relay, 2);
    const [second, first] = await relay.jobs();
    expect(second).toMatchObject({ phase: 'queued' });
    // What the reviewer had asked for was about to begin; it is not, and ends once work goes on.
    expect(first?.phase === 'working' || first?.outcome === 'merged').toBe(true);
    await writePause(relay.store, null);
    await hours(relay, 1);
    expect((await relay.jobs())[1]).toMatchObject({ outcome: 'merged' });
    expect(prompts.filter((each) => each.includes('mem#1'))).toHaveLength(1);
  });
});
