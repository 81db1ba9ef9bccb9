import { type AgentSession, BatonError, type CodingAgent } from '@baton/core';
import { createMemoryAgent, type MemoryTurn, type MemoryTurnResult } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { createBaton, defaultLimits, type ProjectAgent, renderTimeline, viewJob } from '../../src/index.js';
import { createRelay, fix, type Turns } from '../relay.js';

const hour = 3_600_000;

type Turn = (turn: MemoryTurn) => MemoryTurnResult | Promise<MemoryTurnResult>;

/** A relay whose project has these agents, by id. */
function relayOf(
  turns: Readonly<Record<string, Turn>>,
  change: (agents: ProjectAgent[]) => ProjectAgent[] = (same) => same,
) {
  const asked: string[] = [];
  const agents = Object.entries(turns).map(([id, turn]): ProjectAgent => {
    const agent = createMemoryAgent({
      id,
      turns: (each) => {
        asked.push(id);
        return turn(each);
      },
    });
    return { agent, model: null };
  });
  const [first, ...rest] = change(agents);
  if (!first) throw new Error('no agents');
  const relay = createRelay(fix, { agents: [first, ...rest] });
  return { ...relay, asked };
}

const fixes: Turn = (turn) => fix(turn, '');

/** The same agent, which tells of so many checkpoints beside its own in each turn. */
function talkative(agent: CodingAgent, times: number): CodingAgent {
  const wrap = (session: AgentSession): AgentSession => ({
    ...session,
    async *run(turn, options) {
      for await (const event of session.run(turn, options)) {
        if (event.type === 'usage') {
          for (let turn = 0; turn < times; turn += 1) {
            yield { type: 'checkpoint', state: { agent: agent.id, version: 1, data: { turn }, session: `s${turn}` } };
          }
        }
        yield event;
      }
    },
  });
  const { resume } = agent;
  return {
    ...agent,
    start: async (request, options) => wrap(await agent.start(request, options)),
    ...(resume && { resume: async (request, options) => wrap(await resume(request, options)) }),
  };
}

describe('which agent works', () => {
  it('lets the second take over at a usage limit, from a clean tree and told what was learned, without counting an attempt (G23)', async () => {
    let prompt = '';
    const relay = relayOf({
      first: async (turn) => {
        await turn.workspace.writeFile('half.txt', 'half done\n');
        return {
          outcome: 'unavailable',
          raw: '429',
          retryAt: relay.runtime.clock.now() + hour,
          summary: 'The bug is in app.txt.',
          usage: { inputTokens: 7, outputTokens: 1, microUsd: 30, basis: 'computed' },
        };
      },
      second: async (turn) => {
        prompt = turn.prompt;
        expect(await turn.workspace.readFile('half.txt')).toBeNull();
        return { ...(await fixes(turn)), usage: { inputTokens: 5, outputTokens: 2, microUsd: 12, basis: 'computed' } };
      },
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const job = await relay.job();
    expect(job).toMatchObject({ phase: 'reviewing', attempt: 1 });
    expect(prompt).toContain('The bug is in app.txt.');
    expect(viewJob(job)).toMatchObject({ agent: 'second', cost: { microUsd: 42 } });
    const story = renderTimeline(await Array.fromAsync(relay.store.journal(job.id, 0))).filter(
      ({ step }) => step === 'work',
    );
    expect(story.map(({ detail }) => detail.split(' · ').slice(0, 2))).toEqual([
      ['first', 'unavailable (429)'],
      ['second', 'done'],
    ]);
  });

  it('does not ask an agent again for other jobs while its limit holds, and asks it first again after', async () => {
    const relay = relayOf({
      first: (turn) =>
        relay.asked.length === 1
          ? { outcome: 'unavailable', raw: '429', retryAt: relay.runtime.clock.now() + hour }
          : fixes(turn),
      second: fixes,
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(relay.asked).toEqual(['first', 'second', 'second']);
    relay.runtime.clock.advance(hour + 30_000);
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(relay.asked).toEqual(['first', 'second', 'second', 'first']);
  });

  it('waits for the first limit to end where no agent can be asked', async () => {
    const limited =
      (afterMs: number): Turn =>
      () => ({
        outcome: 'unavailable',
        raw: '429',
        retryAt: relay.runtime.clock.now() + afterMs,
      });
    const relay = relayOf({ first: limited(3 * hour), second: limited(hour) });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const job = await relay.job();
    expect(job).toMatchObject({ phase: 'waiting', wait: 'usage-limit', attempt: 1 });
    expect(job.wakeAt - relay.runtime.clock.now()).toBeGreaterThan(hour);
    expect(job.wakeAt - relay.runtime.clock.now()).toBeLessThan(hour + 31_000);
    // A word of a person does not end the limit (G9).
    await relay.store.signal(job.id, { type: 'steer', data: { message: 'hurry' } });
    await relay.runOnce();
    expect(relay.asked).toEqual(['first', 'second']);
    expect((await relay.job()).wakeAt).toBe(job.wakeAt);
  });

  it('asks an agent that is down less and less often, and counts no attempt', async () => {
    const relay = relayOf({ only: () => ({ outcome: 'unavailable', raw: 'connection refused' }) });
    relay.source.seed({ labels: ['baton'] });
    const waits: number[] = [];
    for (let time = 1; time <= 4; time += 1) {
      await relay.runOnce();
      const job = await relay.job();
      expect(job).toMatchObject({ phase: 'waiting', wait: 'unavailable', attempt: 1 });
      waits.push(job.wakeAt - relay.runtime.clock.now());
      relay.runtime.clock.advance(job.wakeAt - relay.runtime.clock.now());
    }
    expect(relay.asked).toHaveLength(4);
    expect(waits.map((wait) => wait > 60_000)).toEqual([false, false, false, true]);
  });

  it('keeps no other job waiting for a provider that one job alone finds away', async () => {
    const relay = createRelay(
      (turn, key) => (key === 'mem#1' ? { outcome: 'unavailable', raw: 'exit 75' } : fix(turn, key)),
      {},
      { concurrency: 1 },
    );
    for (let seeded = 0; seeded < 3; seeded += 1) relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const ends = (await relay.jobs()).map(({ issueKey, phase }) => [issueKey, phase]);
    expect(Object.fromEntries(ends)).toEqual({ 'mem#1': 'waiting', 'mem#2': 'reviewing', 'mem#3': 'reviewing' });
  });

  it('asks an agent that two jobs found away for no third one', async () => {
    const asked: string[] = [];
    const away: Turns = (_turn, key) => {
      asked.push(key);
      return { outcome: 'unavailable', raw: 'connection refused' };
    };
    const relay = createRelay(away, {}, { concurrency: 1 });
    for (let seeded = 0; seeded < 4; seeded += 1) relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(asked).toEqual(['mem#1', 'mem#2']);
    for (const job of await relay.jobs()) expect(job).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
  });

  it('keeps a bounded part of what an agent tells of its progress, and the last of it', async () => {
    const told = 3_000;
    const relay = relayOf(
      {
        only: (turn) =>
          turn.resumed
            ? fixes(turn)
            : { outcome: 'unavailable', raw: '429', retryAt: relay.runtime.clock.now() + hour },
      },
      (agents) => agents.map((each) => ({ ...each, agent: talkative(each.agent, told) })),
    );
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const entries = await Array.fromAsync(relay.store.journal((await relay.job()).id, 0));
    const kept = entries.filter(({ type }) => type === 'checkpoint');
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.length).toBeLessThan(told / 2);
    expect(kept.at(-1)?.data).toMatchObject({ state: { data: { turn: 1 } } });
    relay.runtime.clock.advance(hour + 30_000);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
  });

  it('lets an agent go on where its limit cut it off', async () => {
    const relay = relayOf({
      only: async (turn) => {
        if (relay.asked.length === 1) {
          await turn.workspace.writeFile('half.txt', 'half done\n');
          return { outcome: 'unavailable', raw: '429', retryAt: relay.runtime.clock.now() + hour };
        }
        expect(turn.resumed).toBe(true);
        expect(await turn.workspace.readFile('half.txt')).not.toBeNull();
        expect(turn.prompt).not.toContain('Another agent');
        return fixes(turn);
      },
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.runtime.clock.advance(hour + 30_000);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', attempt: 1, round: 1 });
  });

  it('chooses by labels and size, and holds a turn to the agent’s own limits', async () => {
    const limits: number[] = [];
    const note: Turn = (turn) => {
      limits.push(turn.limits.maxSteps ?? 0);
      return fixes(turn);
    };
    const relay = relayOf({ big: note, docs: note, rest: note }, ([big, docs, rest]) =>
      big && docs && rest
        ? [
            { ...big, when: { minCharacters: 5_000 } },
            { ...docs, when: { labels: ['Docs'] }, limits: { steps: 3 } },
            { ...rest, limits: { steps: 9 } },
          ]
        : [],
    );
    relay.source.seed({ labels: ['baton'] });
    relay.source.seed({ labels: ['baton', 'docs'] });
    relay.source.seed({ labels: ['baton'], body: 'long '.repeat(1_000) });
    await relay.runOnce();
    const agents = (await relay.jobs()).map((job) => [job.issueKey, viewJob(job).agent]).toSorted();
    expect(agents.map(([, agent]) => agent)).toEqual(['rest', 'docs', 'big']);
    expect(limits.toSorted()).toEqual([0, 3, 9]);
  });

  it('keeps the agents that a job was claimed for (G29)', async () => {
    const relay = relayOf({ first: () => ({ outcome: 'needs-person', summary: 'Which?' }), second: fixes });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const [first, second] = relay.project.agents;
    if (!second) throw new Error('no second agent');
    await relay.store.signal((await relay.job()).id, { type: 'steer', data: { message: 'this' } });
    const baton = relay.create({ projects: [{ ...relay.project, agents: [second, first] }] });
    await baton.runOnce();
    await baton.stop();
    expect(relay.asked).toEqual(['first', 'first']);
  });

  it('refuses agents that are each for some issues only', () => {
    const relay = relayOf({ only: fixes });
    const [agent] = relay.project.agents;
    const picky = { ...relay.project, agents: [{ ...agent, when: { labels: ['docs'] } }] as const };
    const refused = (error: unknown): boolean => BatonError.is(error, 'CONFIG_INVALID');
    expect(() => createBaton({ runtime: relay.runtime, store: relay.store, projects: [picky] })).toThrow(
      expect.toSatisfy(refused),
    );
  });
});

describe('what a day may cost', () => {
  it('holds a turn to a share of the day where the job has no limit of its own', async () => {
    const caps: (number | null)[] = [];
    const relay = createRelay(
      async (turn) => {
        caps.push(turn.limits.maxMicroUsd);
        return { ...(await fix(turn, '')), usage: { microUsd: 999, basis: 'reported' } };
      },
      { budget: { microUsdPerDay: 5_000, openPullRequests: null }, limits: { ...defaultLimits, microUsd: null } },
    );
    for (let issue = 0; issue < 6; issue += 1) relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(caps).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
    const waiting = (await relay.jobs()).filter((job) => job.wait === 'budget');
    expect(waiting).toHaveLength(1);
  });
});
