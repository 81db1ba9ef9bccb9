import { codingAgentContract } from '@baton/conformance';
import type { AgentEvent } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createMemoryAgent } from '../src/index.js';
import { createFiles, createMemoryAgentRig } from './agent-rig.js';

const unlimited = { maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null };

describe('memory agent', () => {
  codingAgentContract(it, async () => createMemoryAgentRig());

  it('counts turns on through a resumption, and does the turn again that a crash cut short', async () => {
    const seen: string[] = [];
    const agent = createMemoryAgent({
      turns: ({ index, prompt, resumed }) => {
        seen.push(`${index} ${prompt} ${resumed}`);
        return { summary: prompt };
      },
    });
    const request = { workspace: createFiles(), instructions: '' };
    const states = [];
    const session = await agent.start(request);
    for await (const event of session.run({ prompt: 'first', limits: unlimited })) {
      if (event.type === 'checkpoint') states.push(event.state);
    }
    for (const state of states) {
      const resumed = await agent.resume?.({ ...request, state });
      for await (const _ of resumed?.run({ prompt: 'again', limits: unlimited }) ?? []);
    }
    expect(seen).toEqual(['0 first false', '0 again true', '1 again true']);
  });

  it('lets an error of the function through, and takes the next turn', async () => {
    const agent = createMemoryAgent({
      turns: ({ prompt }) => {
        if (prompt === 'broken') throw new RangeError('a bug');
        return {};
      },
    });
    const session = await agent.start({ workspace: createFiles(), instructions: '' });
    await expect(drain(session.run({ prompt: 'broken', limits: unlimited }))).rejects.toThrow(RangeError);
    await expect(drain(session.run({ prompt: 'good', limits: unlimited }))).resolves.toContain('turn-end');
  });

  it('needs microtasks alone, so that it runs in a simulator', async () => {
    const agent = createMemoryAgent({ turns: () => ({}) });
    const session = await agent.start({ workspace: createFiles(), instructions: '' });
    let macrotask = false;
    setImmediate(() => {
      macrotask = true;
    });
    await drain(session.run({ prompt: '', limits: unlimited }));
    expect(macrotask).toBe(false);
  });
});

async function drain(events: AsyncIterable<AgentEvent>): Promise<readonly string[]> {
  const types: string[] = [];
  for await (const event of events) types.push(event.type);
  return types;
}
