import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { messagesBody, openChannel, unlimited } from './open-channel.js';
import { anthropicEvents, mapEvents, startUpstream } from './upstream-mock.js';

const sse = { 'content-type': 'text/event-stream' } as const;
const zero = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, microUsd: 0, basis: 'computed' } as const;

describe('an answer', () => {
  it('comes through piece by piece, before the next one is written', async () => {
    await using upstream = await startUpstream();
    const pieces = anthropicEvents('hello').map((event) => mapEvents([event]));
    let next: () => void = () => {};
    upstream.answer(async (response) => {
      response.writeHead(200, sse);
      for (const piece of pieces) {
        response.write(piece);
        await new Promise<void>((resolve) => {
          next = resolve;
        });
      }
      response.end();
    });
    await using open = await openChannel(upstream.url);
    const got: string[] = [];
    const answer = await open.call({
      onAnswer: (incoming) =>
        incoming.on('data', (chunk: Buffer) => {
          got.push(chunk.toString());
          next();
        }),
    });
    expect(got).toEqual(pieces);
    expect(answer.cut).toBe(false);
  });

  it('waits for a reader who is slow, instead of filling the memory of the daemon', async () => {
    await using upstream = await startUpstream();
    const piece = `: ${'x'.repeat(65_000)}\n\n`;
    let written = 0;
    let stuck: () => void = () => {};
    const isStuck = new Promise<void>((resolve) => {
      stuck = resolve;
    });
    upstream.answer(async (response) => {
      response.writeHead(200, sse);
      for (; written < 2_000; written++) {
        if (response.write(piece)) continue;
        const drained = once(response, 'drain');
        const quiet = new Promise<'quiet'>((resolve) => setTimeout(resolve, 300, 'quiet'));
        if ((await Promise.race([drained, quiet])) === 'quiet') stuck();
        await drained;
      }
      response.end(mapEvents(anthropicEvents('end')));
    });
    await using open = await openChannel(upstream.url);
    const answer = await open.call({
      onAnswer: (incoming) => {
        incoming.pause();
        void isStuck.then(() => {
          expect(written).toBeLessThan(500);
          incoming.resume();
        });
      },
    });
    expect(answer.body).toHaveLength(piece.length * 2_000 + mapEvents(anthropicEvents('end')).length);
  });

  it('is cut when its channel closes, and counted by then', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => {
      response.writeHead(200, sse);
      response.write(mapEvents(anthropicEvents('x'.repeat(300)).slice(0, 3)));
    });
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    let answer: Promise<unknown> = Promise.resolve();
    await new Promise((begun) => {
      answer = open.call({ onAnswer: (incoming) => incoming.once('data', begun) });
    });
    await open.channel.close();
    expect(turn.usage).toMatchObject({ inputTokens: 100, outputTokens: messagesBody.max_tokens });
    expect(turn.failure).toBeNull();
    expect(await answer).toMatchObject({ cut: true });
    await upstream.seen[0]?.closed;
  });

  it('is cut when its turn ends', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.writeHead(200, sse).write(mapEvents(anthropicEvents('x').slice(0, 3))));
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    expect(await open.call({ onAnswer: (incoming) => incoming.once('data', turn.end) })).toMatchObject({ cut: true });
    await upstream.seen[0]?.closed;
  });

  it('that breaks off is a cut one for the agent too, and a failure', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => {
      response.writeHead(200, sse);
      response.write(mapEvents(anthropicEvents('x'.repeat(300)).slice(0, 3)), () => response.destroy());
    });
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    expect(await open.call()).toMatchObject({ status: 200, cut: true });
    await open.channel.close();
    expect(turn.failure).toMatchObject({ code: 'UNAVAILABLE' });
    expect(turn.usage).toMatchObject({ inputTokens: 100, outputTokens: messagesBody.max_tokens });
  });

  it('that ends before its end is a failure, and the next good one mends it', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => {
      const events = anthropicEvents('hello');
      response.writeHead(200, sse).end(mapEvents(upstream.seen.length === 1 ? events.slice(0, 3) : events));
    });
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    await open.call();
    expect(turn.failure).toMatchObject({ code: 'UNAVAILABLE' });
    await open.call();
    expect(turn).toMatchObject({ failure: null, stop: 'end_turn' });
  });

  it('that turns into a failure on its way is told as one', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => {
      const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
      response.writeHead(200, sse).end(mapEvents([...anthropicEvents('hello').slice(0, 2), error]));
    });
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    await open.call();
    expect(turn.failure).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('overloaded_error') });
  });

  it.each([
    ['rate_limit_exceeded', 'Rate limit reached. Please try again in 2m3s.', 'RATE_LIMITED', { retryAt: 123_000 }],
    ['server_error', 'Please try again in 2m3s.', 'UNAVAILABLE', {}],
  ])('that turns into a %s on its way tells in words when to come back', async (code, message, mapped, details) => {
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.writeHead(200, sse).end(mapEvents([{ type: 'error', code, message }])));
    const clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };
    await using open = await openChannel(upstream.url, { clock, protocol: 'openai-responses' });
    const turn = open.channel.beginTurn(unlimited);
    await open.call({ path: '/v1/responses', body: { model: 'm', input: 'x' } });
    expect(turn.failure).toMatchObject({ code: mapped, details });
  });

  it.each([
    [401, {}, 'AUTH_FAILED', null],
    [403, {}, 'PERMISSION_DENIED', null],
    [404, {}, 'NOT_FOUND', null],
    [400, {}, 'PROTOCOL_VIOLATION', null],
    [429, {}, 'UNAVAILABLE', null],
    [429, { 'retry-after': '120' }, 'RATE_LIMITED', 120_000],
    [429, { 'retry-after': 'Thu, 01 Jan 2099 00:00:00 GMT' }, 'UNAVAILABLE', null],
    [429, { 'retry-after': '5', 'anthropic-ratelimit-unified-reset': '1767229200' }, 'RATE_LIMITED', 3_600_000],
    [
      429,
      { 'anthropic-ratelimit-tokens-remaining': '0', 'anthropic-ratelimit-tokens-reset': '2026-01-01T00:01:00Z' },
      'RATE_LIMITED',
      60_000,
    ],
    [500, {}, 'UNAVAILABLE', null],
    [529, {}, 'UNAVAILABLE', null],
    [529, { 'retry-after': '7' }, 'RATE_LIMITED', 7_000],
  ])('of %i %j is passed on as it is, charged nothing, and recorded as %s', async (status, headers, code, after) => {
    await using upstream = await startUpstream();
    const body = JSON.stringify({ type: 'error', error: { type: 'x_error', message: 'no' } });
    upstream.answer((response) => void response.writeHead(status, headers).end(body));
    const now = Date.UTC(2026, 0, 1);
    const clock = { now: () => now, monotonic: () => 0, sleep: () => Promise.resolve() };
    await using open = await openChannel(upstream.url, {
      clock,
      price: () => ({ input: 1, output: 1, cachedInput: null }),
    });
    const turn = open.channel.beginTurn(unlimited);
    const answer = await open.call();
    expect(answer).toMatchObject({ status, body });
    expect(turn.failure).toMatchObject({ code, ...(after === null ? {} : { details: { retryAt: now + after } }) });
    expect(turn.usage).toEqual(zero);
  });

  it.each([
    ['Your credit balance is too low to access the API.', 'PERMISSION_DENIED'],
    ["Tool 'quota' not found in provided tools", 'PROTOCOL_VIOLATION'],
    ['messages.1: an id without a result: Your credit balance is too low', 'PROTOCOL_VIOLATION'],
  ])('of 400 tells of the account by its own words, and not by those of the request: %s', async (message, code) => {
    await using upstream = await startUpstream();
    const body = JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } });
    upstream.answer((response) => void response.writeHead(400).end(body));
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    await open.call();
    expect(turn.failure).toMatchObject({ code });
  });

  it('that leads elsewhere is not followed', async () => {
    await using elsewhere = await startUpstream();
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.writeHead(307, { location: `${elsewhere.url}/v1/messages` }).end());
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    expect(await open.call()).toMatchObject({ status: 502 });
    expect(turn.failure).toMatchObject({ code: 'PROTOCOL_VIOLATION' });
    expect(elsewhere.seen).toEqual([]);
  });

  it('of an address where nobody is, is 502 and recorded', async () => {
    const upstream = await startUpstream();
    const { url } = upstream;
    await upstream[Symbol.asyncDispose]();
    await using open = await openChannel(url);
    const turn = open.channel.beginTurn(unlimited);
    expect(await open.call()).toMatchObject({ status: 502 });
    expect(turn.failure).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('ECONNREFUSED') });
    expect(turn.usage).toEqual(zero);
  });
});

describe('a limit', () => {
  it('refuses exactly the call that would pass it, and nothing of it leaves', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.writeHead(200, sse).end(mapEvents(anthropicEvents('hello'))));
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn({ ...unlimited, maxSteps: 2 });
    const statuses = [await open.call(), await open.call(), await open.call()].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 403]);
    expect(upstream.seen).toHaveLength(2);
    expect(turn.passed).toBe('max steps');
    open.channel.beginTurn({ ...unlimited, maxSteps: 1 });
    expect(await open.call()).toMatchObject({ status: 200 });
  });

  it('that allows only a shorter answer lowers what the request asks for', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.writeHead(200, sse).end(mapEvents(anthropicEvents('hello'))));
    await using open = await openChannel(upstream.url);
    open.channel.beginTurn({ ...unlimited, maxTokens: 3000 });
    const body = { ...messagesBody, max_tokens: 64_000 };
    await open.call({ body });
    const sent = JSON.parse(upstream.seen[0]?.body ?? '');
    expect(sent).toEqual({ ...body, max_tokens: 3000 - Math.ceil(JSON.stringify(body).length / 3) });
  });

  it('leaves too little for the thinking that was asked for: refused, not sent malformed', async () => {
    await using upstream = await startUpstream();
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn({ ...unlimited, maxTokens: 3000 });
    const body = { ...messagesBody, max_tokens: 64_000, thinking: { type: 'enabled', budget_tokens: 32_000 } };
    expect(await open.call({ body })).toMatchObject({ status: 403 });
    expect(turn.passed).toBe('max tokens');
    expect(upstream.seen).toEqual([]);
  });

  it('holds for calls at once: of ten, no more leave than may', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.writeHead(200, sse).end(mapEvents(anthropicEvents('hello'))));
    await using open = await openChannel(upstream.url);
    open.channel.beginTurn({ ...unlimited, maxSteps: 3 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => open.call()));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(upstream.seen).toHaveLength(3);
  });

  it('lets nothing through between two turns', async () => {
    await using upstream = await startUpstream();
    await using open = await openChannel(upstream.url, {}, null);
    expect(await open.call()).toMatchObject({ status: 403 });
    open.channel.beginTurn(unlimited).end();
    expect((await open.call().catch(() => null))?.status).not.toBe(200);
    expect(upstream.seen).toEqual([]);
  });

  it('bounds the size of a request, told beforehand or not', async () => {
    await using upstream = await startUpstream();
    await using open = await openChannel(upstream.url);
    const told = { 'content-length': String(40 * 1024 ** 2) };
    expect(await open.call({ headers: told, body: 'x' })).toMatchObject({ status: 413 });
    const untold = { 'transfer-encoding': 'chunked' };
    expect(await open.call({ headers: untold, body: 'x'.repeat(33_554_433) })).toMatchObject({ status: 413 });
    expect(upstream.seen).toEqual([]);
  });
});
