import { connectAdapter, createSystemRuntime } from '@baton/adapter-kit';
import { createTestWorkspace } from '@baton/agent-kit/testing';
import type { AdapterSettings, AgentEvent, JsonValue } from '@baton/core';
import { createMemoryHost } from '@baton/memory';
import { describe, expect, it, vi } from 'vitest';
import { openaiPackage } from '../src/index.js';
import { ask, createClient, key, type RawAnswer, startRawServer, words } from './raw-server.js';

const host = createMemoryHost({
  runtime: createSystemRuntime(),
  secrets: { OPENAI_API_KEY: key, DEEPSEEK_API_KEY: key },
  price: (model) => (model === 'deepseek-chat' ? { input: 1, output: 1, cachedInput: 0 } : null),
});

const chunk = (delta: JsonValue, finish: string | null = null, rest: Record<string, JsonValue> = {}): JsonValue => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: 'm',
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  ...rest,
});
const usage = { prompt_tokens: 90, completion_tokens: 10, total_tokens: 100 };
const tail: JsonValue = { id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [], usage };
const input = JSON.stringify({ path: 'a.txt', content: 'made\n' });
const call = (fields: Record<string, JsonValue>, id = 'call_1'): JsonValue => ({
  tool_calls: [{ index: 0, id, type: 'function', function: fields as JsonValue }],
});
const piece = (text: string): JsonValue => ({ tool_calls: [{ index: 0, function: { arguments: text } }] });
const finished: RawAnswer = { text: 'data: [DONE]\n\n' };

interface Shape {
  readonly settings: AdapterSettings;
  readonly first: RawAnswer;
  readonly second: RawAnswer;
  readonly told: { readonly inputTokens: number; readonly outputTokens: number };
}

/** Answers in the shape of each server's documentation. */
const shapes: Readonly<Record<string, Shape>> = {
  DeepSeek: {
    settings: { model: 'deepseek-chat', keyEnv: 'DEEPSEEK_API_KEY', contextWindow: 128_000 },
    first: {
      text: ': keep-alive\n\ndata: [DONE]\n\n',
      events: [
        chunk({ role: 'assistant', content: null, reasoning_content: '' }),
        chunk({ content: null, reasoning_content: 'A file.' }),
        chunk(call({ name: 'write_file', arguments: '' })),
        chunk(piece(input.slice(0, 9))),
        chunk(piece(input.slice(9))),
        chunk({ content: '', reasoning_content: null }, 'tool_calls', {
          usage: { ...usage, prompt_tokens_details: { cached_tokens: 64 }, prompt_cache_hit_tokens: 64 },
        }),
      ],
    },
    second: { ...finished, events: [chunk({ content: 'Made.' }), chunk({ content: '' }, 'stop', { usage })] },
    told: { inputTokens: 180, outputTokens: 20 },
  },
  vLLM: {
    settings: { model: 'Qwen/Qwen3-Coder-30B-A3B-Instruct', keyEnv: null, contextWindow: 65_536 },
    first: {
      ...finished,
      events: [
        chunk({ role: 'assistant', content: '' }),
        chunk(call({ name: 'write_file' }, 'chatcmpl-tool-5f1c0e')),
        chunk(piece(input)),
        chunk({ content: '' }, 'tool_calls', { prompt_token_ids: null }),
        tail,
      ],
    },
    second: { ...finished, events: [chunk({ content: 'Made.' }), chunk({ content: '' }, 'stop'), tail] },
    told: { inputTokens: 180, outputTokens: 20 },
  },
  Ollama: {
    settings: { model: 'codellama', keyEnv: null },
    first: {
      ...finished,
      events: [
        chunk({ role: 'assistant', content: '', ...Object(call({ name: 'write_file', arguments: input })) }),
        chunk({ content: '' }, 'tool_calls'),
      ],
    },
    second: { ...finished, events: [chunk({ role: 'assistant', content: 'Made.' }), chunk({ content: '' }, 'stop')] },
    // Untold: as it was reserved.
    told: { inputTokens: expect.any(Number), outputTokens: 2 * 8_192 },
  },
  'Ollama with a model that knows no tools': {
    settings: { model: 'codellama', keyEnv: null },
    first: {
      ...finished,
      events: [
        chunk({ role: 'assistant', content: '```json\n{"name": "write_file", ' }),
        chunk({ content: `"arguments": ${input}}\n\`\`\`` }),
        chunk({ content: '' }, 'stop'),
        tail,
      ],
    },
    second: {
      ...finished,
      events: [chunk({ role: 'assistant', content: 'Made.' }), chunk({ content: '' }, 'stop'), tail],
    },
    told: { inputTokens: 180, outputTokens: 20 },
  },
  'llama.cpp': {
    settings: { model: 'local', keyEnv: null },
    first: {
      ...finished,
      events: [
        chunk({ role: 'assistant', content: null }),
        chunk(call({ name: 'write_file', arguments: '{' }, 'pUfRw2Gh8vC1')),
        chunk(piece(input.slice(1))),
        chunk({}, 'tool_calls'),
        { ...Object(tail), timings: { prompt_n: 90, predicted_n: 10 } },
      ],
    },
    second: { ...finished, events: [chunk({ content: 'Made.' }), chunk({}, 'stop'), tail] },
    told: { inputTokens: 180, outputTokens: 20 },
  },
};

describe('a server', () => {
  it.each([
    ['the key', key, `Bearer ${key}`],
    ['none where it asks for none', null, undefined],
  ])('gets no header of the environment, and %s', async (_, given, expected) => {
    await using server = await startRawServer(() => ({ events: words.chat }));
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-secret: of another server\nAuthorization: Bearer other\napi-key: other');
    try {
      await ask(createClient('chat', server.url, { key: given }));
    } finally {
      vi.unstubAllEnvs();
    }
    const { headers } = server.requests[0] ?? {};
    expect(headers?.['authorization']).toBe(expected);
    expect(JSON.stringify(headers)).not.toMatch(/other|secret/);
  });

  it.each(Object.entries(shapes))('in the shape of %s is worked with', async (_, { settings, first, second, told }) => {
    await using server = await startRawServer((__, count) => (count === 1 ? first : second));
    const workspace = await createTestWorkspace();
    try {
      const own = { api: 'chat', baseUrl: `${server.url}/v1`, ...settings };
      const agent = await connectAdapter(openaiPackage, 'agent', own, host);
      const session = await agent.start({ workspace: workspace.view, instructions: 'Be careful.' });
      const limits = { maxSteps: 5, maxTokens: null, maxMicroUsd: null, deadline: null };
      const events: AgentEvent[] = [];
      for await (const event of session.run({ prompt: 'Make a.txt.', limits })) events.push(event);
      expect(events.at(-1)).toMatchObject({ outcome: { unified: 'done', raw: 'stop' }, summary: 'Made.', usage: told });
      expect(new TextDecoder().decode((await workspace.view.readFile('a.txt')) ?? undefined)).toBe('made\n');
      const expected = settings['keyEnv'] === null ? undefined : `Bearer ${key}`;
      expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual([expected, expected]);
      const sent = server.requests[1]?.body.messages?.slice(2);
      expect(sent).toMatchObject([
        { role: 'assistant', tool_calls: [{ function: { name: 'write_file' } }] },
        { role: 'tool' },
      ]);
      expect(sent?.[1]?.tool_call_id).toBe(sent?.[0]?.tool_calls?.[0]?.id ?? 'no call');
    } finally {
      await workspace.dispose();
    }
  });
});
