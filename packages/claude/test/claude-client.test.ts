import { createSystemRuntime } from '@baton/adapter-kit';
import type { ModelReply, ModelRequest, ReplyDelta } from '@baton/agent-kit';
import { createManualClock } from '@baton/conformance';
import { BatonError } from '@baton/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ClaudeClientOptions, createClaudeClient } from '../src/api/client.js';
import {
  answer,
  block,
  type Handler,
  type MessagesServer,
  messageEnd,
  messageStart,
  refuse,
  sayText,
  startMessagesServer,
  textBlock,
  toolBlock,
  writeEvents,
} from './messages-server.js';

const apiKey = 'sk-canary-0123456789';
const { clock } = createSystemRuntime();
const request: ModelRequest = {
  instructions: 'Be good.',
  tools: [
    { name: 'a', description: 'does a', inputSchema: { type: 'object' } },
    { name: 'b', description: 'does b', inputSchema: { type: 'object' } },
  ],
  messages: [{ role: 'user', text: 'the task' }],
  maxOutputTokens: 1_000,
};

let server: MessagesServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function ask(
  handler: Handler,
  options: Partial<ClaudeClientOptions> = {},
  asked: Partial<ModelRequest> = {},
): Promise<{ readonly reply: ModelReply; readonly deltas: readonly ReplyDelta[] }> {
  server = await startMessagesServer([handler]);
  const client = createClaudeClient({
    adapter: 'claude',
    model: 'claude-sonnet-5-5',
    apiKey,
    keyEnv: 'ANTHROPIC_API_KEY',
    baseUrl: server.url,
    stallMs: 60_000,
    clock,
    ...options,
  });
  const deltas: ReplyDelta[] = [];
  const reply = await client.call({ ...request, ...asked }, { onDelta: (delta) => deltas.push(delta) });
  return { reply, deltas };
}

async function fail(handler: Handler, options: Partial<ClaudeClientOptions> = {}): Promise<BatonError> {
  const error: unknown = await ask(handler, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!BatonError.is(error)) throw new Error(`not a BatonError: ${error}`);
  expect(JSON.stringify([error, error.message, error.fix, error.cause])).not.toContain(apiKey);
  return error;
}

describe('a request', () => {
  it('marks for the cache what stays the same: tools, instructions, the two newest messages of ours', async () => {
    await ask(
      sayText('ok'),
      {},
      {
        messages: [
          { role: 'user', text: 'the task' },
          { role: 'assistant', parts: [{ type: 'tool-call', callId: 't1', tool: 'a', input: { x: 1 }, flaw: null }] },
          { role: 'tools', answers: [{ callId: 't1', output: 'one', isError: false }] },
          {
            role: 'assistant',
            parts: [
              { type: 'text', text: 'Again.' },
              { type: 'tool-call', callId: 't2', tool: 'b', input: null, flaw: 'broken' },
            ],
          },
          { role: 'tools', answers: [{ callId: 't2', output: '', isError: true }] },
          { role: 'user', text: 'Use tabs.' },
        ],
      },
    );
    const { body, headers } = server?.requests[0] ?? {};
    const mark = { cache_control: { type: 'ephemeral' } };
    expect(body).toMatchObject({ model: 'claude-sonnet-5-5', max_tokens: 1_000, stream: true });
    expect(body?.system).toEqual([{ type: 'text', text: 'Be good.', ...mark }]);
    expect(body?.tools.map((tool) => 'cache_control' in tool)).toEqual([false, true]);
    expect(body?.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'the task' }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'a', input: { x: 1 } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'one', ...mark }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Again.' },
          { type: 'tool_use', id: 't2', name: 'b', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 't2', content: '(no output)', is_error: true },
          { type: 'text', text: 'Use tabs.', ...mark },
        ],
      },
    ]);
    expect(headers?.authorization).toBe(`Bearer ${apiKey}`);
  });

  it('bears no header of the environment, and the key that was given', async () => {
    vi.stubEnv(
      'ANTHROPIC_CUSTOM_HEADERS',
      'x-secret: of another server\nAuthorization: Bearer other\nx-api-key: other',
    );
    try {
      await ask(sayText('ok'));
    } finally {
      vi.unstubAllEnvs();
    }
    const { headers } = server?.requests[0] ?? {};
    expect(headers).toMatchObject({ authorization: `Bearer ${apiKey}` });
    expect(JSON.stringify(headers)).not.toMatch(/other|secret/);
  });

  it('leaves out what the API refuses: blank texts, and reasoning without words', async () => {
    await ask(
      sayText('ok'),
      {},
      {
        messages: [
          { role: 'user', text: 'the task' },
          {
            role: 'assistant',
            parts: [
              { type: 'opaque', data: { type: 'thinking', thinking: 'hm', signature: 's' } },
              { type: 'text', text: ' ' },
            ],
          },
          { role: 'user', text: 'Go on.' },
        ],
      },
    );
    expect(server?.requests[0]?.body.messages).toMatchObject([
      { role: 'user', content: [{ text: 'the task' }, { text: 'Go on.' }] },
    ]);
  });
});

describe('a reply', () => {
  it('holds texts, calls and reasoning in their order, and tells what is heard', async () => {
    const thinking = block(
      0,
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'thinking_delta', thinking: 'Let me ' },
      { type: 'thinking_delta', thinking: 'see.' },
      { type: 'signature_delta', signature: 'c2ln' },
    );
    const redacted = block(1, { type: 'redacted_thinking', data: 'xyz' });
    const { reply, deltas } = await ask(
      answer(
        messageStart(),
        ...thinking,
        ...redacted,
        { type: 'something_new' },
        ...textBlock(2, 'I look.'),
        ...toolBlock(3, 'a', '{"path":"x'.concat('"}')),
        ...messageEnd('tool_use'),
      ),
    );
    expect(reply.parts).toEqual([
      { type: 'opaque', data: { type: 'thinking', thinking: 'Let me see.', signature: 'c2ln' } },
      { type: 'opaque', data: { type: 'redacted_thinking', data: 'xyz' } },
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', callId: 'toolu_3', tool: 'a', input: { path: 'x' }, flaw: null },
    ]);
    expect(reply.stop).toEqual({ unified: 'tool-calls', raw: 'tool_use' });
    expect(deltas.filter((delta) => delta.text !== '')).toEqual([
      { type: 'reasoning-delta', text: 'Let me ' },
      { type: 'reasoning-delta', text: 'see.' },
      { type: 'text-delta', text: 'I look.' },
    ]);
    // What came is what goes back.
    await server?.close();
    await ask(sayText('ok'), {}, { messages: [...request.messages, { role: 'assistant', parts: reply.parts }] });
    expect(server?.requests[0]?.body.messages[1]?.content.slice(0, 2)).toEqual(
      reply.parts.slice(0, 2).map((part) => part.type === 'opaque' && part.data),
    );
  });

  it.each<[string, object | null, object | null, ModelReply['usage']]>([
    [
      'the cache counted apart',
      { input_tokens: 5, cache_read_input_tokens: 900, cache_creation_input_tokens: 80, output_tokens: 1 },
      { output_tokens: 12 },
      { inputTokens: 985, cachedInputTokens: 900, cacheWriteTokens: 80, outputTokens: 12 },
    ],
    [
      'nothing of a cache',
      { input_tokens: 5 },
      { output_tokens: 12 },
      { inputTokens: 5, cachedInputTokens: 0, outputTokens: 12 },
    ],
    [
      'the sum at the end',
      { input_tokens: 0, output_tokens: 0 },
      { input_tokens: 7, output_tokens: 2 },
      { inputTokens: 7, cachedInputTokens: 0, outputTokens: 2 },
    ],
    [
      'zeros, which are not true',
      { input_tokens: 0, output_tokens: 0 },
      { output_tokens: 0 },
      { inputTokens: null, cachedInputTokens: null, outputTokens: null },
    ],
    [
      'nonsense',
      { input_tokens: -5, output_tokens: 'many' },
      null,
      { inputTokens: null, cachedInputTokens: null, outputTokens: null },
    ],
    ['nothing at all', null, null, { inputTokens: null, cachedInputTokens: null, outputTokens: null }],
  ])('tells its usage: %s', async (_, start, end, usage) => {
    const { reply } = await ask(answer(messageStart(start), ...textBlock(0, 'x'), ...messageEnd('end_turn', end)));
    expect(reply.usage).toEqual(usage);
  });

  it.each([
    ['end_turn', 'end'],
    ['stop_sequence', 'end'],
    ['max_tokens', 'length'],
    ['refusal', 'refused'],
    ['model_context_window_exceeded', 'overflow'],
    ['pause_turn', 'unknown'],
    ['tomorrow', 'unknown'],
  ])('that stopped for %s is %s', async (raw, unified) => {
    const { reply } = await ask(answer(messageStart(), ...textBlock(0, 'x'), ...messageEnd(raw)));
    expect(reply.stop).toEqual({ unified, raw });
  });

  it('says of arguments that are no JSON what is wrong with them', async () => {
    const { reply } = await ask(
      answer(messageStart(), ...toolBlock(0, 'a', '{"path": "x'), ...messageEnd('max_tokens')),
    );
    expect(reply.parts).toEqual([
      { type: 'tool-call', callId: 'toolu_0', tool: 'a', input: null, flaw: expect.stringContaining('It is not JSON') },
    ]);
  });

  it.each([
    [400, 'invalid_request_error', 'prompt is too long: 214310 tokens > 200000 maximum'],
    [413, 'request_too_large', 'Request exceeds the maximum size'],
  ])('is an overflow where the API says so: %i', async (status, type, message) => {
    const { reply } = await ask(refuse(status, type, message));
    expect(reply).toMatchObject({
      parts: [],
      stop: { unified: 'overflow' },
      usage: { inputTokens: 0, outputTokens: 0 },
    });
  });
});

describe('a failure', () => {
  it.each<[number, string, string, string]>([
    [401, 'authentication_error', `invalid x-api-key ${apiKey}`, 'AUTH_FAILED'],
    [402, 'billing_error', 'no credit', 'PERMISSION_DENIED'],
    [400, 'invalid_request_error', 'Your credit balance is too low to access the API.', 'PERMISSION_DENIED'],
    [400, 'invalid_request_error', "Tool 'credit balance' not found in provided tools", 'PROTOCOL_VIOLATION'],
    [403, 'permission_error', 'not for you', 'PERMISSION_DENIED'],
    [404, 'not_found_error', 'model: claude-sonnet-5-5', 'NOT_FOUND'],
    [400, 'invalid_request_error', 'messages: unexpected role', 'PROTOCOL_VIOLATION'],
    [422, 'invalid_request_error', 'no', 'PROTOCOL_VIOLATION'],
    [429, 'rate_limit_error', 'slow down', 'UNAVAILABLE'],
    [500, 'api_error', 'oops', 'UNAVAILABLE'],
    [529, 'overloaded_error', 'Overloaded', 'UNAVAILABLE'],
  ])('%i %s: %s', async (status, type, message, code) => {
    const error = await fail(refuse(status, type, message));
    expect(error.code).toBe(code);
    expect(server?.requests).toHaveLength(1);
    if (code !== 'UNAVAILABLE' && code !== 'PROTOCOL_VIOLATION') expect(error.fix).toBeTruthy();
  });

  it('quotes no part of the key where its words are cut', async () => {
    const error = await fail(refuse(403, 'permission_error', `${'x'.repeat(390)} ${apiKey}`));
    expect(error.message).toContain('xxx');
    expect(error.message).not.toContain(apiKey.slice(0, 6));
  });

  const now = Date.UTC(2026, 0, 1);
  it.each<[string, Readonly<Record<string, string>>, number | null]>([
    ['seconds', { 'retry-after': '90' }, now + 90_000],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 01:00:00 GMT' }, now + 3_600_000],
    ['a date that is past', { 'retry-after': 'Wed, 31 Dec 2025 01:00:00 GMT' }, now],
    [
      'the limit that is used up',
      {
        'anthropic-ratelimit-requests-remaining': '5',
        'anthropic-ratelimit-requests-reset': '2026-01-01T09:00:00Z',
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': '2026-01-01T00:02:00Z',
      },
      now + 120_000,
    ],
    [
      'a plan of so many hours',
      { 'anthropic-ratelimit-unified-reset': String((now + 7_200_000) / 1_000) },
      now + 7_200_000,
    ],
    ['nonsense', { 'retry-after': 'soon' }, null],
    ['a century', { 'retry-after': '3155760000' }, null],
  ])('that names an instant is a limit until then: %s (G23)', async (_, headers, retryAt) => {
    const error = await fail(refuse(429, 'rate_limit_error', 'slow down', headers), { clock: createManualClock(now) });
    if (retryAt === null) expect(error.code).toBe('UNAVAILABLE');
    else expect(error).toMatchObject({ code: 'RATE_LIMITED', details: { retryAt } });
  });

  const page = '<html><body><h1>502 Bad Gateway</h1></body></html>';
  it.each<[string, Handler, string]>([
    [
      'a page of a proxy',
      (_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end(page),
      'UNAVAILABLE',
    ],
    [
      'a page with status 200',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page),
      'PROTOCOL_VIOLATION',
    ],
    [
      'events that are no JSON',
      (_, response) => {
        writeEvents(response, [messageStart()]);
        response.end('event: message_delta\ndata: {"type":\n\n');
      },
      'PROTOCOL_VIOLATION',
    ],
    ['an event of the wrong shape', answer({ type: 'content_block_start', index: 'first' }), 'PROTOCOL_VIOLATION'],
    [
      'a redirection',
      (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
      'PROTOCOL_VIOLATION',
    ],
    [
      'a stream that ends in a tool call',
      answer(messageStart(), ...toolBlock(0, 'a', '{"pa').slice(0, 2)),
      'UNAVAILABLE',
    ],
    [
      'a connection that breaks in a tool call',
      (_, response) => {
        writeEvents(response, [messageStart(), ...toolBlock(0, 'a', '{"pa').slice(0, 2)]);
        setImmediate(() => response.destroy());
      },
      'UNAVAILABLE',
    ],
    ['a connection that breaks at once', (_, response) => response.destroy(), 'UNAVAILABLE'],
    [
      'an overload in the middle',
      answer(messageStart(), { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
      'UNAVAILABLE',
    ],
    [
      'a refused request in the middle',
      answer(messageStart(), { type: 'error', error: { type: 'invalid_request_error', message: 'no' } }),
      'PROTOCOL_VIOLATION',
    ],
    ['an empty stream', answer(), 'UNAVAILABLE'],
    [
      'an error whose words are no text',
      (_, response) =>
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end('{"type":"error","error":{"type":{"toString":1},"message":{"reason":"no"}}}'),
      'PROTOCOL_VIOLATION',
    ],
  ])('%s', async (_, handler, code) => {
    const error = await fail(handler);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('<html>');
  });

  it('is a stream that only pings for too long', async () => {
    const manual = createManualClock();
    let pinging: NodeJS.Timeout | undefined;
    const ping: Handler = (_, response) => {
      writeEvents(response, [messageStart()]);
      pinging = setInterval(() => {
        writeEvents(response, [{ type: 'ping' }]);
        manual.advance(7_000);
      }, 5);
    };
    const error = await fail(ping, { clock: manual, stallMs: 60_000 });
    clearInterval(pinging);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', message: 'The model said nothing for 60 seconds.' });
    expect(manual.sleeping).toBe(0);
  });

  it('is told apart from an abort, which rejects with its reason and ends the connection', async () => {
    const manual = createManualClock();
    const reason = new Error('enough');
    const aborting = new AbortController();
    const closed = Promise.withResolvers<void>();
    server = await startMessagesServer([
      (_, response) => {
        response.on('close', closed.resolve);
        writeEvents(response, [messageStart()]);
      },
    ]);
    const { url: baseUrl } = server;
    const client = createClaudeClient({
      adapter: 'claude',
      model: 'm',
      apiKey,
      keyEnv: 'K',
      baseUrl,
      stallMs: 60_000,
      clock: manual,
    });
    const asked = client.call(request, { signal: aborting.signal, onDelta: () => aborting.abort(reason) });
    await expect(asked).rejects.toBe(reason);
    await closed.promise;
    expect(manual.sleeping).toBe(0);
  });

  it('is a missing key, before anything leaves the machine', async () => {
    const error = await fail(sayText('ok'), { apiKey: null });
    expect(error).toMatchObject({ code: 'AUTH_FAILED', fix: 'Put a key into ANTHROPIC_API_KEY.' });
    expect(server?.requests).toEqual([]);
  });
});
