import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestWorkspace, overhearRequests } from '@baton/agent-kit/testing';
import { type CodingAgentRig, codingAgentContract, createManualClock } from '@baton/conformance';
import { LLMock } from '@copilotkit/aimock';
import { describe, it } from 'vitest';
import { createOpenAiAgent } from '../src/index.js';

const apiKey = 'sk-canary-0123456789';
const usage = { prompt_tokens: 100, completion_tokens: 10, input_tokens: 100, output_tokens: 10 };

// Outlives its parent, its session and a polite request, and holds the pipes.
const hang = `trap '' TERM; (setsid sh -c "trap '' TERM HUP; sleep 1000" &); touch hanging; while :; do sleep 1000; done`;

interface Call {
  readonly name: string;
  readonly arguments: string;
}

const call = (name: string, input: object): Call => ({ name, arguments: JSON.stringify(input) });

const deeds: Readonly<Record<string, Call[]>> = {
  edit: [call('write_file', { path: 'edited.txt', content: 'edited\n' })],
  hang: [call('run_command', { command: hang })],
  enter: [call('read_file', { path: 'inner/note.txt' })],
  ask: [call('ask_person', { question: 'Which one?' })],
  escape: [
    call('write_file', { path: '../outside/one', content: 'x' }),
    call('edit_file', { path: '../outside/there', old_text: 'x', new_text: 'y' }),
  ],
};

/** Answers by the last prompt and by whether its tools have answered. */
function createMock(): LLMock {
  const mock = new LLMock({ port: 0, logLevel: 'silent' });
  for (const [deed, toolCalls] of Object.entries(deeds)) {
    mock.on({ userMessage: deed, hasToolResult: false }, { toolCalls, usage });
    mock.on({ userMessage: deed, hasToolResult: true }, { content: 'It is done.', usage });
  }
  mock.onMessage('fail', { error: { message: 'Incorrect API key', type: 'invalid_request_error' }, status: 401 });
  return mock;
}

describe.each(['responses', 'chat'] as const)('%s', (api) => {
  codingAgentContract(it, async (): Promise<CodingAgentRig> => {
    const workspace = await createTestWorkspace();
    const clock = createManualClock();
    const mock = createMock();
    const model = await overhearRequests(await mock.start());
    const baseUrl = `${model.url}/v1`;
    const price = { input: 2, output: 10, cachedInput: 0.2 };
    return {
      createAgent: () => createOpenAiAgent({ model: 'gpt-6-sol', api, apiKey, baseUrl, clock, price }),
      workspace: workspace.view,
      clock,
      prompts: { edit: 'edit', fail: 'fail', hang: 'hang', ask: 'ask', escape: 'escape', enter: 'enter' },
      edit: {
        path: 'edited.txt',
        content: 'edited\n',
        usage: { inputTokens: 200, cachedInputTokens: null, outputTokens: 20, microUsd: 600, basis: 'computed' },
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
