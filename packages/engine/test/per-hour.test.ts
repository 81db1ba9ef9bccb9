import type { JobStore } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { countBegun } from '../src/eligibility/begun-jobs.js';
import type { Project } from '../src/index.js';
import { createManualRuntime, createMemoryStore } from './memory-world.js';
import { createRelay, fix } from './relay.js';

const minute = 60_000;
const hour = 60 * minute;

function relayOf(perActorPerHour: number | null) {
  const trust: Project['trust'] = { permission: 'write', bots: [], perActorPerHour };
  return createRelay(fix, { trust });
}

type Relay = ReturnType<typeof relayOf>;

/** Phase, or reason to wait, of every job, in the order of the issues. */
const states = async (relay: Relay): Promise<readonly string[]> =>
  (await relay.jobs()).toReversed().map((job) => job.wait ?? job.phase);

function seedMany(relay: Relay, count: number, labeledBy = 'alice'): void {
  relay.source.people.set(labeledBy, 'write');
  for (let issue = 0; issue < count; issue += 1) relay.source.seed({ labels: ['baton'], labeledBy });
}

describe('how many jobs one actor sets going in an hour', () => {
  it('is bounded; the rest wait until the first is an hour ago, and say so', async () => {
    const relay = relayOf(2);
    seedMany(relay, 4);
    await relay.runOnce();
    expect(await states(relay)).toEqual(['reviewing', 'reviewing', 'budget', 'budget']);
    const [waiting] = await relay.jobs();
    const at = relay.runtime.clock.now() + hour;
    expect(waiting?.wakeAt).toBe(at);
    const { verdict } = (await relay.create().explain('mem#4')) ?? expect.unreachable();
    expect(verdict).toMatchObject({ kind: 'wait', wait: 'budget', until: at });
    expect(verdict.checks.find(({ check }) => check === 'per-hour')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^alice has set 2 jobs .+ trust\.perActorPerHour .+Z\.$/),
      wouldRunIf: `it is ${new Date(at).toISOString()}`,
    });
    relay.runtime.clock.advance(hour - 1);
    await relay.runOnce();
    expect(await states(relay)).toEqual(['reviewing', 'reviewing', 'budget', 'budget']);
    relay.runtime.clock.advance(1);
    await relay.runOnce();
    expect(await states(relay)).toEqual(['reviewing', 'reviewing', 'reviewing', 'reviewing']);
  });

  it('says the same where another daemon began the last one between the look and the beginning', async () => {
    const relay = relayOf(1);
    seedMany(relay, 1);
    await relay.runOnce();
    seedMany(relay, 1);
    let looks = 0;
    const store: JobStore = {
      ...relay.store,
      readFact: async (key, options) =>
        key.startsWith('begun/') && looks++ === 0 ? null : relay.store.readFact(key, options),
    };
    const baton = relay.create({ store });
    await baton.runOnce();
    await baton.stop();
    expect(looks).toBeGreaterThan(1);
    const { verdict } = (await relay.create().explain('mem#2')) ?? expect.unreachable();
    if (verdict.kind !== 'wait') return expect.unreachable();
    expect((await relay.jobs())[0]).toMatchObject({ wait: 'budget', wakeAt: verdict.until });
    expect((await relay.jobs())[0]?.data).toMatchObject({ reason: verdict.reason });
  });

  it('is each actor’s own', async () => {
    const relay = relayOf(1);
    seedMany(relay, 2);
    seedMany(relay, 1, 'bob');
    await relay.runOnce();
    expect(await states(relay)).toEqual(['reviewing', 'budget', 'reviewing']);
  });

  it('counts what was begun before a restart, and a job but once however often it is tried', async () => {
    const relay = relayOf(1);
    seedMany(relay, 1);
    relay.source.failures.set('ensureLabels', new Error('the tracker is out of order'));
    await relay.runOnce();
    expect((await relay.job()).phase).not.toBe('reviewing');
    relay.source.failures.clear();
    for (let look = 0; look < 3; look += 1) {
      relay.runtime.clock.advance(minute);
      await relay.runOnce();
    }
    seedMany(relay, 1);
    await relay.runOnce();
    expect((await states(relay)).at(-1)).toBe('budget');
  });

  it('is told as held for a job that was begun, whatever was begun since', async () => {
    const relay = relayOf(1);
    seedMany(relay, 1);
    await relay.runOnce();
    relay.runtime.clock.advance(hour);
    seedMany(relay, 1);
    await relay.runOnce();
    for (const key of ['mem#1', 'mem#2']) {
      const explained = await relay.create().explain(key);
      expect(explained?.verdict.checks).toContainEqual(expect.objectContaining({ check: 'per-hour', ok: true }));
    }
  });

  it('is judged at one instant: a first job is not told as held because the clock went on meanwhile', async () => {
    const relay = relayOf(10);
    seedMany(relay, 1);
    const { clock } = relay.runtime;
    const now = (): number => {
      clock.advance(1);
      return clock.now();
    };
    const runtime = { ...relay.runtime, clock: { ...clock, now } };
    const baton = relay.create({ runtime });
    const { verdict } = (await baton.explain('mem#1')) ?? expect.unreachable();
    expect(verdict).toMatchObject({ kind: 'run' });
    await baton.runOnce();
    await baton.stop();
    expect(await states(relay)).toEqual(['reviewing']);
  });

  it('has no bound where none is set', async () => {
    const relay = relayOf(null);
    seedMany(relay, 12);
    await relay.runOnce();
    expect(new Set(await states(relay))).toEqual(new Set(['reviewing']));
  });
});

describe('the count of begun jobs', () => {
  const subject = { project: 'web', actorId: 'alice' };
  const count = (store: JobStore, job: string, now: number, perHour = 2) =>
    countBegun(store, subject, { job, perHour, now });

  it('is one for daemons that begin at once', async () => {
    const store = createMemoryStore({ runtime: createManualRuntime(1) });
    const begun = await Promise.all(['a', 'b', 'c', 'd'].map((job) => count(store, job, 0)));
    expect(begun.filter((at) => at === null)).toHaveLength(2);
    expect(begun.filter((at) => at !== null)).toEqual([hour, hour]);
  });

  it('waits for all that are too many where the limit was lowered', async () => {
    const store = createMemoryStore({ runtime: createManualRuntime(1) });
    for (const [job, at] of [
      ['a', 0],
      ['b', minute],
      ['c', 2 * minute],
    ] as const)
      await count(store, job, at, 3);
    expect(await count(store, 'd', 3 * minute, 1)).toBe(2 * minute + hour);
  });

  it('forgets what lies further ahead than an hour, where the clock was put back', async () => {
    const store = createMemoryStore({ runtime: createManualRuntime(1) });
    await count(store, 'a', 10 * hour, 1);
    expect(await count(store, 'b', 0, 1)).toBeNull();
  });
});
