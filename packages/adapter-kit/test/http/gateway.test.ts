import { createManualClock } from '@baton/conformance';
import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createGateway, type Gateway, type GatewayOptions, type GatewayRequest } from '../../src/http/gateway.js';

const job: GatewayRequest = { priority: 'job', kind: 'read', resource: 'core' };
const poll: GatewayRequest = { ...job, priority: 'poll' };
const write: GatewayRequest = { ...job, kind: 'write' };

function createWorld(options: Partial<GatewayOptions> = {}) {
  const clock = createManualClock();
  const lines: string[] = [];
  const log = (level: string, message: string): void => void lines.push(`${level} ${message}`);
  const gateway = createGateway({ host: 'host', adapter: 'test', runtime: { clock }, log, ...options });
  return { clock, gateway, lines };
}

/** A request that answers when it is told to. */
function hold(gateway: Gateway, request: GatewayRequest, begun: string[], name: string, signal?: AbortSignal) {
  let answer: () => void = () => undefined;
  const done = gateway.run(
    request,
    () => {
      begun.push(name);
      return new Promise<string>((resolve) => {
        answer = () => resolve(name);
      });
    },
    signal ? { signal } : {},
  );
  return { done, answer: () => answer() };
}

async function retryAtOf(call: Promise<unknown>): Promise<number> {
  const error = await call.catch((reason: unknown) => reason);
  if (!BatonError.is(error, 'RATE_LIMITED')) throw error;
  return error.details.retryAt;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a gateway', () => {
  it('tells what the host said last, of periods that are not over, and never what cannot be left', () => {
    const { clock, gateway } = createWorld();
    expect(gateway.quotas()).toEqual([]);
    const resetAt = clock.now() + 60_000;
    gateway.note('core', { limit: 60, remaining: 59, resetAt });
    gateway.note('core', { limit: 60, remaining: 58, resetAt });
    gateway.note('search', { limit: 30, remaining: 31, resetAt: resetAt + 60_000 });
    gateway.note('graphql', { limit: 30, remaining: -1, resetAt });
    expect(gateway.quotas()).toEqual([
      { name: 'core', limit: 60, remaining: 58, resetAt },
      { name: 'search', limit: 30, remaining: 30, resetAt: resetAt + 60_000 },
      { name: 'graphql', limit: 30, remaining: 0, resetAt },
    ]);
    clock.advance(60_000);
    expect(gateway.quotas().map(({ name }) => name)).toEqual(['search']);
  });

  it('lets no running job wait behind two hundred repositories that are polled', async () => {
    const { gateway } = createWorld({ concurrency: 4 });
    const begun: string[] = [];
    const polls = Array.from({ length: 200 }, (_, index) => hold(gateway, poll, begun, `poll ${index}`));
    await settle();
    expect(begun).toEqual(['poll 0', 'poll 1']);
    const urgent = hold(gateway, job, begun, 'job');
    await settle();
    expect(begun).toEqual(['poll 0', 'poll 1', 'job']);
    urgent.answer();
    expect(await urgent.done).toBe('job');
    expect(gateway.usage()).toMatchObject({ sent: { jobReads: 1, pollReads: 2, writes: 0 }, waiting: 198 });
    for (const each of polls) {
      each.answer();
      await settle();
    }
    await Promise.all(polls.map((each) => each.done));
  });

  it('sends writes one at a time and a second apart', async () => {
    const { clock, gateway } = createWorld();
    const begun: string[] = [];
    const [first, second] = [hold(gateway, write, begun, 'one'), hold(gateway, write, begun, 'two')];
    await settle();
    expect(begun).toEqual(['one']);
    clock.advance(5000);
    await settle();
    expect(begun).toEqual(['one']);
    first.answer();
    await settle();
    expect(begun).toEqual(['one', 'two']);
    const third = hold(gateway, write, begun, 'three');
    second.answer();
    await settle();
    expect(begun).toEqual(['one', 'two']);
    clock.advance(1000);
    await settle();
    expect(begun).toEqual(['one', 'two', 'three']);
    third.answer();
    await Promise.all([first.done, second.done, third.done]);
  });

  it('asks nothing while the host wants us to wait, not even what was waiting already', async () => {
    const { clock, gateway, lines } = createWorld({ concurrency: 1 });
    const begun: string[] = [];
    const [first, second] = [hold(gateway, job, begun, 'one'), hold(gateway, job, begun, 'two')];
    await settle();
    const until = clock.now() + 60_000;
    gateway.hold(until);
    gateway.hold(until - 1000);
    first.answer();
    expect(await retryAtOf(second.done)).toBe(until);
    for (const each of [job, poll, write]) expect(await retryAtOf(gateway.run(each, async () => 1))).toBe(until);
    clock.advance(60_000);
    await settle();
    expect(await gateway.run(job, async () => 1)).toBe(1);
    expect(lines).toHaveLength(1);
  });

  it('leaves a quarter of a quota to jobs, and asks nothing when it is spent', async () => {
    const { clock, gateway } = createWorld();
    const resetAt = clock.now() + 3_600_000;
    gateway.note('core', { limit: 5000, remaining: 1250, resetAt });
    expect(await retryAtOf(gateway.run(poll, async () => 1))).toBe(resetAt);
    expect(await gateway.run(job, async () => 1)).toBe(1);
    // Other quotas are others.
    expect(await gateway.run({ ...poll, resource: 'graphql' }, async () => 1)).toBe(1);
    gateway.note('core', { limit: 5000, remaining: 0, resetAt });
    expect(await retryAtOf(gateway.run(job, async () => 1))).toBe(resetAt);
    clock.advance(3_600_000);
    await settle();
    expect(await gateway.run(poll, async () => 1)).toBe(1);
  });

  it('spreads polls over what is left of a quota that runs low', async () => {
    const { clock, gateway, lines } = createWorld();
    const resetAt = clock.now() + 1_000_000;
    gateway.note('core', { limit: 400, remaining: 300, resetAt });
    expect([gateway.admitPoll('core', 'acme/shop'), gateway.admitPoll('core', 'acme/shop')]).toEqual([null, null]);
    gateway.note('core', { limit: 400, remaining: 200, resetAt });
    const dueAt = gateway.admitPoll('core', 'acme/shop');
    // A hundred polls for the rest of the period.
    expect(dueAt).toBe(clock.now() + 10_000);
    clock.advance(10_000);
    await settle();
    expect(gateway.admitPoll('core', 'acme/shop')).toBeNull();
    expect(gateway.admitPoll('core', 'acme/shop')).toBeGreaterThan(clock.now());
    gateway.note('core', { limit: 400, remaining: 400, resetAt });
    expect(gateway.admitPoll('core', 'acme/shop')).toBeNull();
    expect(lines).toHaveLength(2);
  });

  it('gives every poller its turn, whoever asks first in each round', () => {
    const { clock, gateway } = createWorld();
    gateway.note('core', { limit: 4000, remaining: 1120, resetAt: clock.now() + 3_600_000 });
    const pollers = Array.from({ length: 10 }, (_, index) => `acme/r${index}`);
    const turns = new Map(pollers.map((poller) => [poller, 0]));
    // Ten poll every half minute, and two turns a minute are left for them.
    for (let round = 0; round < 60; round += 1) {
      clock.advance(30_000);
      for (const poller of pollers) {
        if (gateway.admitPoll('core', poller) === null) turns.set(poller, (turns.get(poller) ?? 0) + 1);
      }
    }
    expect(Math.min(...turns.values())).toBeGreaterThanOrEqual(5);
    expect(Math.max(...turns.values()) - Math.min(...turns.values())).toBeLessThanOrEqual(1);
  });

  it('waits for no poller that has gone', () => {
    const { clock, gateway } = createWorld();
    gateway.note('core', { limit: 4000, remaining: 1120, resetAt: clock.now() + 3_600_000 });
    expect(gateway.admitPoll('core', 'acme/gone')).not.toBeNull();
    clock.advance(60_000);
    expect(gateway.admitPoll('core', 'acme/shop')).toBeNull();
    clock.advance(11 * 60_000);
    expect(gateway.admitPoll('core', 'acme/shop')).toBeNull();
  });

  it('lets a call go that is aborted, waiting or sent, and keeps no timer', async () => {
    const { clock, gateway } = createWorld({ concurrency: 1 });
    const begun: string[] = [];
    const reason = new Error('stopped');
    const abort = new AbortController();
    const sent = hold(gateway, job, begun, 'sent', abort.signal);
    const waiting = hold(gateway, job, begun, 'waiting', abort.signal);
    await gateway.run(write, async () => 1);
    const spaced = hold(gateway, write, begun, 'spaced', abort.signal);
    await settle();
    expect(clock.sleeping).toBe(1);
    abort.abort(reason);
    expect(clock.sleeping).toBe(0);
    for (const each of [sent, waiting, spaced]) await expect(each.done).rejects.toBe(reason);
    await expect(gateway.run(job, async () => 1, { signal: abort.signal })).rejects.toBe(reason);
    clock.advance(10_000);
    await settle();
    expect(begun).toEqual(['sent']);
    expect(await gateway.run(job, async () => 2)).toBe(2);
    expect(gateway.usage().waiting).toBe(0);
  });

  it('goes on after a request that failed', async () => {
    const { gateway } = createWorld({ concurrency: 1 });
    const failure = new Error('no');
    await expect(gateway.run(job, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await gateway.run(job, async () => 1)).toBe(1);
  });
});
