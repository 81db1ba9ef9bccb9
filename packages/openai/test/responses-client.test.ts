import type { ModelMessage, ReplyDelta } from '@baton/agent-kit';
import type { JsonValue } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { ask, createClient, model, startRawServer, words } from './raw-server.js';

const done = (item: JsonValue): JsonValue => ({ type: 'response.output_item.done', item });
const ended = (type: string, response: Record<string, JsonValue> = {}): JsonValue => ({
  type: `response.${type}`,
  response: { output: [], usage: { input_tokens: 9, output_tokens: 3 }, ...response },
});
const call = { type: 'function_call', call_id: 'call_1', name: 'read_file', arguments: '{"path":"a"}' };
const reasoning = {
  type: 'reasoning',
  id: 'rs_1',
  encrypted_content: 'gAAAA',
  summary: [{ type: 'summary_text', text: 'Look first.' }],
};
const message = (text: string, phase: string | null) => ({
  type: 'message',
  ...(phase === null ? {} : { phase }),
  content: [{ type: 'output_text', text }],
});

describe('responses', () => {
  it('asks for a stream that is stored nowhere', async () => {
    await using server = await startRawServer(() => ({ events: words.responses }));
    const deltas: ReplyDelta[] = [];
    const reply = await ask(createClient('responses', server.url), { onDelta: (delta) => deltas.push(delta) });
    expect(reply).toEqual({
      parts: [{ type: 'text', text: 'Hi.' }],
      stop: { unified: 'end', raw: 'completed' },
      usage: { inputTokens: 7, cachedInputTokens: null, outputTokens: 2 },
    });
    expect(deltas.filter(({ text }) => text !== '')).toEqual([{ type: 'text-delta', text: 'Hi.' }]);
    expect(server.requests[0]).toMatchObject({
      path: '/v1/responses',
      body: {
        model,
        instructions: 'Be good.',
        input: [{ role: 'user', content: 'Do it.' }],
        store: false,
        stream: true,
        max_output_tokens: 500,
        include: ['reasoning.encrypted_content'],
        tools: [{ type: 'function', name: 'read_file', strict: false }, { name: 'write_file' }],
      },
    });
  });

  it('sends reasoning and phases back as they came, in their order', async () => {
    const items = [reasoning, message('I look.', 'commentary'), call];
    const usage = { input_tokens: 9, input_tokens_details: { cached_tokens: 4 }, output_tokens: 3 };
    await using server = await startRawServer((_, count) => ({
      events: count === 1 ? [...items.map(done), ended('completed', { usage })] : words.responses,
    }));
    const client = createClient('responses', server.url);
    const first = await ask(client);
    expect(first).toMatchObject({
      stop: { unified: 'tool-calls' },
      usage: { inputTokens: 9, cachedInputTokens: 4, outputTokens: 3 },
    });
    const kept: readonly ModelMessage[] = JSON.parse(
      JSON.stringify([
        { role: 'user', text: 'Do it.' },
        { role: 'assistant', parts: first.parts },
        { role: 'tools', answers: [{ callId: 'call_1', output: 'gone', isError: true }] },
      ]),
    );
    await ask(client, { messages: kept });
    expect(server.requests[1]?.body.input).toEqual([
      { role: 'user', content: 'Do it.' },
      { ...reasoning },
      { role: 'assistant', content: 'I look.', phase: 'commentary' },
      call,
      { type: 'function_call_output', call_id: 'call_1', output: 'Error: gone' },
    ]);
  });

  it("leaves out another model's reasoning", async () => {
    await using server = await startRawServer(() => ({ events: words.responses }));
    const data = { api: 'responses', model: 'other', type: 'reasoning', id: 'rs_2', encrypted: 'x', summary: [] };
    const messages: readonly ModelMessage[] = [
      {
        role: 'assistant',
        parts: [
          { type: 'opaque', data },
          { type: 'opaque', data: 'odd' },
          { type: 'text', text: 'A' },
        ],
      },
    ];
    await ask(createClient('responses', server.url), { messages });
    expect(server.requests[0]?.body.input).toEqual([{ role: 'assistant', content: 'A' }]);
  });

  it('asks again without encrypted reasoning where the model has none, and remembers it', async () => {
    await using server = await startRawServer(({ body }) =>
      body.include === undefined
        ? { events: words.responses }
        : {
            status: 400,
            headers: { 'content-type': 'application/json' },
            text: '{"error":{"message":"Encrypted content is not supported with this model."}}',
          },
    );
    const client = createClient('responses', server.url);
    await ask(client);
    await ask(client);
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ['incomplete', { incomplete_details: { reason: 'max_output_tokens' } }, 'length', 'max_output_tokens'],
    ['incomplete', { incomplete_details: { reason: 'content_filter' } }, 'refused', 'content_filter'],
    ['incomplete', { incomplete_details: { reason: 'steered' } }, 'unknown', 'steered'],
    ['failed', { error: { code: 'bio_policy', message: 'No.' } }, 'refused', 'bio_policy'],
    ['failed', { error: { code: 'context_length_exceeded', message: 'No.' } }, 'overflow', 'context_length_exceeded'],
  ])('a response that is %s with %j stops as %s', async (type, response, unified, raw) => {
    await using server = await startRawServer(() => ({ events: [ended(type, response)] }));
    expect((await ask(createClient('responses', server.url))).stop).toEqual({ unified, raw });
  });

  it('a refusal in words is refused', async () => {
    const item = { type: 'message', content: [{ type: 'refusal', refusal: 'I will not.' }] };
    await using server = await startRawServer(() => ({ events: [done(item), ended('completed')] }));
    const reply = await ask(createClient('responses', server.url));
    expect(reply).toMatchObject({ parts: [{ type: 'text', text: 'I will not.' }], stop: { unified: 'refused' } });
  });

  it('items may come with the end alone, and of kinds that nobody knows', async () => {
    await using server = await startRawServer(() => ({
      events: [{ type: 'response.new_thing' }, 5, ended('completed', { output: [{ type: 'new_item' }, call] })],
    }));
    const reply = await ask(createClient('responses', server.url));
    expect(reply.parts).toEqual([
      { type: 'tool-call', callId: 'call_1', tool: 'read_file', input: { path: 'a' }, flaw: null },
    ]);
  });

  it('two calls never bear one id, over the whole conversation', async () => {
    await using server = await startRawServer(() => ({ events: [done(call), done(call), ended('completed')] }));
    const parts = [{ type: 'tool-call', callId: 'call_1', tool: 'read_file', input: {}, flaw: null }] as const;
    const reply = await ask(createClient('responses', server.url), { messages: [{ role: 'assistant', parts }] });
    const ids = reply.parts.map((part) => (part.type === 'tool-call' ? part.callId : ''));
    expect(new Set(['call_1', ...ids]).size).toBe(3);
  });
});
