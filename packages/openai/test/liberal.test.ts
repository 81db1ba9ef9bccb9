import type { CallUsage, ModelMessage, ModelReply, ReplyDelta } from '@baton/agent-kit';
import type { BatonError, JsonValue } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { ask, createClient, type RawAnswer, startRawServer, words } from './raw-server.js';

const delta = (value: JsonValue, finish: string | null = null): JsonValue => ({
  choices: [{ index: 0, delta: value, finish_reason: finish }],
});
const call = (more: Record<string, JsonValue> = {}, given = '{"path":"a"}'): JsonValue => ({
  tool_calls: [
    { index: 0, id: 'call_1', type: 'function', function: { name: 'write_file', arguments: given }, ...more },
  ],
});
const usage: JsonValue = { prompt_tokens: 100, completion_tokens: 10 };
const tail: JsonValue = { choices: [], usage };
const done = 'data: [DONE]\n\n';
const used: CallUsage = { inputTokens: 100, cachedInputTokens: null, outputTokens: 10 };
const told = (body: JsonValue): RawAnswer => ({
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify(body),
});

interface Heard {
  readonly reply: ModelReply | null;
  readonly error: BatonError | null;
  readonly usage: CallUsage | null;
  readonly deltas: readonly ReplyDelta[];
}

async function hear(answer: RawAnswer, api: 'chat' | 'responses' = 'chat'): Promise<Heard> {
  await using server = await startRawServer(() => answer);
  let last: CallUsage | null = null;
  const deltas: ReplyDelta[] = [];
  const onUsage = (each: CallUsage): void => {
    last = each;
  };
  const asked = ask(createClient(api, server.url), { onUsage, onDelta: (each) => deltas.push(each) });
  return await asked.then(
    (reply) => ({ reply, error: null, usage: last, deltas }),
    (error: BatonError) => ({ reply: null, error, usage: last, deltas }),
  );
}

/** What is sent in the second request for what the first was answered. */
async function sendBack(...events: readonly JsonValue[]) {
  await using server = await startRawServer((_, count) => (count === 1 ? { events } : { events: words.chat }));
  const client = createClient('chat', server.url);
  const { parts } = await ask(client);
  const answers = parts.flatMap((part) =>
    part.type === 'tool-call' ? [{ callId: part.callId, output: '', isError: false }] : [],
  );
  const messages: ModelMessage[] = [
    { role: 'user', text: 'Do it.' },
    { role: 'assistant', parts: JSON.parse(JSON.stringify(parts)) },
    ...(answers.length === 0 ? [] : [{ role: 'tools' as const, answers }]),
  ];
  await ask(client, { messages });
  return { parts, sent: server.requests[1]?.body.messages?.[2] };
}

describe('a stream that names no reason to stop', () => {
  it.each<[string, JsonValue, object]>([
    ['words', { content: 'Hi.' }, { parts: [{ type: 'text', text: 'Hi.' }], stop: { unified: 'end', raw: 'none' } }],
    [
      'a whole call',
      call(),
      { parts: [{ tool: 'write_file', input: { path: 'a' } }], stop: { unified: 'tool-calls' } },
    ],
  ])('is whole by its mark where it holds %s, and its tokens count', async (_, value, expected) => {
    const { reply } = await hear({ events: [delta(value), tail], text: done });
    expect(reply).toMatchObject({ ...expected, usage: used });
  });

  it.each<[string, JsonValue, string]>([
    ['half a call', call({}, '{"path":'), done],
    ['a call without input', call({}, ''), done],
    ['nothing', { role: 'assistant' }, done],
    ['words, without its mark', { content: 'Hi.' }, ''],
  ])('is cut where it holds %s; what was told of its tokens is heard', async (_, value, text) => {
    const { error, usage: heard, deltas } = await hear({ events: [delta(value), tail], text });
    expect(error).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('cut') });
    expect(heard).toEqual(used);
    expect(deltas.length).toBeGreaterThan(0);
  });

  it('has told no last word on its tokens while it went on', async () => {
    const { usage: heard } = await hear({ events: [{ ...Object(delta({ content: 'Hi.' })), usage }], after: 'cut' });
    expect(heard).toEqual({ ...used, outputTokens: null });
  });
});

describe('tokens', () => {
  it.each<[string, JsonValue[]]>([
    ['behind the choices', [delta({ content: 'Hi.' }), delta({}, 'stop'), tail]],
    ['in the choice', [delta({ content: 'Hi.' }), { choices: [{ delta: {}, finish_reason: 'stop', usage }] }]],
    ["in Groq's place", [delta({ content: 'Hi.' }), { ...Object(delta({}, 'stop')), x_groq: { usage } }]],
  ])('are counted where they are told %s', async (_, events) => {
    expect((await hear({ events, text: done })).reply?.usage).toEqual(used);
  });

  it('that are all zero are unknown', async () => {
    const none = { choices: [], usage: { prompt_tokens: 0, completion_tokens: 0 } };
    const { reply } = await hear({ events: [delta({ content: 'Hi.' }, 'stop'), none], text: done });
    expect(reply?.usage).toEqual({ inputTokens: null, cachedInputTokens: null, outputTokens: null });
  });
});

describe('what belongs to a message and is unknown', () => {
  const signature = { google: { thought_signature: 'CiQB' } };

  it('goes back with its call', async () => {
    const { sent } = await sendBack(
      delta(call({ extra_content: signature, mystery: null })),
      delta({ tool_calls: [{ index: 0, function: { arguments: '', strict: true } }] }, 'tool_calls'),
    );
    expect(sent?.tool_calls).toEqual([
      {
        id: 'call_1',
        type: 'function',
        function: { name: 'write_file', arguments: '{"path":"a"}', strict: true },
        extra_content: signature,
      },
    ]);
  });

  it('goes back with the message, in all its pieces', async () => {
    const { sent } = await sendBack(
      delta({ content: 'Hi.', reasoning_details: [{ type: 'reasoning.text', text: 'I ' }] }),
      delta({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }], extra_content: signature }, 'stop'),
    );
    expect(sent).toEqual({
      role: 'assistant',
      content: 'Hi.',
      extra_content: signature,
      reasoning_details: [
        { type: 'reasoning.text', text: 'I ' },
        { type: 'reasoning.encrypted', data: 'x' },
      ],
    });
  });
});

describe('content', () => {
  const think = (text: string): JsonValue => ({ type: 'thinking', thinking: [{ type: 'text', text }] });

  it('may be a list of parts, thoughts among them, which go back with the calls that they led to', async () => {
    const { parts, sent } = await sendBack(
      delta({ content: [think('I should')] }),
      delta({ content: [think(' write.')] }),
      delta({ content: [{ type: 'text', text: 'I write.' }] }),
      delta(call(), 'tool_calls'),
    );
    expect(parts).toMatchObject([{ type: 'opaque' }, { type: 'text', text: 'I write.' }, { tool: 'write_file' }]);
    expect(sent).toMatchObject({ content: [think('I should write.'), { type: 'text', text: 'I write.' }] });
  });

  it.each<[string, RawAnswer]>([
    [
      'in place of a stream',
      told({ choices: [{ message: { content: 'Hi.', ...Object(call()) }, finish_reason: 'stop' }], usage }),
    ],
    [
      'in place of pieces',
      {
        events: [{ choices: [{ message: { content: 'Hi.', ...Object(call()) }, finish_reason: 'stop' }] }, tail],
        text: done,
      },
    ],
    [
      'behind its pieces',
      {
        events: [
          delta({ content: 'H' }),
          delta({ content: 'i.' }),
          { choices: [{ delta: {}, message: { content: 'Hi.', ...Object(call()) }, finish_reason: 'stop' }] },
          tail,
        ],
        text: done,
      },
    ],
  ])('may come as a whole message %s', async (_, answer) => {
    const { reply } = await hear(answer);
    expect(reply).toMatchObject({
      parts: [
        { type: 'text', text: 'Hi.' },
        { type: 'tool-call', tool: 'write_file', input: { path: 'a' }, flaw: null },
      ],
      stop: { unified: 'tool-calls' },
      usage: used,
    });
  });
});

describe.each(['chat', 'responses'] as const)('a failure that %s tells inside an answer', (api) => {
  const upstream = { code: 502, message: 'Provider returned error', metadata: { raw: 'upstream connect error' } };

  it.each<[string, RawAnswer]>([
    ['in the stream', { text: `: wait\n\ndata: ${JSON.stringify({ choices: [], error: upstream })}\n\n${done}` }],
    ['in place of it', told({ error: upstream, user_id: 'u' })],
    ['in a list', told([{ error: upstream }])],
    ['as an event of that name', { text: `event: error\ndata: ${JSON.stringify(upstream)}\n\n` }],
  ])('says what it says, %s', async (_, answer) => {
    const { error } = await hear(answer, api);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', details: { status: 502 } });
    expect(error?.message).toContain('Provider returned error: upstream connect error');
    expect(error?.fix).toBeUndefined();
  });

  it.each<[JsonValue, string]>([
    [{ code: 429, message: 'Try again in 7s.' }, 'RATE_LIMITED'],
    [{ code: '503', message: 'No.' }, 'UNAVAILABLE'],
    [{ code: 401, message: 'No.' }, 'AUTH_FAILED'],
    [{ code: 402, message: 'No.' }, 'PERMISSION_DENIED'],
    [{ code: 400, message: 'No.' }, 'PROTOCOL_VIOLATION'],
    [{ type: 'invalid_request_error', message: 'No.' }, 'PROTOCOL_VIOLATION'],
    [{ status: 'UNAUTHENTICATED', message: 'No.' }, 'AUTH_FAILED'],
    [{ type: 'server_error', message: 'No.' }, 'UNAVAILABLE'],
    [{ message: 'No.' }, 'UNAVAILABLE'],
    ['No.', 'UNAVAILABLE'],
  ])('counts by its own code: %j', async (error, code) => {
    expect((await hear(told({ error }), api)).error?.code).toBe(code);
  });

  it('may be a full context', async () => {
    const error = { code: 400, message: 'Your request exceeded model token limit: 262144 (requested: 300000)' };
    for (const answer of [
      told({ error }),
      { ...told({ error }), status: 500 },
      { ...told([{ error }]), status: 400 },
    ]) {
      expect((await hear(answer, api)).reply?.stop.unified).toBe('overflow');
    }
  });
});

describe('responses', () => {
  const item: JsonValue = { type: 'message', content: [{ type: 'output_text', text: 'Hi.' }] };
  const response: JsonValue = {
    object: 'response',
    status: 'completed',
    output: [item],
    usage: { input_tokens: 100, output_tokens: 10 },
  };
  const hi = { parts: [{ type: 'text', text: 'Hi.' }], usage: used };

  it.each<[string, RawAnswer]>([
    ['as one body', told(response)],
    [
      'in pieces alone',
      {
        events: [
          { type: 'response.output_text.delta', delta: 'Hi.' },
          { type: 'response.completed', response: { ...Object(response), output: [] } },
        ],
      },
    ],
    [
      'as a plain text',
      {
        events: [
          { type: 'response.output_item.done', item: { type: 'message', content: 'Hi.' } },
          { type: 'response.completed', response },
        ],
      },
    ],
  ])('may come %s', async (_, answer) => {
    expect((await hear(answer, 'responses')).reply).toMatchObject(hi);
  });

  it('may end by the mark alone; nothing told no tokens', async () => {
    const { reply } = await hear({ events: [{ type: 'response.output_item.done', item }], text: done }, 'responses');
    expect(reply).toMatchObject({ parts: hi.parts, usage: { inputTokens: null } });
  });

  it('keep a call whose parts are not as they should be', async () => {
    const made = [
      { name: 'write_file', arguments: { path: 'a' } },
      { arguments: '{}' },
      { name: 'write_file', call_id: 7 },
    ];
    const events = made.map((each) => ({
      type: 'response.output_item.done',
      item: { type: 'function_call', ...each },
    }));
    const { reply } = await hear({ events: [...events, { type: 'response.completed' }] }, 'responses');
    expect(reply?.parts).toMatchObject([
      { tool: 'write_file', input: { path: 'a' } },
      { tool: 'unknown', flaw: 'The call names no tool.' },
      { tool: 'write_file', input: {} },
    ]);
  });
});
