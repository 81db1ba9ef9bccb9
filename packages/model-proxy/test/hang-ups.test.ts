import { connect } from 'node:net';
import type { AgentLimits, ModelPrice } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { messagesBody, type OpenedChannel, openChannel, unlimited } from './open-channel.js';
import { anthropicEvents, mapEvents, startUpstream, type UpstreamMock } from './upstream-mock.js';

const sse = { 'content-type': 'text/event-stream' } as const;
const price: ModelPrice = { input: 3, output: 15, cachedInput: 0.3 };
const patient = { drainMs: 20_000, lastDrainMs: 20_000 } as const;
const estimate = Math.ceil(JSON.stringify(messagesBody).length / 3);

/** Calls, and hangs up once `when` says so. */
async function hangUp(open: OpenedChannel, when: 'at-once' | 'after-a-word', upstream: UpstreamMock): Promise<void> {
  const leaving = new AbortController();
  const called = open.call({
    signal: leaving.signal,
    ...(when === 'after-a-word' ? { onAnswer: (answer) => answer.once('data', () => leaving.abort()) } : {}),
  });
  if (when === 'at-once') void upstream.next().then(() => leaving.abort());
  await called.catch(() => {});
}

describe('an agent that hangs up', () => {
  it.each(['at-once', 'after-a-word'] as const)(
    '%s is charged what the answer came to, which is read on',
    async (when) => {
      await using upstream = await startUpstream();
      const answers: (() => void)[] = [];
      upstream.answer((response) => {
        const [first, ...rest] = anthropicEvents('a long book', { input_tokens: 1000 }, 30_000);
        if (when === 'after-a-word') response.writeHead(200, sse).write(mapEvents([first]));
        answers.push(() => {
          if (when === 'at-once') response.writeHead(200, sse).write(mapEvents([first]));
          response.end(mapEvents(rest));
        });
      });
      await using open = await openChannel(upstream.url, { price: () => price }, null, patient);
      const usage = new Promise((resolve) => open.channel.beginTurn(unlimited, { onUsage: resolve }));
      await hangUp(open, when, upstream);
      answers[0]?.();
      expect(await usage).toMatchObject({ inputTokens: 1000, outputTokens: 30_000, microUsd: 1000 * 3 + 30_000 * 15 });
    },
  );

  it('is charged what was reserved where the answer never comes, and the call is cut at the provider', async () => {
    await using upstream = await startUpstream();
    upstream.answer(() => {});
    await using open = await openChannel(upstream.url, { price: () => price }, null);
    const usage = new Promise((resolve) => open.channel.beginTurn(unlimited, { onUsage: resolve }));
    await hangUp(open, 'at-once', upstream);
    expect(await usage).toMatchObject({ inputTokens: estimate, outputTokens: messagesBody.max_tokens });
    await upstream.seen[0]?.closed;
  });

  it('is charged what was reserved where too much comes that says nothing', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => {
      response.writeHead(200, sse).write(mapEvents(anthropicEvents('x').slice(0, 1)));
      const more = (): void => {
        while (!response.destroyed && response.write(`: ${'x'.repeat(10_000)}\n\n`));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    await using open = await openChannel(upstream.url, {}, null, { ...patient, drainBytes: 100_000 });
    const usage = new Promise((resolve) => open.channel.beginTurn(unlimited, { onUsage: resolve }));
    await hangUp(open, 'after-a-word', upstream);
    expect(await usage).toMatchObject({ inputTokens: 100, outputTokens: messagesBody.max_tokens });
    await upstream.seen[0]?.closed;
  });

  it('hangs up on the bill too when its turn ends: the figures are waited for before the channel is closed', async () => {
    await using upstream = await startUpstream();
    const answers: (() => void)[] = [];
    upstream.answer((response) => {
      answers.push(() => response.writeHead(200, sse).end(mapEvents(anthropicEvents('x', { input_tokens: 9 }, 8))));
    });
    await using open = await openChannel(upstream.url, {}, null, patient);
    const turn = open.channel.beginTurn(unlimited);
    const answer = open.call().catch(() => 'cut');
    await upstream.next();
    const closed = open.channel.close();
    expect(await answer).toBe('cut');
    answers[0]?.();
    await closed;
    expect(turn.usage).toMatchObject({ inputTokens: 9, outputTokens: 8 });
    expect(turn.failure).toBeNull();
  });

  it.each<[string, Partial<AgentLimits>, number]>([
    ['money', { maxMicroUsd: 60_000 }, 4],
    ['tokens', { maxTokens: 5_000 }, 5],
    ['steps', { maxSteps: 3 }, 3],
  ])('a hundred times at once passes no limit in %s', async (_, limits, most) => {
    await using upstream = await startUpstream();
    upstream.answer(() => {});
    await using open = await openChannel(upstream.url, { price: () => price }, { ...unlimited, ...limits });
    const turn = open.channel.beginTurn({ ...unlimited, ...limits });
    const leaving = new AbortController();
    const calls = Array.from({ length: 100 }, () => open.call({ signal: leaving.signal }).catch(() => null));
    void upstream.next().then(() => leaving.abort());
    await Promise.all(calls);
    await open.channel.close();
    expect(upstream.seen.length).toBeGreaterThan(0);
    expect(upstream.seen.length).toBeLessThanOrEqual(most);
    expect(turn.usage.microUsd).toBeLessThanOrEqual(limits.maxMicroUsd ?? Number.POSITIVE_INFINITY);
    expect(turn.usage.outputTokens).toBe(upstream.seen.length * messagesBody.max_tokens);
  });
});

describe('an answer that does not say what it came to', () => {
  it.each([
    ['a stream without its figures', sse, mapEvents([{ choices: [{ delta: {}, finish_reason: 'stop' }] }, '[DONE]'])],
    ['a body without them', { 'content-type': 'application/json' }, '{"choices":[{"finish_reason":"stop"}]}'],
    ['a body that is no JSON', { 'content-type': 'application/json' }, 'ok'],
    ['a body that nests too deep', {}, `{"usage":${'['.repeat(200)}${']'.repeat(200)}}`],
    ['nothing', {}, ''],
  ])('is charged as it was reserved: %s', async (_, headers, body) => {
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.writeHead(200, headers).end(body));
    await using open = await openChannel(`${upstream.url}/v1`, { protocol: 'openai-chat' });
    const turn = open.channel.beginTurn(unlimited);
    const request = { model: 'm', stream: true, max_completion_tokens: 30_000, messages: [] };
    const answer = await open.call({ path: '/v1/chat/completions', body: request });
    expect(answer).toMatchObject({ status: 200, body });
    expect(turn.usage).toMatchObject({ outputTokens: 30_000 });
    expect(JSON.parse(upstream.seen[0]?.body ?? '')).toMatchObject({ stream_options: { include_usage: true } });
  });

  it.each([502, 504, 524])('because a gateway heard none: %i is charged', async (status) => {
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.writeHead(status).end());
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    expect(await open.call()).toMatchObject({ status });
    expect(turn.usage).toMatchObject({ inputTokens: estimate, outputTokens: messagesBody.max_tokens });
  });

  it('since the connection broke before a word of it came: charged, for the provider had the request', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.destroy());
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    expect(await open.call()).toMatchObject({ status: 502 });
    expect(turn.failure).toMatchObject({ code: 'UNAVAILABLE' });
    expect(turn.usage).toMatchObject({ outputTokens: messagesBody.max_tokens });
  });
});

describe('a count of tokens', () => {
  it('is a step like any other, and charges nothing', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.writeHead(200).end('{"input_tokens":1}'));
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn({ ...unlimited, maxSteps: 2 });
    const count = { path: '/v1/messages/count_tokens' };
    const statuses = [await open.call(count), await open.call(count), await open.call(count)].map(
      (each) => each.status,
    );
    expect(statuses).toEqual([200, 200, 403]);
    expect(turn).toMatchObject({ passed: 'max steps', failure: null, usage: { inputTokens: 0, outputTokens: 0 } });
  });

  it('asks for no more than a call may', async () => {
    await using upstream = await startUpstream();
    await using open = await openChannel(upstream.url);
    const body = { model: 'm', messages: [], mcp_servers: [{ url: 'https://example.com' }] };
    expect(await open.call({ path: '/v1/messages/count_tokens', body })).toMatchObject({ status: 400 });
    expect(upstream.seen).toEqual([]);
  });
});

describe('one connection', () => {
  it('has one request under way, so that waiting ones take no memory of the daemon', async () => {
    await using upstream = await startUpstream();
    upstream.answer(() => {});
    await using open = await openChannel(upstream.url);
    const body = JSON.stringify(messagesBody);
    const head = `Host: 127.0.0.1:1\r\nx-api-key: ${open.channel.placeholder}\r\nContent-Length: ${body.length}`;
    const socket = connect(open.socketPath);
    const closed = new Promise((resolve) => socket.once('close', resolve).on('error', () => undefined));
    socket.write(`POST /v1/messages HTTP/1.1\r\n${head}\r\n\r\n${body}`.repeat(300));
    await closed;
    expect(upstream.seen.length).toBeLessThanOrEqual(1);
  });
});
