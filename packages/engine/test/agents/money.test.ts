import { BatonError, type CodingAgent } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { defaultLimits, type Project, viewJob } from '../../src/index.js';
import { settle } from '../memory-world.js';
import { createRelay, fix, type Turns } from '../relay.js';

const cost = 60;
/** Spends what it is asked for, as far as its turn lets it. */
const paid: Turns = async (turn, key) => {
  const most = turn.limits.maxMicroUsd;
  const usage = { microUsd: Math.min(cost, most ?? cost), basis: 'reported' } as const;
  if (most !== null && most < cost) return { outcome: 'limit-reached', raw: 'max cost', usage };
  return { ...(await fix(turn, key)), usage };
};

function relayOf(perDay: number | null, perJob: number | null, turns: Turns = paid, change: Partial<Project> = {}) {
  return createRelay(turns, {
    budget: { microUsdPerDay: perDay, openPullRequests: null },
    limits: { ...defaultLimits, microUsd: perJob },
    ...change,
  });
}
type Relay = ReturnType<typeof relayOf>;

function spentToday({ runtime, store }: Relay): Promise<number> {
  const period = new Date(runtime.clock.now()).toISOString().slice(0, 10);
  return store.spent({ scope: 'project/web', period, unit: 'micro-usd' });
}

async function costs(relay: Relay): Promise<number> {
  const each = (await relay.jobs()).map((job) => viewJob(job).cost.microUsd ?? 0);
  return each.reduce((left, right) => left + right, 0);
}

/** An agent that can't be started the first time that each job asks. */
function slowToStart(agent: CodingAgent): CodingAgent {
  let starts = 0;
  return {
    ...agent,
    async start(...request) {
      starts += 1;
      if (starts % 2 === 1) throw new BatonError('UNAVAILABLE', 'It could not be started just now.', { details: {} });
      return agent.start(...request);
    },
  };
}

async function runFor(relay: Relay, minutes: number, project: Project = relay.project): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    const baton = relay.create({ projects: [project] });
    await baton.runOnce();
    await baton.stop();
    relay.runtime.clock.advance(60_000);
  }
}

/** A life that dies right before or after the ledger hears of its turn. */
async function dieSettingAside({ store, create, runtime }: Relay, moment: 'before' | 'after'): Promise<void> {
  const dying: typeof store = {
    ...store,
    async reserve(lease, request, call) {
      if (moment === 'after') await store.reserve(lease, request, call);
      return new Promise(() => {});
    },
  };
  void create({ store: dying }).runOnce();
  for (let rest = 0; rest < 10; rest += 1) await settle();
  runtime.clock.jump(120_000);
}

describe('the ledger says what was paid', () => {
  it('where the step of the turn failed once before', async () => {
    const relay = relayOf(1_000, cost);
    const [{ agent }] = relay.project.agents;
    relay.source.seed({ labels: ['baton'] });
    await runFor(relay, 3, { ...relay.project, agents: [{ agent: slowToStart(agent), model: null }] });
    expect(relay.forge.pulls()).toHaveLength(1);
    expect([await spentToday(relay), await costs(relay)]).toEqual([cost, cost]);
  });

  it('for turns that a crash cut off, beside those that were done again', async () => {
    const relay = relayOf(1_000, 500);
    const { resume: _, ...agent } = relay.project.agents[0].agent;
    const projects = [{ ...relay.project, agents: [{ agent, model: null }] }] as const;
    const dying: typeof relay.store = {
      ...relay.store,
      record: (lease, change, call) =>
        change.entries.some(({ type }) => type === 'turn-ended')
          ? new Promise(() => {})
          : relay.store.record(lease, change, call),
    };
    relay.source.seed({ labels: ['baton'] });
    void relay.create({ store: dying, projects }).runOnce();
    for (let rest = 0; rest < 10; rest += 1) await settle();
    relay.runtime.clock.jump(120_000);
    const next = relay.create({ projects });
    await next.runOnce();
    await next.stop();
    expect(relay.forge.pulls()).toHaveLength(1);
    expect([await spentToday(relay), await costs(relay)]).toEqual([2 * cost, 2 * cost]);
  });

  it.each(['before', 'after'] as const)(
    'where a crash came right %s money was set aside: the next life has all of it, and pays once',
    async (moment) => {
      const relay = relayOf(1_000, cost);
      relay.source.seed({ labels: ['baton'] });
      await dieSettingAside(relay, moment);
      await relay.runOnce();
      expect(relay.forge.pulls()).toHaveLength(1);
      expect([await spentToday(relay), await costs(relay)]).toEqual([cost, cost]);
    },
  );

  it.each(['before', 'after'] as const)(
    'where a crash came right %s money was set aside, and a person cancels: all of it is free again',
    async (moment) => {
      const relay = relayOf(1_000, cost);
      relay.source.seed({ labels: ['baton'] });
      await dieSettingAside(relay, moment);
      await relay.store.signal((await relay.job()).id, { type: 'cancel', data: null });
      await relay.runOnce();
      expect(await relay.job()).toMatchObject({ phase: 'cancelled' });
      expect(await spentToday(relay)).toBe(0);
    },
  );

  it('for a turn that a crash cut off after it had told of some of it', async () => {
    let turns = 0;
    const hanging: Turns = async (turn, key) => {
      turns += 1;
      return turns === 1 ? new Promise(() => {}) : paid(turn, key);
    };
    const relay = relayOf(1_000, 500, hanging);
    const { agent } = relay.project.agents[0];
    const { resume: _, ...once } = agent;
    const telling: CodingAgent = {
      ...once,
      async start(...request) {
        const session = await agent.start(...request);
        return {
          ...session,
          async *run(...turn) {
            for await (const event of session.run(...turn)) {
              yield event;
              if (event.type !== 'checkpoint') continue;
              const told = { inputTokens: 9, cachedInputTokens: 0, outputTokens: 1, microUsd: 25 };
              if (turns === 0) yield { type: 'usage', usage: { ...told, basis: 'reported' } };
            }
          },
        };
      },
    };
    relay.source.seed({ labels: ['baton'] });
    const projects = [{ ...relay.project, agents: [{ agent: telling, model: null }] }] as const;
    void relay.create({ projects }).runOnce();
    for (let rest = 0; rest < 10; rest += 1) await settle();
    relay.runtime.clock.jump(120_000);
    const next = relay.create({ projects });
    await next.runOnce();
    await next.stop();
    expect([await spentToday(relay), await costs(relay)]).toEqual([25 + cost, 25 + cost]);
  });

  it('once for a turn that failed, where the next one died before it was begun', async () => {
    const relay = relayOf(1_000, 500);
    const { agent } = relay.project.agents[0];
    let starts = 0;
    const failing: CodingAgent = {
      ...agent,
      async start(...request) {
        starts += 1;
        const session = await agent.start(...request);
        if (starts > 1) return session;
        return {
          ...session,
          async *run() {
            const told = { inputTokens: 9, cachedInputTokens: 0, outputTokens: 1, microUsd: 25 };
            yield { type: 'usage', usage: { ...told, basis: 'reported' } };
            throw new BatonError('UNAVAILABLE', 'Its server is gone.', { details: {} });
          },
        };
      },
    };
    const project = { ...relay.project, agents: [{ agent: failing, model: null }] } as const;
    relay.source.seed({ labels: ['baton'] });
    await runFor(relay, 1, project);
    await dieSettingAside(relay, 'after');
    await runFor(relay, 3, project);
    expect(relay.forge.pulls()).toHaveLength(1);
    expect([await spentToday(relay), await costs(relay)]).toEqual([25 + cost, 25 + cost]);
  });

  it('for an agent that tells nothing: nothing, so that it is not ended by a limit that nobody can measure', async () => {
    let turns = 0;
    const relay = relayOf(1_000, 200, async (turn) => {
      turns += 1;
      await turn.workspace.writeFile('app.txt', turns < 3 ? `red ${turns}\n` : 'mended\n');
      return {};
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(turns).toBe(3);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
    expect(await spentToday(relay)).toBe(0);
  });

  it('for a turn whose provider could not be asked: nothing', async () => {
    const relay = relayOf(1_000, 200, async () => ({ outcome: 'unavailable', raw: 'usage limit' }));
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
    expect(await spentToday(relay)).toBe(0);
  });

  it('for a turn that a person cancelled: what it had told', async () => {
    const relay = relayOf(100, cost, () => new Promise(() => {}));
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create();
    const ran = baton.runOnce();
    await settle();
    expect(await spentToday(relay)).toBe(cost);
    await baton.signal((await relay.job()).id, { type: 'cancel', data: null });
    await relay.drive(ran);
    await baton.stop();
    expect(await relay.job()).toMatchObject({ outcome: 'cancelled' });
    expect(await spentToday(relay)).toBe(0);
  });
});

describe('caps', () => {
  it('of the day hold over jobs whose step failed once before', async () => {
    const relay = relayOf(100, cost, paid, { concurrency: 1 });
    const [{ agent }] = relay.project.agents;
    for (let issue = 0; issue < 10; issue += 1) relay.source.seed({ labels: ['baton'] });
    await runFor(relay, 8, { ...relay.project, agents: [{ agent: slowToStart(agent), model: null }] });
    expect(await costs(relay)).toBe(100);
    expect(await spentToday(relay)).toBe(100);
  });

  it.each([
    ['above', 500],
    ['equal to', 100],
  ])('of a job %s the day’s leave the day to all jobs', async (_, perJob) => {
    const relay = relayOf(100, perJob, async (turn, key) => ({
      ...(await fix(turn, key)),
      usage: { microUsd: 5, basis: 'reported' },
    }));
    for (let issue = 0; issue < 3; issue += 1) relay.source.seed({ labels: ['baton'] });
    await runFor(relay, 50);
    expect((await relay.jobs()).map(({ phase }) => phase)).toEqual(['reviewing', 'reviewing', 'reviewing']);
    expect(await spentToday(relay)).toBe(15);
  });

  it('of the day that end a turn end no job: it goes on when there is a new day', async () => {
    const relay = relayOf(100, 500);
    relay.source.seed({ labels: ['baton'] });
    relay.source.seed({ labels: ['baton'] });
    await runFor(relay, 30);
    const waiting = (await relay.jobs()).filter(({ phase }) => phase === 'waiting');
    expect(waiting).toMatchObject([{ wait: 'budget', outcome: null }]);
    expect(viewJob(waiting[0] ?? (await relay.job())).reason).toMatch(/budget for today/);
    expect(await spentToday(relay)).toBe(100);
    relay.runtime.clock.advance(24 * 60 * 60_000);
    await runFor(relay, 1);
    expect((await relay.jobs()).map(({ phase }) => phase)).toEqual(['reviewing', 'reviewing']);
  });

  it.each([1, 2])('of %i open pull requests hold for jobs that begin at once', async (most) => {
    const each: Turns = async ({ workspace }, key) => {
      await workspace.writeFile('app.txt', `mended for ${key}\n`);
      return {};
    };
    const relay = createRelay(each, { budget: { microUsdPerDay: null, openPullRequests: most } });
    for (let issue = 0; issue < 4; issue += 1) relay.source.seed({ labels: ['baton'] });
    const daemons = [relay.create(), relay.create()];
    await Promise.all(daemons.map((baton) => baton.runOnce()));
    for (const baton of daemons) await baton.stop();
    expect(relay.forge.pulls()).toHaveLength(most);
    relay.forge.merge(1);
    relay.runtime.clock.advance(10 * 60_000);
    await relay.runOnce();
    relay.runtime.clock.advance(10 * 60_000);
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(most + 1);
  });

  it('ask no host while they are what an issue waits for', async () => {
    const relay = createRelay(fix, { budget: { microUsdPerDay: null, openPullRequests: 1 } });
    for (let issue = 0; issue < 20; issue += 1) relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    let asked = 0;
    const source = {
      ...relay.source,
      get: (...request: Parameters<typeof relay.source.get>) => {
        asked += 1;
        return relay.source.get(...request);
      },
      brief: (...request: Parameters<typeof relay.source.brief>) => {
        asked += 1;
        return relay.source.brief(...request);
      },
    };
    await runFor(relay, 30, { ...relay.project, source });
    expect(asked).toBe(0);
  });
});
