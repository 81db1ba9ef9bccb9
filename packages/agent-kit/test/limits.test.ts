import type { AgentEvent, AgentLimits, AgentUsage } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallUsage, ModelAgentOptions, ModelClient, ModelReply } from '../src/index.js';
import { collectTurn, createTestWorkspace, type TestWorkspace, unlimited } from '../src/testing.js';
import { createScriptedModel, run, say, unavailable } from './scripted-model.js';
import { letTimePass, startAgent } from './start-agent.js';

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await createTestWorkspace();
});
afterEach(() => workspace.dispose());

const price = { input: 2, output: 10, cachedInput: 0.2 };
const untold: CallUsage = { inputTokens: null, cachedInputTokens: null, outputTokens: null };

/** A provider that charges what its model was allowed to write, and a token for each four bytes of input. */
function createGreedy(): {
  readonly replies: Iterable<never>;
  readonly client: ModelAgentOptions['client'];
  spent: { tokens: number; microUsd: number };
} {
  const spent = { tokens: 0, microUsd: 0 };
  let calls = 0;
  const client = createScriptedModel([]);
  return {
    replies: [],
    spent,
    client: {
      ...client,
      async call(request): Promise<ModelReply> {
        calls += 1;
        const inputTokens = Math.floor(JSON.stringify(request).length / 4);
        const outputTokens = request.maxOutputTokens;
        spent.tokens += inputTokens + outputTokens;
        spent.microUsd += inputTokens * price.input * 1.25 + outputTokens * price.output;
        return {
          ...run(`echo ${calls}`),
          usage: { inputTokens, cachedInputTokens: 0, cacheWriteTokens: inputTokens, outputTokens },
        };
      },
    },
  };
}

describe('limits', () => {
  it.each<[string, Partial<AgentLimits>, string]>([
    ['tokens', { maxTokens: 50_000 }, 'max tokens'],
    ['money', { maxMicroUsd: 300_000 }, 'max cost'],
  ])('in %s are never passed, and used up for the most part', async (_, limits, raw) => {
    const greedy = createGreedy();
    const options = { client: greedy.client, price, cacheWriteFactor: 1.25, maxOutputTokens: 8_000 };
    const { session } = await startAgent(workspace, [], options);
    const { end } = await collectTurn(session, 'the task', limits);
    expect(end.outcome).toEqual({ unified: 'limit-reached', raw });
    const { maxTokens = greedy.spent.tokens, maxMicroUsd = greedy.spent.microUsd } = limits;
    expect(greedy.spent.tokens).toBeLessThanOrEqual(maxTokens ?? 0);
    expect(greedy.spent.microUsd).toBeLessThanOrEqual(maxMicroUsd ?? 0);
    expect(greedy.spent.tokens).toBeGreaterThan((maxTokens ?? 0) * 0.8);
    expect(greedy.spent.microUsd).toBeGreaterThan((maxMicroUsd ?? 0) * 0.8);
    expect(end.usage).toMatchObject({ microUsd: Math.ceil(greedy.spent.microUsd), basis: 'computed' });
  });

  it.each<[string, Partial<AgentLimits>]>([
    ['tokens', { maxTokens: 500 }],
    ['money', { maxMicroUsd: 500 }],
    ['steps', { maxSteps: 0 }],
    ['time', { deadline: Date.UTC(2026, 0, 1) }],
  ])('in %s that leave no room for a call allow none', async (_, limits) => {
    const { session, model } = await startAgent(workspace, [], { price });
    const { end } = await collectTurn(session, 'the task', limits);
    expect(end.outcome.unified).toBe('limit-reached');
    expect(end.usage).toMatchObject({ inputTokens: 0, microUsd: 0 });
    expect(model.requests).toEqual([]);
  });

  it('in steps count the replies of a turn, and of this turn alone', async () => {
    const { session, model } = await startAgent(workspace, [run('echo 1'), run('echo 2'), run('echo 3'), say('Done.')]);
    const first = await collectTurn(session, 'the task', { maxSteps: 3 });
    expect(first.end.outcome).toEqual({ unified: 'limit-reached', raw: 'max steps' });
    expect(model.requests).toHaveLength(3);
    expect((await collectTurn(session, 'the task', { maxSteps: 3 })).end.outcome.unified).toBe('done');
  });

  it.each<[string, Partial<AgentLimits>]>([
    ['steps', { maxSteps: 12 }],
    ['tokens', { maxTokens: 20_000 }],
  ])('in %s are told to the model once, shortly before', async (_, limits) => {
    const replies = Array.from({ length: 100 }, (_each, index) => ({
      ...run(`echo ${index}`),
      usage: { inputTokens: 1_500, cachedInputTokens: 0, outputTokens: 10 },
    }));
    const { session, model } = await startAgent(workspace, replies);
    await collectTurn(session, 'the task', limits);
    const told = (model.requests.at(-1)?.messages ?? []).flatMap((message, index) =>
      message.role === 'user' && message.text.includes('near') ? [index] : [],
    );
    expect(told).toHaveLength(1);
    expect(told[0]).toBeGreaterThan(model.requests.length);
  });

  it('count what the provider leaves untold as it was reserved, and tell it so', async () => {
    const { session, model } = await startAgent(
      workspace,
      (function* () {
        for (let index = 0; ; index += 1) yield { ...run(`echo ${index}`), usage: untold };
      })(),
      { price },
    );
    const { end } = await collectTurn(session, 'the task', { maxTokens: 30_000 });
    expect(end.outcome.raw).toBe('max tokens');
    expect(model.requests.length).toBeGreaterThan(2);
    expect(model.requests.length).toBeLessThan(8);
    // Each call counts with all that it might have answered; the last one with what the limit left it.
    expect(end.usage.outputTokens).toBeGreaterThan((model.requests.length - 1) * 4_000);
    expect(end.usage.inputTokens).toBeGreaterThan(model.requests.length * 500);
    expect(end.usage.basis).toBe('computed');
    expect(end.usage.microUsd).toBeGreaterThanOrEqual((model.requests.length - 1) * 4_000 * price.output);
  });

  it('count a reply that broke off as if it had come whole', async () => {
    const cut = unavailable('Broke off after it had begun.');
    const { session, clock, model } = await startAgent(workspace, [cut, cut, say('Done.')], { price });
    const { end } = await letTimePass(clock, collectTurn(session, 'the task'));
    expect(end.usage.microUsd).toBeGreaterThan(2 * 4_000 * price.output);
    expect(end.usage).toMatchObject({ outputTokens: 2 * 4_000 + 10 });
    expect(end.usage.inputTokens).toBeGreaterThan(1_000);
    expect(model.requests).toHaveLength(3);
  });

  it.each<[string, CallUsage, Partial<AgentUsage>]>([
    [
      'its input',
      { inputTokens: 70, cachedInputTokens: 30, outputTokens: null },
      { inputTokens: 170, outputTokens: 4_010 },
    ],
    ['all', { inputTokens: 70, cachedInputTokens: 30, outputTokens: 5 }, { inputTokens: 170, outputTokens: 15 }],
  ])('count of a reply that broke off, where the provider had told %s, what it told', async (_, told, sum) => {
    let tries = 0;
    const client: ModelClient = {
      model: 'm',
      async call(__, options) {
        tries += 1;
        if (tries > 1) return say('Done.');
        options.onUsage?.({ inputTokens: 1, cachedInputTokens: 0, outputTokens: null });
        options.onUsage?.(told);
        throw unavailable();
      },
    };
    const { session, clock } = await startAgent(workspace, [], { client });
    const { end } = await letTimePass(clock, collectTurn(session, 'the task'));
    expect(end.usage).toMatchObject({ cachedInputTokens: 70, ...sum });
  });

  it('allow no further try that could pass them', async () => {
    const cut = unavailable('Broke off after it had begun.');
    const { session, clock, model } = await startAgent(workspace, [cut, say('Done.')]);
    const { end } = await letTimePass(clock, collectTurn(session, 'the task', { maxTokens: 8_000 }));
    expect(end.outcome.unified).toBe('limit-reached');
    expect(model.requests).toHaveLength(1);
  });

  it('without a price leave the cost unknown', async () => {
    const { session } = await startAgent(workspace, [say('Done.')]);
    const { end } = await collectTurn(session, 'the task', { maxMicroUsd: 1 });
    expect(end).toMatchObject({ outcome: { unified: 'done' }, usage: { microUsd: null, basis: 'unknown' } });
  });

  it('in time end a call that is under way', async () => {
    const hang = (_: unknown, signal?: AbortSignal): Promise<ModelReply> =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const { session, clock, model } = await startAgent(workspace, [hang]);
    const turn = collectTurn(session, 'the task', { deadline: clock.now() + 60_000 });
    await vi.waitFor(() => expect(model.requests).toHaveLength(1));
    const { end } = await letTimePass(clock, turn);
    expect(end.outcome).toEqual({ unified: 'limit-reached', raw: 'deadline' });
    expect(clock.monotonic()).toBe(60_000);
    expect(clock.sleeping).toBe(0);
    // Nobody knows what it had come to by then.
    expect(end.usage.outputTokens).toBe(4_000);
    expect(end.usage.inputTokens).toBeGreaterThan(500);
  });

  it('hold a call that was under way when somebody ended the turn: it is told before the reason', async () => {
    const hang = (_: unknown, signal?: AbortSignal): Promise<ModelReply> =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const { session } = await startAgent(workspace, [hang], { price });
    const ending = new AbortController();
    const reason = new Error('ended');
    const events: AgentEvent[] = [];
    const turn = async (): Promise<void> => {
      for await (const event of session.run({ prompt: 'the task', limits: unlimited }, { signal: ending.signal })) {
        events.push(event);
        if (event.type === 'turn-start') setTimeout(() => ending.abort(reason), 50);
      }
    };
    await expect(turn()).rejects.toBe(reason);
    const last = events.at(-1);
    expect(last).toMatchObject({ type: 'usage', usage: { outputTokens: 4_000, basis: 'computed' } });
    await session.close();
  });
});
