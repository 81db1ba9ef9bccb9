import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { messagesBody, openChannel, realKey, unlimited } from './open-channel.js';
import { claudeCodeBetas } from './real-requests.js';
import { anthropicEvents, mapEvents, startUpstream } from './upstream-mock.js';

const sse = { 'content-type': 'text/event-stream' } as const;

describe('the way out', () => {
  it('passes a call on with the real key and nothing else of its own, and meters the answer', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => {
      response.writeHead(200, { ...sse, 'set-cookie': 'a=b', 'request-id': 'r1' });
      response.end(mapEvents(anthropicEvents('hello', { input_tokens: 10, cache_read_input_tokens: 90 })));
    });
    await using open = await openChannel(`${upstream.url}/gateway`);
    const turn = open.channel.beginTurn(unlimited);
    const answer = await open.call({
      path: '/v1/messages?beta=true',
      headers: { cookie: 'c=d', 'x-forwarded-for': '1.2.3.4', 'anthropic-version': '2023-06-01', te: 'trailers' },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toBe(mapEvents(anthropicEvents('hello', { input_tokens: 10, cache_read_input_tokens: 90 })));
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['request-id']).toBe('r1');
    const [seen] = upstream.seen;
    expect(seen?.path).toBe('/gateway/v1/messages?beta=true');
    expect(seen?.headers['x-api-key']).toBe(realKey);
    expect(JSON.stringify(seen?.headers)).not.toContain(open.channel.placeholder);
    expect(Object.keys(seen?.headers ?? {}).sort()).toEqual([
      'accept-encoding',
      'anthropic-version',
      'connection',
      'content-length',
      'content-type',
      'host',
      'x-api-key',
    ]);
    expect(JSON.parse(seen?.body ?? '')).toEqual(messagesBody);
    expect(turn.usage).toEqual({
      inputTokens: 100,
      cachedInputTokens: 90,
      outputTokens: 7,
      microUsd: null,
      basis: 'unknown',
    });
    expect(turn).toMatchObject({ failure: null, passed: null, stop: 'end_turn' });
  });

  it('passes on the headers and the query that real agents send, and drops the others', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.writeHead(200, sse).end(mapEvents(anthropicEvents('hello'))));
    await using open = await openChannel(upstream.url);
    const headers = { 'anthropic-beta': claudeCodeBetas, 'x-app': 'cli', 'x-stainless-os': 'Linux', accept: '*/*' };
    expect(await open.call({ path: '/v1/messages?beta=true', headers })).toMatchObject({ status: 200 });
    expect(upstream.seen[0]?.headers).toMatchObject({ 'anthropic-beta': claudeCodeBetas, accept: '*/*' });
    expect(upstream.seen[0]?.headers).not.toHaveProperty('x-app');
  });

  it('tells what was refused, by name and count, and holds no more than so many names', async () => {
    await using upstream = await startUpstream();
    await using open = await openChannel(upstream.url, { models: ['claude-x'] });
    const turn = open.channel.beginTurn({ ...unlimited, maxSteps: 0 });
    await open.call();
    expect(turn.refused).toEqual([]);
    for (let calls = 0; calls < 2; calls++) await open.call({ body: { ...messagesBody, fallbacks: 'default' } });
    await open.call({ path: '/v1/files?x=[a](http://e.com)' });
    await open.call({ body: { ...messagesBody, model: 'dear' } });
    expect(turn.refused).toEqual([
      { what: 'fallbacks', count: 2 },
      { what: 'path=POST:/v1/files', count: 1 },
      { what: 'model=dear', count: 1 },
    ]);
    for (let calls = 0; calls < 30; calls++) await open.call({ body: { ...messagesBody, [`x${calls}`]: 1 } });
    expect(turn.refused).toHaveLength(21);
    expect(turn.refused.at(-1)).toEqual({ what: 'others', count: 13 });
    expect(upstream.seen).toEqual([]);
  });

  it.each([
    ['anthropic-beta=context-1m-2025-08-07', { headers: { 'anthropic-beta': 'context-1m-2025-08-07' } }],
    ['?x=1', { path: '/v1/messages?x=1' }],
    ['shiny', { body: { ...messagesBody, shiny: { deep: [1] } } }],
  ])('lets %s through once it is allowed, and not before', async (name, call) => {
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.writeHead(200, sse).end(mapEvents(anthropicEvents('hello'))));
    await using strict = await openChannel(upstream.url);
    const refused = await strict.call(call);
    expect(refused).toMatchObject({ status: 400, body: expect.stringContaining(JSON.stringify(name).slice(1, -1)) });
    expect(upstream.seen).toEqual([]);
    await using open = await openChannel(upstream.url, { allow: [name] });
    expect(await open.call(call)).toMatchObject({ status: 200 });
  });

  it.each([
    ['a wrong key', { key: 'baton-000000000000000000000000000000000000000000000000' }, 401],
    ['no key', { key: null }, 401],
    ['the real key', { key: realKey }, 401],
    ['another path', { path: '/v1/files' }, 403],
    ['a path that climbs', { path: '/v1/messages/../files' }, 403],
    ['another method', { method: 'GET' }, 403],
    ['an address as its path', { path: 'http://example.com/v1/messages' }, 403],
    ['another host', { headers: { host: 'example.com' } }, 403],
    ['a compressed body', { headers: { 'content-encoding': 'gzip' } }, 415],
    [
      'a longer window, which costs more',
      { headers: { 'anthropic-beta': 'effort-2025-11-24,context-1m-2025-08-07' } },
      400,
    ],
    ['a version of the interface that is none', { headers: { 'anthropic-version': 'x' } }, 400],
    ['a query that nobody knows', { path: '/v1/messages?beta=true&x=../../admin' }, 400],
    ['no JSON', { body: 'nonsense' }, 400],
    ['a model that it may not use', { body: { ...messagesBody, model: 'other' } }, 403],
    ['a tool of the provider', { body: { ...messagesBody, tools: [{ type: 'web_fetch_20250910' }] } }, 400],
    ['an MCP server', { body: { ...messagesBody, mcp_servers: [{ url: 'https://example.com' }] } }, 400],
    [
      'an image by address',
      {
        body: {
          ...messagesBody,
          messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://e.com' } }] }],
        },
      },
      400,
    ],
  ])('refuses %s, in the shape of the protocol, and sends nothing on', async (_, call, status) => {
    await using upstream = await startUpstream();
    await using open = await openChannel(upstream.url, { models: ['claude-x'] });
    const answer = await open.call(call);
    expect(answer.status).toBe(status);
    expect(answer.headers['x-should-retry']).toBe('false');
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'error', error: { message: expect.any(String) } });
    expect(upstream.seen).toEqual([]);
  });

  it('sends on what it judged, not what a second key of the same name says', async () => {
    await using upstream = await startUpstream();
    await using open = await openChannel(upstream.url);
    const tools = '"tools":[{"type":"web_fetch_20250910"}]';
    await open.call({ body: `{${tools},"tools":[],"model":"m","max_tokens":5}` });
    expect(upstream.seen.map(({ body }) => body)).toEqual(['{"tools":[],"model":"m","max_tokens":5}']);
  });

  it('holds so many calls at once, and the others wait', async () => {
    await using upstream = await startUpstream();
    const waiting: (() => void)[] = [];
    let full: () => void = () => {};
    const isFull = new Promise<void>((resolve) => {
      full = resolve;
    });
    upstream.answer((response) => {
      waiting.push(() => void response.writeHead(200, sse).end(mapEvents(anthropicEvents('hello'))));
      if (waiting.length === 8) full();
      if (upstream.seen.length > 8) for (const go of waiting.splice(0)) go();
    });
    await using open = await openChannel(upstream.url);
    const answers = Array.from({ length: 12 }, () => open.call());
    await isFull;
    await open.call({ key: 'wrong' });
    expect(upstream.seen).toHaveLength(8);
    for (const go of waiting.splice(0)) go();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(12).fill(200));
  });

  it('refuses CONNECT', async () => {
    await using upstream = await startUpstream();
    await using open = await openChannel(upstream.url);
    const text = await new Promise<string>((resolve) => {
      let found = '';
      const socket = connect(open.socketPath);
      socket.on('data', (chunk) => {
        found += chunk;
      });
      socket.on('close', () => resolve(found));
      socket.write('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n');
    });
    expect(text).toMatch(/^HTTP\/1.1 403 /);
  });
});
