import { createManualClock } from '@baton/conformance';
import type { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { type Api, ask, createClient, key, type RawAnswer, startRawServer, words } from './raw-server.js';

const now = Date.UTC(2026, 0, 1);

async function failWith(api: Api, answer: RawAnswer): Promise<BatonError> {
  await using server = await startRawServer(() => answer);
  const client = createClient(api, server.url, { clock: createManualClock(now) });
  return await ask(client).then(
    (reply) => expect.fail(`it replied ${JSON.stringify(reply)}`),
    (error: BatonError) => error,
  );
}

async function replyTo(api: Api, answer: RawAnswer) {
  await using server = await startRawServer(() => answer);
  return await ask(createClient(api, server.url));
}

const json = { 'content-type': 'application/json' };
const told = (status: number, error: object, headers: Readonly<Record<string, string>> = {}): RawAnswer => ({
  status,
  headers: { ...json, ...headers },
  text: JSON.stringify({ error }),
});
const used = (kind: string, reset: string) => ({
  'x-ratelimit-remaining-requests': kind === 'requests' ? '0' : '59',
  'x-ratelimit-reset-requests': kind === 'requests' ? reset : '1s',
  'x-ratelimit-remaining-tokens': kind === 'tokens' ? '0' : '1000',
  'x-ratelimit-reset-tokens': kind === 'tokens' ? reset : '2h',
});
const html: RawAnswer = { status: 502, headers: { 'content-type': 'text/html' }, text: '<html><h1>Bad</h1></html>' };

describe.each(['responses', 'chat'] as const)('a failure told by %s', (api) => {
  it.each<[string, RawAnswer, string, object]>([
    ['a wrong key', told(401, { message: `Incorrect API key provided: ${key}` }), 'AUTH_FAILED', { status: 401 }],
    ['a region', told(403, { code: 'unsupported_country' }), 'PERMISSION_DENIED', { resource: 'model' }],
    ['no model', told(404, { code: 'model_not_found' }), 'NOT_FOUND', { resource: 'model' }],
    ['no model, by 400', told(400, { message: 'Model Not Exist' }), 'NOT_FOUND', { resource: 'model' }],
    [
      'Ollama without the model',
      { status: 404, headers: json, text: '{"error":"model \'x\' not found"}' },
      'NOT_FOUND',
      {},
    ],
    [
      'no credit',
      told(429, { code: 'insufficient_quota' }, { 'retry-after': '2' }),
      'PERMISSION_DENIED',
      { resource: 'credit' },
    ],
    ['no balance', told(402, { message: 'Insufficient Balance' }), 'PERMISSION_DENIED', { resource: 'credit' }],
    ['a limit for seconds', told(429, {}, { 'retry-after': '7' }), 'RATE_LIMITED', { retryAt: now + 7_000 }],
    [
      'a limit for ms',
      told(429, {}, { 'retry-after-ms': '1500', 'retry-after': '9' }),
      'RATE_LIMITED',
      { retryAt: now + 1_500 },
    ],
    [
      'a limit until a date',
      told(429, {}, { 'retry-after': 'Thu, 01 Jan 2026 01:00:00 GMT' }),
      'RATE_LIMITED',
      { retryAt: now + 3_600_000 },
    ],
    ['a limit of tokens', told(429, {}, used('tokens', '6m0.5s')), 'RATE_LIMITED', { retryAt: now + 360_500 }],
    ['a limit of requests', told(429, {}, used('requests', '120ms')), 'RATE_LIMITED', { retryAt: now + 120 }],
    [
      'a limit in words',
      told(429, { message: 'Rate limit reached. Please try again in 6.2s. Visit us.' }),
      'RATE_LIMITED',
      { retryAt: now + 6_200 },
    ],
    ['a limit without an instant', told(429, { message: 'Slow down' }), 'UNAVAILABLE', { status: 429 }],
    ['a limit for ever', told(429, {}, { 'retry-after': '1e15' }), 'UNAVAILABLE', { status: 429 }],
    ['a limit for a century', told(429, {}, { 'retry-after': '3153600000' }), 'UNAVAILABLE', { status: 429 }],
    ['overload with an instant', told(503, {}, { 'retry-after': '30' }), 'RATE_LIMITED', { retryAt: now + 30_000 }],
    ['a broken server', told(500, { message: 'oops' }), 'UNAVAILABLE', { status: 500 }],
    ['a page of a gateway', html, 'UNAVAILABLE', { status: 502 }],
    ['a page in place of a stream', { ...html, status: 200 }, 'PROTOCOL_VIOLATION', {}],
    ['a body in place of a stream', { headers: json, text: '{"choices":[]}' }, 'PROTOCOL_VIOLATION', {}],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'PROTOCOL_VIOLATION', {}],
    ['a wrong request', told(400, { message: 'Unknown parameter' }), 'PROTOCOL_VIOLATION', {}],
    [
      'a wrong request, by FastAPI',
      { status: 422, headers: json, text: '{"detail":"no"}' },
      'PROTOCOL_VIOLATION',
      { received: 'no' },
    ],
    [
      'a wrong request, with words of it that tell of no credit',
      told(400, { message: "Tool 'insufficient_quota' was not found in the request" }),
      'PROTOCOL_VIOLATION',
      {},
    ],
    [
      'a wrong request, with words of it that tell of no model',
      told(422, { message: "Tool 'model_not_found': the model 'x' does not exist" }),
      'PROTOCOL_VIOLATION',
      {},
    ],
    ['no credit, by 400', told(400, { message: 'You have insufficient credits' }), 'PERMISSION_DENIED', {}],
    ['an event that is no JSON', { text: 'data: {"type": oops\n\n' }, 'PROTOCOL_VIOLATION', {}],
    ['an empty answer', {}, 'UNAVAILABLE', {}],
    ['a cut in the words', { events: words[api].slice(0, 1), after: 'cut' }, 'UNAVAILABLE', {}],
    ['an end in the words', { events: words[api].slice(0, 1) }, 'UNAVAILABLE', {}],
    ['an error in the stream', { text: 'data: {"error":{"message":"engine died","code":500}}\n\n' }, 'UNAVAILABLE', {}],
    [
      'a limit in the stream',
      {
        text: 'event: error\ndata: {"type":"error","code":"rate_limit_exceeded","message":"Please try again in 2m3s"}\n\n',
      },
      'RATE_LIMITED',
      { retryAt: now + 123_000 },
    ],
  ])('%s', async (_, answer, code, details) => {
    const error = await failWith(api, answer);
    expect(error).toMatchObject({ code, details });
    expect(`${error.message} ${JSON.stringify(error.details)} ${error.fix}`).not.toContain(key);
    expect(error.message).not.toContain('<html');
    expect(error.message.length).toBeLessThan(700);
  });

  it.each([
    ['OpenAI', told(400, { code: 'context_length_exceeded', message: 'Your input exceeds the context window' })],
    ['vLLM', told(400, { message: "This model's maximum context length is 4096 tokens. However", code: 400 })],
    ['llama.cpp', told(400, { type: 'exceed_context_size_error', message: 'the request exceeds', code: 400 })],
    ['a gateway', { status: 413, headers: json, text: '{}' }],
    ['a stream', { text: 'data: {"error":{"code":"context_length_exceeded","message":"too long"}}\n\n' }],
  ])('a conversation that is too long for %s is overflow, and no error', async (_, answer) => {
    const reply = await replyTo(api, answer);
    expect(reply).toMatchObject({ parts: [], stop: { unified: 'overflow', raw: expect.stringMatching(/./) } });
  });

  it('a prompt that the provider declines is refused', async () => {
    const reply = await replyTo(api, told(400, { code: 'content_filter', message: 'The response was filtered' }));
    expect(reply.stop).toEqual({ unified: 'refused', raw: 'content_filter' });
  });

  it('nobody there', async () => {
    const server = await startRawServer(() => ({}));
    await server[Symbol.asyncDispose]();
    const asked = ask(createClient(api, server.url));
    await expect(asked).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('silence, comments aside, ends the call and its connection', async () => {
    await using server = await startRawServer(() => ({
      events: words[api].slice(0, 1),
      text: ': ping\n\n',
      after: 'hang',
    }));
    const clock = createManualClock();
    const asked = ask(createClient(api, server.url, { clock, stallMs: 5_000 }), {
      onDelta: () => setImmediate(() => clock.advance(5_000)),
    });
    await expect(asked).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('5 s') });
    expect(clock.sleeping).toBe(0);
    await expect.poll(() => server.connections).toBe(0);
  });

  it('an abort rejects with its reason and leaves neither connection nor timer', async () => {
    await using server = await startRawServer(() => ({ events: words[api].slice(0, 1), after: 'hang' }));
    const clock = createManualClock();
    const aborting = new AbortController();
    const reason = new Error('enough');
    const asked = ask(createClient(api, server.url, { clock }), {
      signal: aborting.signal,
      onDelta: () => aborting.abort(reason),
    });
    await expect(asked).rejects.toBe(reason);
    expect(clock.sleeping).toBe(0);
    await expect.poll(() => server.connections).toBe(0);
    await expect(ask(createClient(api, server.url), { signal: aborting.signal })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  it('a key that is missing is told without a request; none is sent where none is asked for', async () => {
    await using server = await startRawServer(() => ({ events: words[api] }));
    const asked = ask(createClient(api, server.url, { key: '' }));
    await expect(asked).rejects.toMatchObject({ code: 'AUTH_FAILED', fix: expect.stringContaining('SOME_KEY') });
    expect(server.requests).toHaveLength(0);
    await ask(createClient(api, server.url, { key: null }));
    await ask(createClient(api, server.url));
    expect(server.requests.map((each) => each.headers['authorization'])).toEqual([undefined, `Bearer ${key}`]);
  });

  it('an answer without end is given up', async () => {
    const line = 'data: "'.padEnd(9_000_000, 'x');
    await using server = await startRawServer(() => ({ text: line, after: 'hang' }));
    await expect(ask(createClient(api, server.url))).rejects.toMatchObject({
      code: 'PROTOCOL_VIOLATION',
      message: expect.stringContaining('longer than'),
    });
  });
});
