import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestWorkspace, overhearRequests } from '@baton/agent-kit/testing';
import { type CodingAgentRig, codingAgentContract, createManualClock } from '@baton/conformance';
import { LLMock } from '@copilotkit/aimock';
import { describe, it } from 'vitest';
import { createClaudeAgent } from '../src/index.js';

const name = 'claude-sonnet-5-5';
const apiKey = 'sk-canary-0123456789';
const usage = { input_tokens: 100, output_tokens: 10 };

// Outlives its parent, its session and a polite request, and holds the pipes.
const hang = `trap '' TERM; (setsid sh -c "trap '' TERM HUP; sleep 1000" &); touch hanging; while :; do sleep 1000; done`;

const deeds: Readonly<Record<string, readonly object[]>> = {
  edit: [{ name: 'write_file', arguments: { path: 'edited.txt', content: 'edited\n' } }],
  hang: [{ name: 'run_command', arguments: { command: hang } }],
  enter: [{ name: 'read_file', arguments: { path: 'inner/note.txt' } }],
  ask: [{ name: 'ask_person', arguments: { question: 'Which one?' } }],
  escape: [
    { name: 'write_file', arguments: { path: '../outside/one', content: 'x' } },
    { name: 'edit_file', arguments: { path: '../outside/there', old_text: 'x', new_text: 'y' } },
  ],
};

/** Answers by the last prompt and by whether its tools have answered. */
function createMock(): LLMock {
  const mock = new LLMock({ port: 0, logLevel: 'silent' });
  for (const [deed, toolCalls] of Object.entries(deeds)) {
    const match = (hasToolResult: boolean) => ({ userMessage: deed, hasToolResult });
    mock.on(match(false), { toolCalls: [...toolCalls], usage } as never);
    mock.on(match(true), { content: 'It is done.', usage } as never);
  }
  mock.onMessage('fail', { error: { message: 'invalid x-api-key', type: 'authentication_error' }, status: 401 });
  return mock;
}

describe('contract', () => {
  codingAgentContract(it, async (): Promise<CodingAgentRig> => {
    const workspace = await createTestWorkspace();
    const clock = createManualClock();
    const mock = createMock();
    const model = await overhearRequests(await mock.start());
    const price = { input: 2, output: 10, cachedInput: 0.2 };
    return {
      createAgent: () => createClaudeAgent({ model: name, apiKey, baseUrl: model.url, clock, price }),
      workspace: workspace.view,
      clock,
      prompts: { edit: 'edit', fail: 'fail', hang: 'hang', ask: 'ask', escape: 'escape', enter: 'enter' },
      edit: {
        path: 'edited.txt',
        content: 'edited\n',
        usage: { inputTokens: 200, cachedInputTokens: 0, outputTokens: 20, microUsd: 600, basis: 'computed' },
      },
      secrets: [apiKey],
      asked: model.asked,
      processes: workspace.processes,
      escaped: async () => (await stat(join(workspace.outside, 'one')).catch(() => null)) !== null,
      async dispose() {
        await model.stop();
        await mock.stop();
        await workspace.dispose();
      },
    };
  });
});
