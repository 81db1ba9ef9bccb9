import { BatonError, type JobStore } from '@baton/core';
import { expect, it } from 'vitest';
import { settle } from '../memory-world.js';
import { createRelay } from '../relay.js';

const minute = 60_000;

it('a renamed project’s job that could not be let go, as its store was locked, is worked once it can be', async () => {
  const relay = createRelay(async () => ({ outcome: 'needs-person', summary: 'Which fruit?' }));
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person', project: 'web' });
  let isLocked = false;
  const { store } = relay;
  const locking: JobStore = {
    ...store,
    async record(lease, change, options) {
      const recorded = await store.record(lease, change, options);
      if (change.entries.some(({ type }) => type === 'moved')) isLocked = true;
      return recorded;
    },
    async release(lease, options) {
      if (isLocked) throw new BatonError('UNAVAILABLE', 'The store is locked.', { details: {} });
      return store.release(lease, options);
    },
  };
  const go = async (forMs: number): Promise<void> => {
    for (let passed = 0; passed < forMs; passed += 1_000) {
      await settle();
      relay.runtime.clock.advance(1_000);
    }
    await settle();
  };
  const baton = relay.create({ store: locking, projects: [{ ...relay.project, name: 'fruit' }] });
  const started = baton.start();
  await relay.drive(started);
  await go(minute / 2);
  expect(isLocked).toBe(true);
  isLocked = false;
  await baton.signal((await relay.job()).id, { type: 'cancel', data: null });
  await go(3 * minute);
  expect(await relay.job()).toMatchObject({ project: 'fruit', phase: 'cancelled' });
  await relay.drive(baton.stop());
});
