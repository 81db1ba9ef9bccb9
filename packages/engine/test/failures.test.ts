import type { AgentSession } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../src/index.js';
import { settle } from './memory-world.js';
import { createRelay, fix } from './relay.js';

describe('when something fails', () => {
  it('starts over from a clean base after a failed turn, with backoff, five times', async () => {
    let turns = 0;
    const relay = createRelay(async (turn) => {
      turns += 1;
      expect(new TextDecoder().decode((await turn.workspace.readFile('app.txt')) ?? new Uint8Array())).toBe('broken\n');
      await turn.workspace.writeFile('app.txt', 'half done\n');
      return { outcome: 'failed', raw: 'crashed', summary: 'no full stop' };
    });
    relay.source.seed({ labels: ['baton'] });
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await relay.runOnce();
      const job = await relay.job();
      expect(turns).toBe(attempt);
      if (attempt < 5) {
        waits.push(job.wakeAt - relay.runtime.clock.now());
        // Nothing runs before its instant (G9).
        await relay.runOnce();
        expect(turns).toBe(attempt);
        relay.runtime.clock.advance(job.wakeAt - relay.runtime.clock.now());
      }
    }
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(7_500 * 2 ** index);
      expect(wait).toBeLessThanOrEqual(10_000 * 2 ** index);
    }
    const ended = viewJob(await relay.job());
    expect(ended).toMatchObject({ outcome: 'agent-failed', attempt: 5 });
    // What an agent says ends as it likes: no sentence of ours follows it.
    expect(ended.reason).toBe('The agent failed: crashed. That was attempt 5 of 5. no full stop');
  });

  it('waits for a usage limit to be over without counting an attempt (G23)', async () => {
    let turns = 0;
    const relay = createRelay(async (turn) => {
      turns += 1;
      if (turns === 1)
        return { outcome: 'unavailable', raw: 'rate_limit', retryAt: relay.runtime.clock.now() + 3_600_000 };
      return fix(turn, '');
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'usage-limit', attempt: 1 });
    relay.runtime.clock.advance(3_600_000 + 30_000);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', attempt: 1 });
  });

  it('takes the other issues in although one can’t be read (G7)', async () => {
    const relay = createRelay();
    for (let issue = 0; issue < 10; issue += 1) relay.source.seed({ title: `issue ${issue}`, labels: ['baton'] });
    relay.source.breakIssue('4');
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(9);
  });

  it('counts what a call came to in which a silent turn was ended', async () => {
    const limits = { attempts: 1, rounds: 3, steps: null, wallClockMs: 60_000_000, stallMs: 60_000 };
    const relay = createRelay(fix, { limits: { ...limits, tokens: null, microUsd: null } });
    const usage = { inputTokens: 70, cachedInputTokens: 0, outputTokens: 7, microUsd: 700, basis: 'computed' } as const;
    const [first] = relay.project.agents;
    const session: AgentSession = {
      id: 's',
      async *run(_turn, call) {
        yield { type: 'turn-start', model: 'm' };
        await new Promise((resolve) => call?.signal?.addEventListener('abort', resolve));
        yield { type: 'usage', usage };
        throw call?.signal?.reason;
      },
      close: async () => {},
    };
    Object.assign(relay.project, { agents: [{ ...first, agent: { ...first.agent, start: async () => session } }] });
    relay.source.seed({ labels: ['baton'] });
    await relay.drive(relay.runOnce());
    expect(viewJob(await relay.job())).toMatchObject({
      outcome: 'stalled',
      usage: { inputTokens: 70, outputTokens: 7 },
    });
  });

  it('ends a silent turn, and a job whose time is up', async () => {
    const relay = createRelay(() => new Promise(() => {}), {
      limits: {
        attempts: 1,
        rounds: 3,
        steps: null,
        wallClockMs: 60_000_000,
        stallMs: 60_000,
        tokens: null,
        microUsd: null,
      },
    });
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create();
    const ran = baton.runOnce();
    for (let second = 0; second < 70; second += 1) {
      await settle();
      relay.runtime.clock.advance(1_000);
    }
    await ran;
    await baton.stop();
    expect(viewJob(await relay.job())).toMatchObject({ outcome: 'stalled' });
    expect(relay.runtime.clock.sleeping).toBe(0);
  });

  it('cancels in the middle of a turn', async () => {
    const relay = createRelay(() => new Promise(() => {}));
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create();
    const ran = baton.runOnce();
    await settle();
    const job = await relay.job();
    expect(job.phase).toBe('working');
    await baton.signal(job.id, { type: 'cancel', data: { message: 'never mind' } });
    await settle();
    relay.runtime.clock.advance(1_000);
    await ran;
    await baton.stop();
    expect(viewJob(await relay.job())).toMatchObject({
      phase: 'cancelled',
      outcome: 'cancelled',
      reason: 'never mind',
    });
    expect((await relay.source.get('1'))?.labels).toEqual(['baton']);
  });
});
