import { type AgentSession, BatonError, type CodingAgent, type JobStore } from '@baton/core';
import { describe, expect, it } from 'vitest';
import type { Project } from '../../src/index.js';
import { foldedJob } from '../../src/job/job-data.js';
import { settle } from '../memory-world.js';
import { createRelay, fix, type Turns } from '../relay.js';

type Relay = ReturnType<typeof createRelay>;

/** An agent whose first turn goes on until it is told to end, or is aborted. */
function slowAgent(before: Turns = fix) {
  const state = { turns: 0, aborted: 0, goOn: (): void => {} };
  const turns: Turns = async (turn, key) => {
    state.turns += 1;
    if (state.turns === 1) {
      await new Promise<void>((resolve, reject) => {
        const end = (): void => {
          state.aborted += 1;
          reject(turn.signal.reason);
        };
        turn.signal.addEventListener('abort', end);
        state.goOn = () => {
          turn.signal.removeEventListener('abort', end);
          resolve();
        };
      });
    }
    return before(turn, key);
  };
  return { state, turns };
}

async function pass(relay: Relay, seconds: number): Promise<void> {
  for (let half = 0; half < seconds * 2; half += 1) {
    await settle();
    relay.runtime.clock.advance(500);
  }
  await settle();
}

const locked = () => new BatonError('UNAVAILABLE', 'The store is locked by another program.', { details: {} });
const full = () => new BatonError('DISK_FULL', 'No room is left.', { details: { path: 'store.db' } });

/** A store none of whose writes comes through while `trouble` gives an error. */
function troubled(store: JobStore, trouble: () => BatonError | null): JobStore {
  const guard =
    <Request extends readonly unknown[], Answer>(call: (...request: Request) => Promise<Answer>) =>
    async (...request: Request): Promise<Answer> => {
      const error = trouble();
      if (error) throw error;
      return call(...request);
    };
  return {
    ...store,
    claim: guard(store.claim),
    confirm: guard(store.confirm),
    record: guard(store.record),
    release: guard(store.release),
    signals: guard(store.signals),
    writeFact: guard(store.writeFact),
  };
}

describe('a store that can’t answer for a while', () => {
  it.each([
    ['one beat', 1, locked],
    ['25 seconds of a full disk', 25, full],
    ['55 seconds of another program’s lock', 55, locked],
  ])('in the middle of a turn costs no turn: %s', async (_, seconds, trouble) => {
    const { state, turns } = slowAgent();
    const relay = createRelay(turns);
    let isTroubled = false;
    const store = troubled(relay.store, () => (isTroubled ? trouble() : null));
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create({ store });
    await baton.start();
    await pass(relay, 2);
    expect(state.turns).toBe(1);
    isTroubled = true;
    await pass(relay, seconds);
    isTroubled = false;
    await pass(relay, 5);
    state.goOn();
    await pass(relay, 5);
    await relay.drive(baton.stop());
    expect(state).toMatchObject({ turns: 1, aborted: 0 });
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('when the turn has just ended costs no turn either', async () => {
    const { state, turns } = slowAgent();
    const relay = createRelay(turns);
    let isTroubled = false;
    const store = troubled(relay.store, () => (isTroubled ? full() : null));
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create({ store });
    await baton.start();
    await pass(relay, 2);
    isTroubled = true;
    state.goOn();
    await pass(relay, 25);
    isTroubled = false;
    await pass(relay, 10);
    await relay.drive(baton.stop());
    expect(state.turns).toBe(1);
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('is told of once, also where it can still be read', async () => {
    const { state, turns } = slowAgent();
    const relay = createRelay(turns);
    let isTroubled = false;
    const store = { ...troubled(relay.store, () => (isTroubled ? full() : null)), signals: relay.store.signals };
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create({ store, concurrency: 1 });
    const told: string[] = [];
    const reading = (async () => {
      for await (const event of baton.events()) if (event.type === 'operator-needed') told.push(event.message);
    })();
    const ran = baton.runOnce();
    await pass(relay, 2);
    isTroubled = true;
    state.goOn();
    await pass(relay, 25);
    isTroubled = false;
    await pass(relay, 2);
    await relay.drive(baton.stop('now'));
    await ran;
    await reading;
    expect(told).toEqual(['No room is left.']);
  });

  it('for longer than the lease ends the turn, and the job goes on once the store is back', async () => {
    const { state, turns } = slowAgent();
    const relay = createRelay(turns);
    let isTroubled = false;
    const store = troubled(relay.store, () => (isTroubled ? locked() : null));
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create({ store });
    await baton.start();
    await pass(relay, 2);
    isTroubled = true;
    await pass(relay, 90);
    expect(state).toMatchObject({ turns: 1, aborted: 1 });
    isTroubled = false;
    await pass(relay, 180);
    await relay.drive(baton.stop());
    expect(state.turns).toBe(2);
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('leaves no job with a worker that has dropped it', async () => {
    const relay = createRelay();
    let failures = 3;
    const store: JobStore = {
      ...relay.store,
      async release(...request) {
        failures -= 1;
        if (failures >= 0) throw new BatonError('INTERNAL', 'odd', { details: {} });
        return relay.store.release(...request);
      },
    };
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create({ store });
    await baton.start();
    await pass(relay, 5);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
    relay.forge.merge(1);
    await pass(relay, 400);
    await relay.drive(baton.stop());
    expect(await relay.job()).toMatchObject({ outcome: 'merged' });
  });
});

describe('a machine that slept', () => {
  it.each([
    ['longer than the lease', 10 * 60_000],
    ['for a night', 8 * 3_600_000],
  ])('%s goes on with the turn that it holds', async (_, sleptMs) => {
    const { state, turns } = slowAgent();
    const relay = createRelay(turns);
    relay.source.seed({ labels: ['baton'] });
    relay.source.seed({ labels: [] });
    const baton = relay.create({ concurrency: 3 });
    await baton.start();
    await pass(relay, 2);
    expect(state.turns).toBe(1);
    relay.runtime.clock.jump(sleptMs);
    await pass(relay, 30);
    state.goOn();
    await pass(relay, 10);
    await relay.drive(baton.stop());
    expect(state).toMatchObject({ turns: 1, aborted: 0 });
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('counts no sleep as work', async () => {
    const { state, turns } = slowAgent();
    const relay = createRelay(turns);
    const ensure = relay.forge.ensurePullRequest.bind(relay.forge);
    const forge: Relay['forge'] = {
      ...relay.forge,
      ensurePullRequest: async (...request) => {
        relay.runtime.clock.jump(8 * 3_600_000);
        return ensure(...request);
      },
    };
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create({ projects: [{ ...relay.project, forge }] });
    await baton.start();
    await pass(relay, 2);
    relay.runtime.clock.jump(8 * 3_600_000);
    state.goOn();
    await pass(relay, 10);
    await relay.drive(baton.stop());
    expect(relay.forge.pulls()).toHaveLength(1);
    expect(foldedJob(await relay.job()).data.workedMs).toBeLessThan(60_000);
  });

  it('confirms what it holds at once, so that no other worker takes it later', async () => {
    const { state, turns } = slowAgent();
    const relay = createRelay(turns);
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create();
    await baton.start();
    await pass(relay, 2);
    relay.runtime.clock.jump(10 * 60_000);
    await pass(relay, 2);
    const other = relay.create();
    await other.runOnce();
    expect(state).toMatchObject({ turns: 1, aborted: 0 });
    state.goOn();
    await pass(relay, 10);
    await relay.drive(baton.stop());
    await other.stop();
    expect(state.turns).toBe(1);
  });

  it('and lost its job meanwhile ends its turn, and another worker’s stands', async () => {
    const { state, turns } = slowAgent();
    const relay = createRelay(turns);
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create();
    await baton.start();
    await pass(relay, 2);
    // Another machine's daemon, which did not sleep.
    relay.runtime.clock.jump(10 * 60_000);
    const other = relay.create();
    await other.runOnce();
    await other.stop();
    await pass(relay, 30);
    await relay.drive(baton.stop());
    expect(state).toMatchObject({ turns: 2, aborted: 1 });
    expect(relay.forge.pulls()).toHaveLength(1);
  });
});

describe('a clock that is put back', () => {
  it.each(['at the next start', 'while it runs'])(
    'keeps no job waiting for the hours to pass again: %s (G30)',
    async (when) => {
      const { state, turns } = slowAgent();
      const relay = createRelay(turns);
      const first = relay.create({ concurrency: 1 });
      relay.runtime.clock.jump(2 * 3_600_000);
      // One is at work and the other one queued when the clock is put right.
      for (const _ of [1, 2]) relay.source.seed({ labels: ['baton'] });
      await first.start();
      await pass(relay, 2);
      expect((await relay.jobs()).map(({ phase }) => phase).toSorted()).toEqual(['queued', 'working']);
      if (when === 'at the next start') await first.stop('now');
      relay.runtime.clock.jump(-2 * 3_600_000);
      const next = when === 'at the next start' ? relay.create({ concurrency: 1 }) : first;
      state.goOn();
      if (next !== first) await next.start();
      await pass(relay, 120);
      await relay.drive(next.stop());
      expect((await relay.jobs()).map(({ phase }) => phase)).toEqual(['reviewing', 'reviewing']);
    },
  );
});

describe('a worker that was replaced while it stood still', () => {
  it('begins no turn', async () => {
    let turns = 0;
    const relay = createRelay();
    const [{ agent }] = relay.project.agents;
    const counted: CodingAgent = {
      ...agent,
      async start(...request) {
        const session = await agent.start(...request);
        const run: AgentSession['run'] = (...turn) => {
          turns += 1;
          return session.run(...turn);
        };
        return { ...session, run };
      },
    };
    const project: Project = { ...relay.project, agents: [{ agent: counted, model: null }] };
    relay.source.seed({ labels: ['baton'] });
    const store: JobStore = {
      ...relay.store,
      async record(lease, change, call) {
        const recorded = await relay.store.record(lease, change, call);
        if (change.entries.every(({ type }) => type !== 'turn-started')) return recorded;
        relay.runtime.clock.jump(120_000);
        await relay.store.join('other');
        const caps = { total: 1, byProject: { web: 1 } };
        await relay.store.claim({ worker: 'other', leaseMs: 60_000, caps });
        return recorded;
      },
    };
    await relay.create({ store, projects: [project] }).runOnce();
    expect(turns).toBe(0);
  });
});
