import { describe, expect, it } from 'vitest';
import type { PollDuty } from '../../src/intake/poll-duty.js';
import { readPollAnswer, requestPoll } from '../../src/intake/poll-requests.js';
import { createPoller } from '../../src/intake/poller.js';
import type { PollResult } from '../../src/store/facts.js';
import { createManualRuntime, createProjectWorld, settle } from '../memory-world.js';
import { createRelay } from '../relay.js';

const minute = 60_000;

/** Nobody else is on the store. */
const alone: PollDuty = { take: async (projects) => projects, leave: async () => {} };

/** Polls two projects every 30 s; the instants of each one's polls, and what each poll comes to. */
function watchPolls(answer: (project: string, now: number) => PollResult) {
  const runtime = createManualRuntime(1);
  const projects = ['away', 'here'].map((name) => createProjectWorld(runtime, name, () => ({})).project);
  const polledAt: Record<string, number[]> = { away: [], here: [] };
  const poller = createPoller({
    runtime,
    projects: () => projects,
    intervalMs: () => 30_000,
    duty: alone,
    async poll({ name }) {
      polledAt[name]?.push(runtime.clock.monotonic());
      return answer(name, runtime.clock.now());
    },
  });
  const stop = new AbortController();
  const looping = poller.loop(stop.signal);
  const go = async (forMs: number): Promise<void> => {
    for (let passed = 0; passed < forMs; passed += 5_000) {
      await settle();
      runtime.clock.advance(5_000);
    }
    await settle();
  };
  const end = async (): Promise<void> => {
    stop.abort();
    await go(minute);
    await looping;
    await poller.idle();
  };
  return { poller, projects, go, end, away: polledAt['away'] ?? [], here: polledAt['here'] ?? [] };
}

const polled = (project: string): PollResult => ({ kind: 'polled', project, found: 0, enqueued: 0 });
const failed = (project: string, retryAt: number | null = null): PollResult => ({
  kind: 'failed',
  project,
  message: 'The host is away.',
  retryAt,
});
const gaps = (instants: readonly number[]): readonly number[] =>
  instants.slice(1).map((at, index) => at - (instants[index] ?? 0));

describe('polls', () => {
  it('of one project never run side by side, however slow its tracker is, and hold up no other (G26)', async () => {
    const runtime = createManualRuntime(1);
    const projects = ['slow', 'quick'].map((name) => createProjectWorld(runtime, name, () => ({})).project);
    const running = new Map<string, number>();
    const polled = new Map<string, number>();
    const count = (of: Map<string, number>, name: string, by: number): number => {
      const next = (of.get(name) ?? 0) + by;
      of.set(name, next);
      return next;
    };
    let most = 0;
    const poller = createPoller({
      runtime,
      projects: () => projects,
      intervalMs: () => 1_000,
      duty: alone,
      async poll({ name }) {
        most = Math.max(most, count(running, name, 1));
        count(polled, name, 1);
        if (name === 'slow') await runtime.clock.sleep(10_000);
        count(running, name, -1);
        return { kind: 'polled', project: name, found: 0, enqueued: 0 };
      },
    });
    const stop = new AbortController();
    const looping = poller.loop(stop.signal);
    for (let second = 0; second < 30; second += 1) {
      await settle();
      runtime.clock.advance(1_000);
    }
    stop.abort();
    runtime.clock.advance(60_000);
    await looping;
    await settle();
    runtime.clock.advance(60_000);
    await poller.idle();
    expect(most).toBe(1);
    expect(polled.get('quick')).toBeGreaterThan(20);
    expect(polled.get('slow')).toBeLessThan(6);
  });

  it('of a host that is away come further and further apart, to a bound, and hold up no other', async () => {
    const polls = watchPolls((name) => (name === 'away' ? failed(name) : polled(name)));
    await polls.go(60 * minute);
    await polls.end();
    const apart = gaps(polls.away);
    expect(apart[0]).toBeLessThan(40_000);
    expect(apart.slice(0, 5)).toEqual(apart.slice(0, 5).toSorted((left, right) => left - right));
    expect(Math.max(...apart)).toBeGreaterThan(4 * minute);
    expect(Math.max(...apart)).toBeLessThan(6 * minute);
    expect(polls.away.length).toBeLessThan(20);
    expect(polls.here.length).toBeGreaterThan(100);
  });

  it('come as often as before once the host has answered', async () => {
    let isAway = true;
    const polls = watchPolls((name) => (isAway && name === 'away' ? failed(name) : polled(name)));
    await polls.go(30 * minute);
    isAway = false;
    await polls.go(6 * minute);
    const before = polls.away.length;
    await polls.go(10 * minute);
    await polls.end();
    expect(polls.away.length - before).toBeGreaterThan(15);
  });

  it('wait until the instant that a host names, and not for ever', async () => {
    const named = watchPolls((name, now) => failed(name, now + 20 * minute));
    const endless = watchPolls((name) => failed(name, 8_640_000_000_000_000));
    await Promise.all([named.go(3 * 60 * minute), endless.go(3 * 60 * minute)]);
    await Promise.all([named.end(), endless.end()]);
    expect(Math.min(...gaps(named.away))).toBeGreaterThanOrEqual(20 * minute);
    expect(named.away.length).toBeGreaterThan(6);
    expect(endless.away.length).toBeGreaterThanOrEqual(3);
  });

  it('come back when a host says, however often it has said so', async () => {
    const polls = watchPolls((name, now) => (name === 'away' ? failed(name, now + 1_000) : polled(name)));
    await polls.go(30 * minute);
    await polls.end();
    expect(Math.max(...gaps(polls.away))).toBeLessThan(minute);
  });

  it('that a person asks for leave nothing out', async () => {
    const polls = watchPolls((name) => failed(name));
    await polls.go(30 * minute);
    const before = polls.away.length;
    expect(await polls.poller.round(polls.projects)).toEqual([failed('away'), failed('here')]);
    expect(polls.away.length).toBe(before + 1);
    polls.poller.wake();
    await settle();
    expect(polls.away.length).toBe(before + 2);
    await polls.end();
  });

  it('are asked for through the store, and answered with what they came to', async () => {
    const relay = createRelay();
    const request = await requestPoll(relay.store);
    expect(await readPollAnswer(relay.store, request)).toBeNull();
    const baton = relay.create({ pollIntervalMs: 24 * 60 * minute });
    await baton.start();
    const answered = async (number: number): Promise<readonly PollResult[]> => {
      for (;;) {
        const answer = await readPollAnswer(relay.store, number);
        if (answer !== null) return answer;
        await settle();
      }
    };
    const first = answered(request);
    await relay.drive(first);
    expect(await first).toEqual([polled('web')]);
    relay.source.seed({ labels: ['baton'] });
    const second = answered(await requestPoll(relay.store));
    await relay.drive(second);
    expect(await second).toEqual([{ kind: 'polled', project: 'web', found: 1, enqueued: 1 }]);
    await relay.drive(baton.stop());
  });

  it('are answered also where what was asked and answered so far is lost', async () => {
    const relay = createRelay();
    const baton = relay.create();
    await relay.drive(baton.start());
    const ask = async (): Promise<void> => {
      const request = await requestPoll(relay.store);
      const answered = async (): Promise<void> => {
        while ((await readPollAnswer(relay.store, request)) === null) await settle();
      };
      await relay.drive(answered());
    };
    await ask();
    await ask();
    const kept = await relay.store.readFact('poll-requests');
    await relay.store.writeFact('poll-requests', 'damaged', kept?.version ?? null);
    await ask();
    await relay.drive(baton.stop());
  });
});
