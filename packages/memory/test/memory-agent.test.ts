import { type CodingAgentRig, codingAgentContract, createManualClock } from '@baton/conformance';
import { type AgentEvent, BatonError, type WorkspaceView } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createMemoryAgent, type MemoryTurn } from '../src/index.js';

const unlimited = { maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null };
const usage = { inputTokens: 100, cachedInputTokens: 40, outputTokens: 7, microUsd: 1200, basis: 'reported' } as const;

function createFiles(): WorkspaceView {
  const files = new Map<string, Uint8Array>();
  const refuse = (): never => {
    throw new Error('no command runs here');
  };
  return {
    root: '/memory',
    scratch: '/scratch',
    exec: refuse,
    spawn: refuse,
    readFile: async (path) => files.get(path) ?? null,
    async writeFile(path, data) {
      if (path.startsWith('..')) {
        throw new BatonError('PERMISSION_DENIED', `${path} is outside.`, { details: { resource: path } });
      }
      files.set(path, typeof data === 'string' ? new TextEncoder().encode(data) : data);
    },
  };
}

describe('memory agent', () => {
  codingAgentContract(it, async (): Promise<CodingAgentRig> => {
    const clock = createManualClock();
    let working = 0;
    const model = async ({ prompt, workspace, signal }: MemoryTurn) => {
      working += 1;
      try {
        if (prompt === 'fail') return { outcome: 'failed', raw: 'overloaded' } as const;
        if (prompt === 'ask') return { outcome: 'needs-person', summary: 'Which one?' } as const;
        if (prompt === 'hang') {
          await workspace.writeFile('hanging', '');
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        }
        await workspace.writeFile('edited.txt', 'edited\n');
        return { usage };
      } finally {
        working -= 1;
      }
    };
    return {
      createAgent: () => createMemoryAgent({ clock, turns: model }),
      workspace: createFiles(),
      clock,
      prompts: { edit: 'edit', fail: 'fail', hang: 'hang', ask: 'ask', escape: null },
      edit: { path: 'edited.txt', content: 'edited\n', usage },
      secrets: [],
      processes: async () => (working === 0 ? [] : ['model']),
      escaped: async () => false,
      dispose: async () => {},
    };
  });

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
