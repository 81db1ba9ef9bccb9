import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ConfinedRequest, createConfinedFetch, createSystemRuntime, type FetchFlaw } from '../../src/index.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

class Refused extends Error {
  readonly flaw: FetchFlaw;

  constructor(flaw: FetchFlaw, what: string) {
    super(`${what}: ${flaw.kind}`);
    this.flaw = flaw;
  }
}

/** Asks a server that answers so, and says what came. */
async function setUp(answer: RequestListener, timeoutMs = 20_000) {
  const asked: string[] = [];
  const statuses: number[] = [];
  const origin = await listen((request: IncomingMessage, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['x-token'] ?? ''}`.trim());
    answer(request, response);
  });
  const send = createConfinedFetch({
    ...{ origin, timeoutMs, clock: createSystemRuntime().clock },
    refuse: (flaw, what) => new Refused(flaw, what),
    onAnswer: ({ status }) => statuses.push(status),
  });
  const request = (path: string, more: Partial<ConfinedRequest> = {}): ConfinedRequest => ({
    ...{ what: 'look', method: 'GET', url: new URL(path, origin), headers: () => ({ 'x-token': 'secret' }) },
    follow: 'reads',
    ...more,
  });
  const failure = (path: string, more: Partial<ConfinedRequest> = {}): Promise<unknown> =>
    send(request(path, more)).then(
      () => expect.fail('it came'),
      (error: unknown) => (error instanceof Refused ? error.flaw : error),
    );
  return { origin, asked, statuses, send, request, failure };
}

const leadTo =
  (next: (path: string) => string, status = 302): RequestListener =>
  ({ url = '/' }, response) =>
    response.writeHead(status, { location: next(url) }).end();

describe('a fetch that stays at one place', () => {
  it('follows what leads on there, asks for headers anew each time, and says where the answer came from', async () => {
    const hosts = await setUp((incoming, response) => {
      if (incoming.url === '/a') leadTo(() => '/b')(incoming, response);
      else response.end('there');
    });
    const headers: string[] = [];
    const { url, bytes } = await hosts.send(
      hosts.request('/a', {
        headers: (at) => {
          headers.push(at.pathname);
          return { 'x-token': 'secret' };
        },
      }),
    );
    expect([url.pathname, bytes.toString(), headers]).toEqual(['/b', 'there', ['/a', '/b']]);
    expect([hosts.asked, hosts.statuses]).toEqual([
      ['GET /a secret', 'GET /b secret'],
      [302, 200],
    ]);
  });

  it('sends nothing to another host, wherever it is led', async () => {
    const heard: string[] = [];
    const other = await listen((request, response) => {
      heard.push(String(request.url));
      response.end();
    });
    const { failure, send, request } = await setUp(leadTo(() => `${other}/steal`));
    const host = new URL(other).host;
    expect(await failure('/a')).toEqual({ kind: 'strayed', host });
    expect(await failure('/a', { method: 'POST', follow: 'all', body: 'x' })).toEqual({ kind: 'strayed', host });
    expect(await failure('/a', { url: new URL(other) })).toEqual({ kind: 'strayed', host });
    // One that is to have the redirect itself gets it.
    const { response } = await send(request('/a', { follow: 'none' }));
    expect(response.headers.get('location')).toBe(`${other}/steal`);
    expect(heard).toEqual([]);
  });

  it('leads on five times and no more, and writes only where they may', async () => {
    const circle = await setUp(leadTo((path) => `${path}x`));
    expect(await circle.failure('/')).toEqual({ kind: 'led-on' });
    expect(circle.asked).toHaveLength(6);
    const { failure, asked } = await setUp(leadTo(() => 'http://[', 307));
    expect(await failure('/')).toEqual({ kind: 'led-on' });
    const once = await setUp((incoming, response) =>
      incoming.url === '/a' ? leadTo(() => '/b', 307)(incoming, response) : response.end(),
    );
    expect(await once.failure('/a', { method: 'PUT' })).toEqual({ kind: 'led-on' });
    await once.send(once.request('/a', { method: 'PUT', follow: 'all', body: 'x' }));
    expect([asked.length, once.asked.slice(1)]).toEqual([1, ['PUT /a secret', 'PUT /b secret']]);
  });

  it('holds no more of an answer than its bound', async () => {
    const { failure, send, request } = await setUp((_, response) => {
      for (let piece = 0; piece < 200; piece += 1) response.write(`${piece}`.padStart(1_000, '.'));
      response.end('the end');
    });
    const all = { bounds: () => ({ limit: 100_000, keep: 'all' }) as const };
    expect(await failure('/', all)).toEqual({ kind: 'too-long', limit: 100_000 });
    const { bytes } = await send(request('/', { bounds: () => ({ limit: 5_000, keep: 'end' }) }));
    expect(bytes.toString()).toMatch(/the end$/);
    expect(bytes.length).toBeGreaterThanOrEqual(5_000);
    expect(bytes.length).toBeLessThan(5_000 + 70_000);
    const whole = await send(request('/', { bounds: () => ({ limit: 200_007, keep: 'all' }) }));
    expect(whole.bytes.length).toBe(200_007);
  });

  it('gives up on an answer that does not come whole in time', async () => {
    const { failure } = await setUp((_, response) => response.write('a part'), 50);
    expect(await failure('/')).toEqual({ kind: 'too-late', afterMs: 50 });
  });

  it('ends with the reason of an abort', async () => {
    const { send, request, asked } = await setUp(() => undefined);
    const abort = new AbortController();
    const reason = new Error('stopped');
    const sent = send(request('/'), { signal: abort.signal });
    await expect.poll(() => asked.length, { timeout: 20_000 }).toBe(1);
    abort.abort(reason);
    await expect(sent).rejects.toBe(reason);
    await expect(send(request('/'), { signal: abort.signal })).rejects.toBe(reason);
  });
});
