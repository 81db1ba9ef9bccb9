import { type AgentEvent, type AgentResumeState, type AgentSession, BatonError, type CodingAgent } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../../src/index.js';
import { settle } from '../memory-world.js';
import { createRelay } from '../relay.js';

const told = 400;

/** An agent that tells more of its progress than is stored at once, each step at a micro-dollar, and then comes to its end. */
function createTalker(end: (signal: AbortSignal) => Promise<void>) {
  const wentOnFrom: (AgentResumeState['data'] | null)[] = [];
  let isTold = false;
  const open = (state: AgentResumeState | null): AgentSession => {
    wentOnFrom.push(state?.data ?? null);
    return {
      id: 's',
      async *run(_turn, options): AsyncGenerator<AgentEvent> {
        yield { type: 'turn-start', model: null };
        for (let step = 1; step <= told; step += 1) {
          yield { type: 'checkpoint', state: { agent: 'talker', version: 1, data: { step }, session: 's' } };
          const usage = { inputTokens: step, cachedInputTokens: 0, outputTokens: 0, microUsd: step };
          yield { type: 'usage', usage: { ...usage, basis: 'reported' } };
        }
        isTold = true;
        await end(options?.signal ?? new AbortController().signal);
      },
      close: async () => {},
    };
  };
  const agent: CodingAgent = {
    spec: 'coding-agent/1',
    id: 'talker',
    start: async () => open(null),
    resume: async ({ state }) => open(state),
  };
  return { agent, wentOnFrom, isTold: () => isTold };
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

describe('a turn that is cut off', () => {
  async function cut(end: (signal: AbortSignal) => Promise<void>) {
    const talker = createTalker(end);
    const relay = createRelay(undefined, { agents: [{ agent: talker.agent, model: null }] });
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create();
    const started = baton.start();
    await relay.drive(started);
    while (!talker.isTold()) await settle();
    await settle();
    return { talker, relay, baton };
  }

  it('by the engine’s stop keeps how far it came and what it cost, to the last word', async () => {
    const { relay, baton } = await cut(untilAborted);
    await relay.drive(baton.stop('now'));
    const job = await relay.job();
    expect(viewJob(job).cost.microUsd).toBe(told);
    expect(job.data).toMatchObject({ checkpoint: { data: { step: told } } });
  });

  it('by a person’s cancel has cost all that it told of', async () => {
    const { relay, baton } = await cut(untilAborted);
    await baton.signal((await relay.job()).id, { type: 'cancel', data: null });
    await relay.drive(
      (async () => {
        while ((await relay.job()).phase !== 'cancelled') await settle();
      })(),
    );
    await relay.drive(baton.stop());
    expect(viewJob(await relay.job()).cost.microUsd).toBe(told);
  });

  it('by a stop goes on from where it was', async () => {
    const { talker, relay, baton } = await cut(untilAborted);
    await relay.drive(baton.stop('now'));
    const next = relay.create();
    await relay.drive(next.start());
    await relay.drive(
      (async () => {
        while (talker.wentOnFrom.length < 2) await settle();
      })(),
    );
    await relay.drive(next.stop('now'));
    expect(talker.wentOnFrom).toEqual([null, { step: told }]);
  });

  it('by a failure of its agent keeps them too', async () => {
    const { relay, baton } = await cut(async () => {
      throw new BatonError('UNAVAILABLE', 'Its program is gone.', { details: {} });
    });
    await relay.drive(baton.stop());
    const job = await relay.job();
    expect(job).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
    expect(viewJob(job).cost.microUsd).toBe(told);
    expect(job.data).toMatchObject({ checkpoint: { data: { step: told } } });
  });
});
