import { type CallUsage, createModelAgent } from '@baton/agent-kit';
import { collectTurn, createTestWorkspace, type TestWorkspace, unlimited } from '@baton/agent-kit/testing';
import { createManualClock } from '@baton/conformance';
import type { AgentLimits, AgentUsage, ModelPrice } from '@baton/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCallMeter } from '../../src/proxy/call-meter.js';

const wanted = 5_000;

/** One call: how long an answer was asked for, and what the turn came to. Null: the limits let no call through. */
interface Called {
  readonly maxOutputTokens: number;
  readonly usage: AgentUsage;
}

describe('an agent that asks the model itself and one behind the proxy', () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await createTestWorkspace();
  });
  afterAll(() => workspace.dispose());

  const callDirectly = async (limits: Partial<AgentLimits>, price: ModelPrice, usage: CallUsage) => {
    const asked: number[] = [];
    const agent = createModelAgent({
      ...{ id: 'test', price, contextWindow: 100_000, maxOutputTokens: wanted, clock: createManualClock() },
      client: {
        model: 'm',
        async call({ maxOutputTokens }) {
          asked.push(maxOutputTokens);
          return { parts: [{ type: 'text', text: 'Done.' }], stop: { unified: 'end', raw: 'end' }, usage };
        },
      },
    });
    const session = await agent.start({ workspace: workspace.view, instructions: '' });
    const { end } = await collectTurn(session, 'Do it.', limits);
    const [maxOutputTokens] = asked;
    return maxOutputTokens === undefined ? null : { maxOutputTokens, usage: end.usage };
  };

  const callThroughProxy = async (limits: Partial<AgentLimits>, price: ModelPrice, usage: CallUsage) => {
    const meter = createCallMeter({
      ...{ limits: { ...unlimited, ...limits }, clock: createManualClock(), price: () => price, listener: {} },
    });
    const call = { kind: 'model', model: 'm', maxOutputTokens: wanted, minOutputTokens: 1, bytes: 6_000 } as const;
    const admitted = meter.admit(call);
    if (typeof admitted === 'string') return null;
    admitted.settle({ ...usage, surchargeTokens: 0, complete: true, stop: 'end', failure: null });
    return { maxOutputTokens: admitted.outputCap ?? wanted, usage: meter.usage };
  };

  /** At the least limit that lets a call through. */
  const atLeast = async (call: (limit: number) => Promise<Called | null>): Promise<Called | null> => {
    let [none, some] = [0, 1_000_000];
    while (some - none > 1) {
      const middle = Math.floor((none + some) / 2);
      if ((await call(middle)) === null) none = middle;
      else some = middle;
    }
    return await call(some);
  };

  const price: ModelPrice = { input: 0.1, cachedInput: 0.03, output: 1 };
  const usage: CallUsage = { inputTokens: 30, cachedInputTokens: 10, outputTokens: 7 };

  it.each(['maxTokens', 'maxMicroUsd'] as const)('make the last call for the same answer: %s', async (name) => {
    const [direct, proxied] = [
      await atLeast((limit) => callDirectly({ [name]: limit }, price, usage)),
      await atLeast((limit) => callThroughProxy({ [name]: limit }, price, usage)),
    ];
    expect([direct?.maxOutputTokens, proxied?.maxOutputTokens]).toEqual([1_024, 1_024]);
  });

  it.each<[string, CallUsage]>([
    ['parts of a millionth', usage],
    ['sums that are slightly off', { inputTokens: 33, cachedInputTokens: 0, outputTokens: 0 }],
    ['a cache of which nothing was told', { inputTokens: 30, cachedInputTokens: null, outputTokens: 7 }],
    ['an answer longer than what was asked for', { inputTokens: 30, cachedInputTokens: 0, outputTokens: 9_000 }],
  ])('come to the same: %s', async (_, told) => {
    const [direct, proxied] = [await callDirectly({}, price, told), await callThroughProxy({}, price, told)];
    expect(proxied?.usage).toEqual(direct?.usage);
    expect(direct?.usage.basis).toBe('computed');
  });
});
