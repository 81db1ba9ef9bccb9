import type { ModelMessage, ReplyPart } from '@baton/agent-kit';
import type { JsonValue } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { ask, createClient, model, type RawAnswer, startRawServer, words } from './raw-server.js';

const delta = (value: JsonValue, finish: string | null = null): JsonValue => ({
  choices: [{ index: 0, delta: value, finish_reason: finish }],
});
const end = (finish: string): JsonValue => delta({}, finish);
const calls = (...tool_calls: JsonValue[]): JsonValue => delta({ tool_calls });
const write = { name: 'write_file', arguments: '{"path":"a"}' };
const wrong = (message: string, status = 400): RawAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify({ error: { message } }),
});

async function replyTo(...events: JsonValue[]) {
  await using server = await startRawServer(() => ({ events, text: 'data: [DONE]\n\n' }));
  return await ask(createClient('chat', server.url));
}

/** Tools, inputs and flaws, without ids. */
async function callsOf(...events: JsonValue[]) {
  const { parts, stop } = await replyTo(...events);
  const made = parts.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
  expect(new Set(made.map((part) => part.callId)).size).toBe(made.length);
  expect(stop.unified).toBe('tool-calls');
  return made.map(({ tool, input, flaw }) => ({ tool, input, flaw }));
}

const written = { tool: 'write_file', input: { path: 'a' }, flaw: null };

describe('chat', () => {
  it('asks for a stream that tells its usage', async () => {
    await using server = await startRawServer(() => ({ events: words.chat }));
    const reply = await ask(createClient('chat', server.url));
    expect(reply).toEqual({
      parts: [{ type: 'text', text: 'Hi.' }],
      stop: { unified: 'end', raw: 'stop' },
      usage: { inputTokens: 7, cachedInputTokens: null, outputTokens: 2 },
    });
    expect(server.requests[0]).toMatchObject({
      path: '/v1/chat/completions',
      body: {
        model,
        messages: [
          { role: 'system', content: 'Be good.' },
          { role: 'user', content: 'Do it.' },
        ],
        tools: [{ type: 'function', function: { name: 'read_file' } }, { function: { name: 'write_file' } }],
        stream: true,
        stream_options: { include_usage: true },
        max_tokens: 500,
      },
    });
  });

  it('sends a conversation back in turns, with the reasoning that led to a call', async () => {
    await using server = await startRawServer((_, count) => ({
      events:
        count === 1
          ? [
              delta({ reasoning_content: 'Look ' }),
              delta({ reasoning_content: 'first.' }),
              calls({ index: 0, id: 'c1', function: write }),
              end('tool_calls'),
            ]
          : words.chat,
    }));
    const client = createClient('chat', server.url);
    const heard: string[] = [];
    const first = await ask(client, { onDelta: ({ type, text }) => text !== '' && heard.push(`${type} ${text}`) });
    expect(heard).toEqual(['reasoning-delta Look ', 'reasoning-delta first.']);
    const flawed: ReplyPart = { type: 'tool-call', callId: 'c2', tool: 'read file!', input: null, flaw: 'no JSON' };
    const messages: readonly ModelMessage[] = JSON.parse(
      JSON.stringify([
        { role: 'user', text: 'One.' },
        { role: 'user', text: 'Two.' },
        { role: 'assistant', parts: [...first.parts, flawed] },
        {
          role: 'tools',
          answers: [
            { callId: 'c1', output: 'ok', isError: false },
            { callId: 'c2', output: 'no JSON', isError: true },
          ],
        },
        { role: 'assistant', parts: [{ type: 'opaque', data: { odd: true } }] },
        { role: 'assistant', parts: [{ type: 'text', text: 'Done.' }] },
      ]),
    );
    await ask(client, { messages });
    expect(server.requests[1]?.body.messages).toEqual([
      { role: 'system', content: 'Be good.' },
      { role: 'user', content: 'One.\n\nTwo.' },
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'Look first.',
        tool_calls: [
          { id: 'c1', type: 'function', function: write },
          { id: 'c2', type: 'function', function: { name: 'read_file_', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'ok' },
      { role: 'tool', tool_call_id: 'c2', content: 'Error: no JSON' },
      { role: 'assistant', content: 'Done.' },
    ]);
  });

  it('asks in the words that a server knows, and remembers them', async () => {
    await using server = await startRawServer(({ body }) => {
      if (body.stream_options) return wrong('Extra inputs are not permitted: stream_options', 422);
      if (body.max_tokens) return wrong("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.");
      return { events: words.chat };
    });
    const client = createClient('chat', server.url);
    await ask(client);
    await ask(client);
    expect(server.requests).toHaveLength(4);
    expect(server.requests[3]?.body).toMatchObject({ max_completion_tokens: 500 });
  });

  it.each<[string, JsonValue[]]>([
    [
      'in pieces',
      [
        calls({ index: 0, id: 'c', function: { name: 'write_file', arguments: '' } }),
        calls({ index: 0, function: { arguments: '{"pa' } }),
        calls({ index: 0, function: { arguments: 'th":"a"}' } }),
      ],
    ],
    [
      'in pieces that repeat id and name',
      [
        calls({ index: 0, id: 'c', function: { name: 'write_file', arguments: '{"pa' } }),
        calls({ index: 0, id: 'c', function: { name: 'write_file', arguments: 'th":"a"}' } }),
      ],
    ],
    [
      'in pieces without an index',
      [
        calls({ id: 'c', function: { name: 'write_file', arguments: '{"pa' } }),
        calls({ function: { arguments: 'th":"a"}' } }),
      ],
    ],
    ['without an id', [calls({ index: 0, function: write })]],
    ['as an object', [calls({ index: 0, id: 'c', function: { name: 'write_file', arguments: { path: 'a' } } })]],
    ['as JSON in JSON', [calls({ index: 0, function: { name: 'write_file', arguments: '"{\\"path\\":\\"a\\"}"' } })]],
    ['with a comma too many', [calls({ index: 0, function: { name: 'write_file', arguments: '{"path":"a",}' } })]],
  ])('reads a call that comes %s', async (_, events) => {
    expect(await callsOf(...events, end('tool_calls'))).toEqual([written]);
    // Ollama and older vLLM say `stop` then.
    expect(await callsOf(...events, end('stop'))).toEqual([written]);
  });

  it.each<[string, JsonValue[]]>([
    ['one index', [calls({ index: 0, id: 'a', function: write }), calls({ index: 0, id: 'b', function: write })]],
    ['no index and no id', [calls({ function: write }), calls({ function: write })]],
    ['one id', [calls({ index: 0, id: 'a', function: write }, { index: 1, id: 'a', function: write })]],
    ['one id that no server takes back', [calls(...[0, 1].map((index) => ({ index, id: '\ud800', function: write })))]],
  ])('reads two calls that share %s', async (_, events) => {
    expect(await callsOf(...events, end('tool_calls'))).toEqual([written, written]);
  });

  it.each<[string, JsonValue[]]>([
    ['empty', ['', '']],
    ['missing', [null, null]],
  ])('reads two calls under one index whose ids are %s', async (_, [first = null, second = null]) => {
    const read = { name: 'read_file', arguments: '{"path":"b"}' };
    const other = { name: 'write_file', arguments: '{"path":"c"}' };
    const both = [calls({ index: 0, id: first, function: write }), calls({ index: 0, id: second, function: read })];
    expect(await callsOf(...both, end('tool_calls'))).toEqual([
      written,
      { ...written, tool: 'read_file', input: { path: 'b' } },
    ]);
    const same = [calls({ index: 0, id: first, function: write }), calls({ index: 0, id: second, function: other })];
    expect(await callsOf(...same, end('tool_calls'))).toEqual([written, { ...written, input: { path: 'c' } }]);
  });

  it('reads a call once whose name comes with each piece, or that is said again as a whole', async () => {
    const pieces = ['{"pa', 'th":', '"a"}'].map((part) =>
      calls({ index: 0, id: '', function: { ...write, arguments: part } }),
    );
    expect(await callsOf(...pieces, end('tool_calls'))).toEqual([written]);
    const nothing = calls({ index: 0, id: '', function: { ...write, arguments: '' } });
    expect(await callsOf(...pieces, nothing, end('tool_calls'))).toEqual([written]);
    expect(await callsOf(...pieces, calls({ index: 0, function: write }), end('tool_calls'))).toEqual([written]);
  });

  it('refuses to the model what two calls under one index and one id may mean', async () => {
    const other = { name: 'write_file', arguments: '{"path":"b"}' };
    const both = [calls({ index: 0, id: 'a', function: write }), calls({ index: 0, id: 'a', function: other })];
    expect(await callsOf(...both, end('tool_calls'))).toMatchObject([
      { tool: 'write_file', input: null, flaw: expect.stringContaining('JSON') },
    ]);
  });

  it('tells the model what was wrong with a call that can only be guessed at', async () => {
    const cut = { name: 'write_file', arguments: '{"path":"a","content":"half a' };
    const made = await callsOf(
      calls({ index: 0, function: cut }, { index: 1, function: { arguments: '{}' } }),
      end('tool_calls'),
    );
    expect(made).toEqual([
      { tool: 'write_file', input: null, flaw: expect.stringContaining('no JSON') },
      { tool: 'unknown', input: null, flaw: expect.stringContaining('names no tool') },
    ]);
  });

  it.each([
    ['stop', 'end'],
    ['length', 'length'],
    ['content_filter', 'refused'],
    ['eos_token', 'unknown'],
  ])('stops with %s as %s', async (raw, unified) => {
    expect((await replyTo(delta({ content: 'A' }), end(raw))).stop).toEqual({ unified, raw });
  });

  it('a refusal in words is refused; DeepSeek without room is not there', async () => {
    const refused = await replyTo(delta({ refusal: 'I will not.' }), end('stop'));
    expect(refused).toMatchObject({ parts: [{ text: 'I will not.' }], stop: { unified: 'refused' } });
    await expect(replyTo(end('insufficient_system_resource'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('takes the last of several usages, and null where none is told', async () => {
    const usage = (n: number): JsonValue => ({
      choices: [],
      usage: { prompt_tokens: 10, prompt_cache_hit_tokens: 8, completion_tokens: n },
    });
    const told = await replyTo(delta({ content: 'A' }), usage(1), end('stop'), usage(2));
    expect(told.usage).toEqual({ inputTokens: 10, cachedInputTokens: 8, outputTokens: 2 });
    const none = await replyTo(delta({ content: 'A' }), end('stop'));
    expect(none.usage).toEqual({ inputTokens: null, cachedInputTokens: null, outputTokens: null });
  });

  it('leaves out thoughts that a server tells as words', async () => {
    const reply = await replyTo(
      delta({ content: '<think>Hm.\n' }),
      delta({ content: '</think>\n\nDone.' }),
      end('stop'),
    );
    expect(reply.parts).toEqual([{ type: 'text', text: 'Done.' }]);
  });
});

const json = '{"name": "write_file", "arguments": {"path": "a"}}';

describe('a call written as text', () => {
  it.each([
    ['in a fence at the end', `I write it.\n\`\`\`json\n${json}\n\`\`\`\n`],
    ['as the whole message', '{"name": "write_file", "parameters": {"path": "a"}}'],
    ['with Hermes tags', `I write it.\n<tool_call>\n${json}\n</tool_call>`],
    ['with a tag that is never closed', `<tool_call>${json}`],
    ['with a Python tag', `<|python_tag|>${json}<|eom_id|>`],
    [
      'by DeepSeek R1',
      'I write it.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>write_file\n```json\n{"path":"a"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    ],
    [
      'by DeepSeek V3.1',
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>write_file<｜tool▁sep｜>{"path":"a"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    ],
  ])('is read %s', async (_, content) => {
    expect(await callsOf(delta({ content }), end('stop'))).toEqual([written]);
    const { parts } = await replyTo(delta({ content }), end('stop'));
    expect(JSON.stringify(parts)).not.toMatch(/tool_call>|python_tag|tool▁|```/);
  });

  it('is read twice where it was written twice', async () => {
    expect(
      await callsOf(delta({ content: `<tool_call>${json}</tool_call>\n<tool_call>${json}</tool_call>` }), end('stop')),
    ).toEqual([written, written]);
    expect(await callsOf(delta({ content: `<|python_tag|>${json}; ${json}` }), end('stop'))).toEqual([
      written,
      written,
    ]);
  });

  it.each([
    ['of a tool that was not offered', '<tool_call>{"name": "rm", "arguments": {}}</tool_call>'],
    ['in the middle of an explanation', `Call it so:\n\`\`\`json\n${json}\n\`\`\`\nThat is all.`],
    ['among other keys', '{"name": "write_file", "arguments": {}, "why": "an example"}'],
    ['that is no JSON', '<tool_call>write_file(path="a")</tool_call>'],
    ['that was cut', '<tool_call>{"name": "write_file", "arguments": {"path": "a'],
  ])('stays text %s', async (_, content) => {
    const reply = await replyTo(delta({ content }), end('stop'));
    expect(reply).toMatchObject({ parts: [{ type: 'text', text: content }], stop: { unified: 'end' } });
  });

  it('stays text beside a real one', async () => {
    const content = `<tool_call>${json}</tool_call>`;
    const { parts } = await replyTo(
      delta({ content }),
      calls({ index: 0, id: 'c', function: write }),
      end('tool_calls'),
    );
    expect(parts.map((part) => part.type)).toEqual(['text', 'tool-call']);
  });
});
