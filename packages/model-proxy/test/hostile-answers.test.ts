import { connect, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { messagesBody, openChannel, realKey, unlimited } from './open-channel.js';
import { anthropicEvents, mapEvents, startUpstream } from './upstream-mock.js';

const good = mapEvents(anthropicEvents('hello', { input_tokens: 10 }, 7));
const goodAnswer = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n${good}`;

/** A provider that answers with these bytes, the first time. Then it answers well. */
async function startRawUpstream(first: (socket: Socket) => void): Promise<AsyncDisposable & { readonly url: string }> {
  const sockets = new Set<Socket>();
  let asked = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', () => {
      asked += 1;
      if (asked === 1) first(socket);
      else socket.end(goodAnswer);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
const body = (length: number): string => `Content-Length: ${length}\r\n\r\n`;

describe('an answer that is hostile', () => {
  it.each<[string, string | ((socket: Socket) => void), number | 'broken']>([
    ['a status of 099', 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n', 502],
    ['a status of 000', 'HTTP/1.1 000 Odd\r\nContent-Length: 0\r\n\r\n', 502],
    ['a status of 999', 'HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nno', 999],
    ['a status without a number', 'HTTP/1.1 abc\r\n\r\n', 502],
    ['another protocol', '220 mail.example.com ESMTP\r\n', 502],
    ['a switch to another protocol', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nabc', 502],
    [
      'words of patience, and then nothing',
      (socket) => void socket.end('HTTP/1.1 103 Early\r\n\r\n'.repeat(1000)),
      502,
    ],
    ['a header that is none', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n', 502],
    ['a header with a NUL', 'HTTP/1.1 200 OK\r\nrequest-id: a\0b\r\nContent-Length: 0\r\n\r\n', 502],
    ['a header without end', (socket) => void socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1_000_000)}`), 502],
    ['two lengths', `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 502],
    ['a chunk of no size', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 'broken'],
    ['less than it promised', (socket) => void socket.end(`${head}${body(1000)}data: 1\n\n`), 'broken'],
    [
      'a reset in the midst',
      (socket) => void socket.write(`${head}${body(1000)}${good.slice(0, 50)}`, () => socket.resetAndDestroy()),
      'broken',
    ],
    ['a compressed body', `${head}Content-Encoding: gzip\r\n${body(2)}ab`, 502],
    ['a redirect', 'HTTP/1.1 307 Else\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n', 502],
  ])('%s harms no call but its own', async (_, first, status) => {
    await using upstream = await startRawUpstream(
      typeof first === 'string' ? (socket) => void socket.end(first, 'latin1') : first,
    );
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    const answer = await open.call();
    // A reset may overtake the head of its answer.
    if (status === 'broken') expect(answer.cut || answer.status === 502).toBe(true);
    else expect(answer).toMatchObject({ status });
    expect(turn.failure).not.toBeNull();
    expect(await open.call()).toMatchObject({ status: 200, body: good, cut: false });
    expect(turn.failure).toBeNull();
  });

  it('with trailers comes without them', async () => {
    const chunk = `${good.length.toString(16)}\r\n${good}\r\n`;
    const trailers = 'request-id: late\r\nset-cookie: a=b\r\n';
    const first = `${head}Trailer: request-id\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\n${trailers}\r\n`;
    await using upstream = await startRawUpstream((socket) => void socket.end(first));
    await using open = await openChannel(upstream.url);
    const answer = await open.call();
    expect(answer).toMatchObject({ status: 200, body: good });
    expect(answer.headers).not.toHaveProperty('trailer');
  });

  it('that is compressed is charged and not passed on, nor is a failure that is', async () => {
    await using upstream = await startUpstream();
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    upstream.answer((response) => {
      response.writeHead(upstream.seen.length === 1 ? 200 : 400, { 'content-encoding': 'gzip' }).end(bomb);
    });
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    expect(await open.call()).toMatchObject({ status: 502 });
    expect(turn.usage.outputTokens).toBe(messagesBody.max_tokens);
    expect(await open.call()).toMatchObject({ status: 400, body: '' });
  });

  it('that is longer than any is cut, and so is the body of a failure', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => {
      response.writeHead(upstream.seen.length === 1 ? 200 : 400);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    await using open = await openChannel(upstream.url, {}, unlimited, { answerBytes: 200_000, errorBytes: 1000 });
    const turn = open.channel.beginTurn(unlimited);
    expect(await open.call()).toMatchObject({ status: 200, cut: true });
    expect(turn).toMatchObject({ failure: { code: 'UNAVAILABLE' }, usage: { outputTokens: messagesBody.max_tokens } });
    const failed = await open.call();
    expect([failed.status, failed.body.length]).toEqual([400, 1000]);
    await Promise.all(upstream.seen.map(({ closed }) => closed));
  });

  it.each(['before a word', 'after one'])('that falls silent %s is given up', async (when) => {
    await using upstream = await startUpstream();
    upstream.answer((response) => {
      if (when === 'after one') response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': ping\n\n');
    });
    await using open = await openChannel(upstream.url, {}, unlimited, { silenceMs: 50 });
    const turn = open.channel.beginTurn(unlimited);
    expect(await open.call()).toMatchObject(when === 'after one' ? { cut: true } : { status: 502 });
    expect(turn).toMatchObject({ failure: { code: 'UNAVAILABLE' }, usage: { outputTokens: messagesBody.max_tokens } });
    await upstream.seen[0]?.closed;
  });

  it('of one line without end is passed on, and charged as unknown', async () => {
    await using upstream = await startUpstream();
    const endless = `data: {"x":"${'y'.repeat(17_000_000)}"}\n`;
    const figures = 'data: {"type":"message_delta","usage":{"output_tokens":7}}\n\n';
    upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(endless + figures);
    });
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    expect((await open.call()).body).toHaveLength(endless.length + figures.length);
    expect(turn.usage.outputTokens).toBe(messagesBody.max_tokens);
  });
});

describe('a call that is hostile', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['half a request', 'POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n{"mo'],
    ['two lengths', 'POST /v1/messages HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a length and chunks', 'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a header without end', `POST /v1/messages HTTP/1.1\r\nx: ${'y'.repeat(100_000)}`],
    ['an upgrade', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
    ['a way to elsewhere', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n'],
    ['an expectation', 'POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: wonders\r\nContent-Length: 0\r\n\r\n'],
    ['a chunk of no size', 'POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('%s harms no call but its own', async (_, bytes) => {
    await using upstream = await startUpstream();
    upstream.answer((response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(good));
    await using open = await openChannel(upstream.url);
    await new Promise<void>((resolve) => {
      const socket = connect(open.socketPath);
      socket.on('error', () => {});
      socket.on('close', () => resolve());
      socket.resume();
      socket.end(bytes.replace('\r\nHost:', `\r\nx-api-key: ${open.channel.placeholder}\r\nHost:`));
    });
    expect(upstream.seen).toEqual([]);
    expect(await open.call()).toMatchObject({ status: 200, body: good });
  });

  it('whose reader resets the connection in the midst of an answer harms no other', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(good + ': '.padEnd(500_000, 'x'));
    });
    await using open = await openChannel(upstream.url);
    await open.call({ onAnswer: (answer) => answer.once('data', () => answer.socket.destroy()) }).catch(() => {});
    expect(await open.call()).toMatchObject({ status: 200, cut: false });
  });
});

describe('the key', () => {
  const spellings = {
    plain: realKey,
    'as JSON writes it': JSON.stringify(realKey).slice(1, -1),
    'in base64, as a Basic header holds it': Buffer.from(`me:${realKey}`).toString('base64'),
    'in hex': Buffer.from(realKey).toString('hex'),
  };

  it.each(Object.entries(spellings))(
    'is masked in an answer that went well, %s, in pieces of every size',
    async (_, told) => {
      await using upstream = await startUpstream();
      const text = mapEvents(anthropicEvents(`you sent ${told}, ${told.slice(0, -1)}`));
      upstream.answer(async (response) => {
        const size = upstream.seen.length;
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (let at = 0; at < text.length; at += size) {
          await new Promise((written) => response.write(text.slice(at, at + size), written));
        }
        response.end();
      });
      await using open = await openChannel(upstream.url);
      for (let size = 1; size <= 6; size++) {
        const { body: got } = await open.call();
        expect(got).toContain('you sent ');
        expect(got).toContain('[key]');
        expect(got).not.toContain(told);
      }
    },
  );

  it('is masked in the body, the headers and the record of a failure', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response, request) => {
      const key = String(request.headers['x-api-key']);
      response.writeHead(401, { 'request-id': key, 'retry-after': '1', www: key });
      response.end(JSON.stringify({ type: 'error', error: { type: 'e', message: `Wrong key ${key}.` } }));
    });
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    const answer = await open.call();
    expect(upstream.seen[0]?.headers['x-api-key']).toBe(realKey);
    expect(JSON.stringify(answer)).not.toContain(realKey);
    expect(answer.body).toContain('Wrong key [key].');
    expect(turn.failure?.message).toContain('[key]');
  });

  it('is masked in the record of what an answer turned into on its way', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response) => {
      const error = { type: 'error', error: { type: `e-${realKey}`, message: `of ${realKey}` } };
      const stop = { type: 'message_delta', delta: { stop_reason: realKey } };
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(mapEvents([stop, error]));
    });
    await using open = await openChannel(upstream.url);
    const turn = open.channel.beginTurn(unlimited);
    await open.call();
    expect(`${turn.failure?.message} ${turn.stop}`).toMatch(/\[key\].*\[key\].*\[key\]/);
    expect(`${turn.failure?.message} ${turn.stop}`).not.toContain(realKey);
  });

  it('goes to no address in the clear', async () => {
    await expect(openChannel('http://api.example.com')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await using open = await openChannel('http://api.example.com', { key: null });
    expect(open.channel.endpoint).toContain('127.0.0.1');
  });
});
