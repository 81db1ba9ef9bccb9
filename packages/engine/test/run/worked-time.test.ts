import { BatonError } from '@baton/core';
import { createMemoryGate } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { defaultLimits, viewJob } from '../../src/index.js';
import { foldedJob } from '../../src/job/job-data.js';
import { settle } from '../memory-world.js';
import { createRelay, fix } from '../relay.js';

const minute = 60_000;
const limits = { ...defaultLimits, wallClockMs: 45 * minute, stallMs: 10 * 60 * minute };

describe('the time that a job is worked', () => {
  it('counts turns that stops of the daemon cut short', async () => {
    const relay = createRelay(() => new Promise(() => {}), { limits });
    relay.source.seed({ labels: ['baton'] });
    for (let life = 0; life < 6; life += 1) {
      const baton = relay.create();
      const ran = baton.runOnce();
      for (let passed = 0; passed < 40; passed += 1) {
        await settle();
        relay.runtime.clock.advance(minute);
      }
      await baton.stop('now');
      await ran;
      relay.runtime.clock.advance(70_000);
    }
    expect(await relay.job()).toMatchObject({ outcome: 'timed-out' });
    expect(foldedJob(await relay.job()).data.workedMs).toBeLessThan(50 * minute);
  });

  it('counts turns whose daemons are killed, as far as their agents had said anything', async () => {
    const relay = createRelay(() => new Promise(() => {}), { limits });
    const { agent } = relay.project.agents[0];
    const { clock } = relay.runtime;
    const talking: typeof agent = {
      ...agent,
      async start(...request) {
        const session = await agent.start(...request);
        return {
          ...session,
          async *run(_turn, call) {
            for (;;) {
              await clock.sleep(minute, call);
              yield { type: 'text-delta', text: 'Still at it.' };
            }
          },
        };
      },
    };
    const projects = [{ ...relay.project, agents: [{ agent: talking, model: null }] }] as const;
    relay.source.seed({ labels: ['baton'] });
    let lives = 0;
    while ((await relay.jobs())[0]?.outcome !== 'timed-out' && lives < 9) {
      lives += 1;
      const worker = `life ${lives}`;
      const killed = relay.create({ projects, worker }).runOnce();
      killed.catch(() => {});
      for (let passed = 0; passed < 20; passed += 1) {
        await settle();
        clock.advance(minute);
      }
      await settle();
      relay.store.crash(worker);
    }
    expect(lives).toBe(3);
  });

  it('is told in words that hold where less than a minute is allowed', async () => {
    const gate = createMemoryGate({
      judge: async () => {
        relay.runtime.clock.advance(1500);
        return { verdict: 'rework', feedback: 'Name it better.', checks: [] };
      },
    });
    const relay = createRelay(fix, { gates: [gate], limits: { ...limits, wallClockMs: 1000 } });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const { outcome, reason } = viewJob(await relay.job());
    expect(outcome).toBe('timed-out');
    expect(reason).toBe('It was worked for 1.5 s; at most 1.0 s are allowed.');
  });

  it('leaves out an outage of the host while the work is handed in', async () => {
    const relay = createRelay();
    relay.source.people.set('bob', 'write');
    relay.source.seed({ labels: ['baton'] });
    const away = new BatonError('UNAVAILABLE', 'The host is away.', { details: {} });
    const { ensurePullRequest } = relay.forge;
    let isAway = true;
    const forge = {
      ...relay.forge,
      async ensurePullRequest(...request: Parameters<typeof ensurePullRequest>) {
        if (!isAway) return ensurePullRequest(...request);
        // A host that takes its time to say no.
        await relay.runtime.clock.sleep(2 * minute, request[1]);
        throw away;
      },
    };
    const projects = [{ ...relay.project, forge }] as const;
    for (let look = 0; look < 30; look += 1) {
      const baton = relay.create({ projects });
      await relay.drive(baton.runOnce());
      await baton.stop();
      relay.runtime.clock.advance(6 * minute);
    }
    isAway = false;
    relay.runtime.clock.advance(60 * minute);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
    expect(foldedJob(await relay.job()).data.workedMs).toBe(0);
    relay.forge.review(1, { body: 'Name it better.' });
    relay.runtime.clock.advance(minute);
    await relay.runOnce();
    expect(viewJob(await relay.job()).reason ?? '').not.toContain('It was worked for');
  });
});

describe('a round', () => {
  it('is one that changed something: thanks use up none', async () => {
    const prompts: string[] = [];
    const relay = createRelay(async (turn, key) => {
      prompts.push(turn.prompt);
      if (prompts.length === 1) return fix(turn, key);
      if (turn.prompt.includes('null check')) await turn.workspace.writeFile('app.txt', 'checked\n');
      return {};
    });
    relay.source.people.set('bob', 'write');
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    for (const body of ['👍', 'Thanks, looking now.', 'Looks fine so far.', 'The null check is missing.']) {
      relay.forge.review(1, { body });
      relay.runtime.clock.advance(minute);
      await relay.runOnce();
    }
    expect(prompts.at(-1)).toContain('null check');
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', round: 2 });
  });
});
