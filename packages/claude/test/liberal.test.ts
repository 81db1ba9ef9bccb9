import { createSystemRuntime } from '@baton/adapter-kit';
import type { CallUsage, ModelMessage, ModelReply } from '@baton/agent-kit';
import { BatonError } from '@baton/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createClaudeClient } from '../src/api/client.js';
import {
  answer,
  block,
  type Handler,
  type MessagesServer,
  messageEnd,
  messageStart,
  type StreamEvent,
  startMessagesServer,
  textBlock,
  toolBlock,
  writeEvents,
} from './messages-server.js';

const { clock } = createSystemRuntime();
let server: MessagesServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

interface Heard {
  readonly reply: ModelReply | null;
  readonly error: BatonError | null;
  readonly usage: CallUsage | null;
}

async function hear(
  handler: Handler,
  messages: readonly ModelMessage[] = [{ role: 'user', text: 'x' }],
): Promise<Heard> {
  server = await startMessagesServer([handler]);
  const client = createClaudeClient({
    adapter: 'claude',
    model: 'm',
    apiKey: 'sk-canary-0123456789',
    keyEnv: 'ANTHROPIC_API_KEY',
    baseUrl: server.url,
    stallMs: 60_000,
    clock,
  });
  let usage: CallUsage | null = null;
  const onUsage = (each: CallUsage): void => {
    usage = each;
  };
  const asked = client.call({ instructions: 'Be good.', tools: [], messages, maxOutputTokens: 100 }, { onUsage });
  return await asked.then(
    (reply) => ({ reply, error: null, usage }),
    (error: unknown) => {
      if (!BatonError.is(error)) throw error;
      return { reply: null, error, usage };
    },
  );
}

const json = (body: unknown, status = 200): Handler => {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
};
const used: CallUsage = { inputTokens: 100, cachedInputTokens: 0, outputTokens: 10 };
const tool = (index: number, start: object, ...pieces: readonly string[]): readonly StreamEvent[] =>
  block(
    index,
    { type: 'tool_use', input: {}, ...start },
    ...pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
  );

describe('an answer', () => {
  it('is kept where its usage is told apart from its end, before or behind', async () => {
    const usageOnly = { type: 'message_delta', usage: { output_tokens: 10 } };
    const [stop, over] = messageEnd('end_turn', null);
    if (stop === undefined || over === undefined) return expect.fail('no end');
    for (const end of [
      [usageOnly, stop, over],
      [stop, usageOnly, over],
    ]) {
      const { reply } = await hear(answer(messageStart(), ...textBlock(0, 'Hi.'), ...end));
      expect(reply).toMatchObject({ parts: [{ text: 'Hi.' }], stop: { unified: 'end' }, usage: used });
      await server?.close();
    }
  });

  it('keeps each of two blocks under one index', async () => {
    const { reply } = await hear(
      answer(
        messageStart(),
        ...textBlock(0, 'One.'),
        ...textBlock(0, 'Two.'),
        ...toolBlock(0, 'a', '{}'),
        ...messageEnd('tool_use'),
      ),
    );
    expect(reply?.parts).toMatchObject([{ text: 'One.' }, { text: 'Two.' }, { tool: 'a', input: {} }]);
  });

  it('keeps a block whose beginning was never told; a call without a name is refused to the model', async () => {
    const delta = (index: number, value: object) => ({ type: 'content_block_delta', index, delta: value });
    const { reply } = await hear(
      answer(
        messageStart(),
        delta(0, { type: 'text_delta', text: 'Hi' }),
        delta(0, { type: 'text_delta', text: '.' }),
        delta(1, { type: 'input_json_delta', partial_json: '{}' }),
        ...messageEnd('tool_use'),
      ),
    );
    expect(reply?.parts).toMatchObject([
      { type: 'text', text: 'Hi.' },
      { type: 'tool-call', tool: 'unknown', flaw: 'The call names no tool.' },
    ]);
  });

  it.each<[string, readonly [object, object]]>([
    ['repeat', [{ id: 'toolu_x' }, { id: 'toolu_x' }]],
    ['repeat those of before', [{ id: 'toolu_0' }, { id: 'toolu_1' }]],
    ['are missing', [{}, { id: '' }]],
    ['are none that the API takes back', [{ id: 'a b' }, { id: '\ud99c' }]],
  ])('has calls of ids of their own where its ids %s', async (_, [first, second]) => {
    const before: ModelMessage[] = [
      { role: 'user', text: 'x' },
      { role: 'assistant', parts: [{ type: 'tool-call', callId: 'toolu_0', tool: 'a', input: {}, flaw: null }] },
      { role: 'tools', answers: [{ callId: 'toolu_0', output: '', isError: false }] },
    ];
    const events = [
      ...tool(0, { name: 'a', ...first }, '{"x":', '1}'),
      ...tool(1, { name: 'b', ...second }, '{"y":2}'),
    ];
    const { reply } = await hear(answer(messageStart(), ...events, ...messageEnd('tool_use')), before);
    expect(reply?.parts).toMatchObject([
      { tool: 'a', input: { x: 1 }, flaw: null },
      { tool: 'b', input: { y: 2 }, flaw: null },
    ]);
    const ids = reply?.parts.map((part) => (part.type === 'tool-call' ? part.callId : ''));
    expect(new Set(['toolu_0', ...(ids ?? [])]).size).toBe(3);
    expect(ids?.every((id) => /^[\w-]{1,64}$/.test(id))).toBe(true);
  });

  it('may come without the names of its events, and as a whole', async () => {
    const events = [messageStart(), ...textBlock(0, 'Hi.'), ...messageEnd('end_turn')];
    const unnamed: Handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
    };
    const whole = json({
      type: 'message',
      content: [{ type: 'text', text: 'Hi.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 100, output_tokens: 10 },
    });
    for (const handler of [unnamed, whole]) {
      const { reply } = await hear(handler);
      expect(reply).toMatchObject({ parts: [{ text: 'Hi.' }], stop: { unified: 'end' }, usage: used });
      await server?.close();
    }
  });

  it('may end by the mark of another protocol, where it is whole', async () => {
    const marked =
      (...events: readonly StreamEvent[]): Handler =>
      (_, response) => {
        writeEvents(response, events);
        response.end('data: [DONE]\n\n');
      };
    const said = await hear(marked(messageStart(), ...textBlock(0, 'Hi.')));
    expect(said.reply).toMatchObject({ parts: [{ text: 'Hi.' }], stop: { unified: 'end' } });
    await server?.close();
    const half = await hear(marked(messageStart(), ...textBlock(0, 'Hi.'), ...toolBlock(1, 'a', '{"x":')));
    expect(half.error?.code).toBe('UNAVAILABLE');
  });

  it('that breaks off has told what it told: its input, and its output once that is whole', async () => {
    const cut =
      (...events: readonly StreamEvent[]): Handler =>
      (_, response) => {
        writeEvents(response, events);
        setImmediate(() => response.destroy());
      };
    const early = await hear(cut(messageStart(), ...textBlock(0, 'Hi')));
    expect(early).toMatchObject({ error: { code: 'UNAVAILABLE' }, usage: { ...used, outputTokens: null } });
    await server?.close();
    const broken = { type: 'content_block_start', index: 0 };
    const late = await hear(answer(messageStart(), ...messageEnd('end_turn'), broken));
    expect(late).toMatchObject({ error: { code: 'PROTOCOL_VIOLATION' }, usage: used });
  });

  it('has inputs that are objects, or says what is wrong with them', async () => {
    const deep = `{"x":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    const made = ['[1]', '"x"', 'null', '{"x":', deep].flatMap((text, index) =>
      tool(index, { id: `t${index}`, name: 'a' }, text),
    );
    const { reply } = await hear(answer(messageStart(), ...made, ...messageEnd('tool_use')));
    expect(reply?.parts).toHaveLength(5);
    for (const part of reply?.parts ?? []) expect(part).toMatchObject({ input: null, flaw: expect.any(String) });
  });
});

describe('a failure inside an answer', () => {
  it.each<[string, object, string]>([
    ['a type', { type: 'overloaded_error', message: 'Overloaded' }, 'UNAVAILABLE'],
    ['a type that says who may', { type: 'authentication_error', message: 'No.' }, 'AUTH_FAILED'],
    ['a status', { code: 502, message: 'Bad gateway' }, 'UNAVAILABLE'],
    ['a status that says what is wrong', { code: 400, message: 'No.' }, 'PROTOCOL_VIOLATION'],
    ['words alone', { message: 'Upstream died' }, 'UNAVAILABLE'],
  ])('counts by its own word: %s', async (_, failure, code) => {
    const { message } = { message: '', ...failure };
    for (const handler of [
      json({ type: 'error', error: failure }),
      json([{ error: failure }]),
      answer(messageStart(), { type: 'error', error: failure }),
    ]) {
      const { error } = await hear(handler);
      expect(error?.code).toBe(code);
      expect(error?.message).toContain(message);
      expect(`${error?.fix}`).not.toContain('baseUrl');
      await server?.close();
    }
  });

  it('may be a full context, in the words of any gateway', async () => {
    const error = { type: 'invalid_request_error', message: 'Your request exceeded model token limit: 262144' };
    for (const handler of [json({ error }), json({ type: 'error', error }, 400), json({ type: 'error', error }, 500)]) {
      expect((await hear(handler)).reply?.stop.unified).toBe('overflow');
      await server?.close();
    }
  });

  it('is one of its address where it is JSON of something else', async () => {
    const { error } = await hear(json({ hello: 'world' }));
    expect(error).toMatchObject({ code: 'PROTOCOL_VIOLATION', fix: expect.stringContaining('baseUrl') });
  });
});

it('a name that a model made up goes back as one that the API reads again', async () => {
  const messages: readonly ModelMessage[] = [
    { role: 'user', text: 'x' },
    { role: 'assistant', parts: [{ type: 'tool-call', callId: 't', tool: 'read file!', input: {}, flaw: null }] },
    { role: 'tools', answers: [{ callId: 't', output: 'no', isError: true }] },
  ];
  await hear(answer(messageStart(), ...textBlock(0, 'Hi.'), ...messageEnd('end_turn')), messages);
  expect(server?.requests[0]?.body.messages[1]?.content[0]).toMatchObject({ type: 'tool_use', name: 'read_file_' });
});
