import type { JobStore } from '@baton/core';
import { expect, it } from 'vitest';
import { createMemoryStore } from '../memory-world.js';
import { createRelay, fix, type Turns } from '../relay.js';

const hour = 60 * 60_000;

/** Two stores over one repository: the agent of the first one is away for seven hours, and longer than its claim stands. */
function createStores(second: Turns) {
  let turns = 0;
  const relay = createRelay(async (turn, key) => {
    turns += 1;
    if (turns > 1) return second(turn, key);
    return { outcome: 'unavailable', raw: 'limit', retryAt: relay.runtime.clock.now() + 7 * hour };
  });
  const store = createMemoryStore({ runtime: relay.runtime });
  const run = async (its: JobStore, owner: string): Promise<void> => {
    const baton = relay.create({ store: its, owner });
    await baton.runOnce();
    await baton.stop();
  };
  relay.source.seed({ labels: ['baton'] });
  const runs = { first: () => run(relay.store, 'first'), second: () => run(store, 'second') };
  return { relay, runs, turns: () => turns, labels: async () => (await relay.source.get('1'))?.labels };
}

it.each([
  ['failed', async () => ({ outcome: 'refused', raw: 'policy' })],
  ['done', async () => ({})],
] as const satisfies readonly (readonly [string, Turns])[])(
  'a job that waited past its claim steps back where another store has ended on its issue since: %s',
  async (label, second) => {
    const { relay, runs, turns, labels } = createStores(second);
    await runs.first();
    expect(await relay.job()).toMatchObject({ phase: 'waiting' });
    relay.runtime.clock.advance(6.5 * hour);
    await runs.second();
    expect(turns()).toBe(2);
    expect(await labels()).toContain(`baton:${label}`);
    relay.runtime.clock.advance(hour);
    await runs.first();
    expect(turns()).toBe(2);
    expect(await relay.job()).toMatchObject({ phase: 'failed', outcome: 'refused' });
    expect([...relay.remote.refs.keys()].filter((ref) => ref.startsWith('refs/baton/claims/'))).toEqual([]);
  },
);

it('a job that waited past its claim, and is cancelled, leaves alone what another store shows that has its issue since', async () => {
  const { relay, runs, labels } = createStores(async () => ({
    outcome: 'unavailable',
    raw: 'limit',
    retryAt: relay.runtime.clock.now() + hour,
  }));
  const comments = () => relay.source.comments('1').map(({ body }) => body);
  await runs.first();
  relay.runtime.clock.advance(6.5 * hour);
  await runs.second();
  const shown = [await labels(), comments()];
  expect(shown[0]).toContain('baton:working');
  await relay.store.signal((await relay.job()).id, { type: 'cancel', data: null });
  await runs.first();
  expect(await relay.job()).toMatchObject({ phase: 'cancelled' });
  expect([await labels(), comments()]).toEqual(shown);
});

it('a job that waited past its claim goes on where nobody took its issue', async () => {
  const { relay, runs, turns } = createStores(fix);
  await runs.first();
  relay.runtime.clock.advance(7.5 * hour);
  await runs.first();
  expect(turns()).toBe(2);
  expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
});

it('what came to no change is not paid for again once the store is lost', async () => {
  const { relay, runs, turns } = createStores(async () => ({}));
  await runs.first();
  relay.runtime.clock.advance(7.5 * hour);
  await runs.first();
  expect(await relay.job()).toMatchObject({ phase: 'done', outcome: 'no-changes' });
  relay.runtime.clock.advance(hour);
  await runs.second();
  expect(turns()).toBe(2);
});

it('what was ended on before the store was lost is told to be, by plan and explain', async () => {
  const { relay, runs, turns } = createStores(async () => ({}));
  await runs.first();
  relay.runtime.clock.advance(7.5 * hour);
  await runs.first();
  expect(turns()).toBe(2);
  const baton = relay.create({ store: createMemoryStore({ runtime: relay.runtime }), owner: 'first' });
  const { explanations } = await baton.plan();
  expect(explanations.map(({ verdict }) => verdict)).toEqual([
    expect.objectContaining({ kind: 'end', outcome: 'refused', reason: expect.stringMatching(/^It bears baton:done/) }),
  ]);
  expect(explanations[0]?.verdict.checks.filter(({ ok }) => !ok).map(({ check }) => check)).toEqual(['earlier-end']);
  await baton.stop();
});
