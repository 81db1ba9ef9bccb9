import type { Job, JobStore } from '@baton/core';
import { expect, it } from 'vitest';
import { viewJob } from '../../src/index.js';
import { createMemoryStore, settle } from '../memory-world.js';
import { createRelay, fix } from '../relay.js';

const minute = 60_000;

/**
 * Two stores whose numbers for the next branch differ: the second one had a job that came to the push and was
 * taken back there. Its next job has a pull request on `-2`, and was cancelled in review, so that its claim is free.
 */
async function leaveRequest() {
  let turns = 0;
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const relay = createRelay(async (turn, key) => {
    turns += 1;
    if (turns === 1) relay.source.setLabels('1', []);
    if (turns === 2) await held;
    return fix(turn, key);
  });
  const second = createMemoryStore({ runtime: relay.runtime });
  const run = async (store: JobStore, owner: string): Promise<void> => {
    const baton = relay.create({ store, owner });
    await baton.runOnce();
    await baton.stop();
  };
  const newest = async (store: JobStore): Promise<Job | undefined> =>
    (await Array.fromAsync(store.list({ limit: 1 })))[0];
  relay.source.seed({ labels: ['baton'] });
  await run(second, 'second');
  relay.runtime.clock.advance(minute);
  relay.source.setLabels('1', ['baton']);
  const working = run(second, 'second');
  for (let rest = 0; rest < 20; rest += 1) await settle();
  await run(relay.store, 'first');
  letGo();
  await working;
  const inReview = await newest(second);
  expect(inReview).toMatchObject({ phase: 'reviewing', branch: 'baton/issue-1-2' });
  expect(await relay.job()).toMatchObject({ wait: 'unavailable', branch: 'baton/issue-1' });
  await second.signal(inReview?.id ?? '', { type: 'cancel', data: null });
  await run(second, 'second');
  relay.runtime.clock.advance(31 * minute);
  return { relay, turns: () => turns, runFirst: () => run(relay.store, 'first') };
}

it('there is never a second pull request of an issue beside one on a branch of another number', async () => {
  const { relay, turns, runFirst } = await leaveRequest();
  await runFirst();
  expect(turns()).toBe(2);
  expect(relay.forge.pulls()).toHaveLength(1);
  const job = await relay.job();
  expect(viewJob(job)).toMatchObject({ phase: 'waiting', reason: expect.stringContaining('#1 of this issue stands') });
});

it('the issue is worked once that one is closed', async () => {
  const { relay, turns, runFirst } = await leaveRequest();
  await runFirst();
  relay.forge.closePull(1);
  relay.runtime.clock.advance(31 * minute);
  await runFirst();
  expect(turns()).toBe(3);
  expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
});
