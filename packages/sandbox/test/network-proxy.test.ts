import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startNetworkProxy } from '../src/network/network-proxy.js';
import { drain, exchange, openTunnel, startPeer } from './proxy-scene.js';

describe('what a name is looked up to', () => {
  it('is never this machine or its networks, unless that address is listed too', async () => {
    await using peer = await startPeer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nreached'));
    const { port } = peer;
    const find = async (name: string): Promise<string[]> =>
      name === 'several.example' ? ['169.254.169.254', '::1', '127.0.0.1'] : ['127.0.0.1'];
    const ask = async (network: string[], host: string): Promise<string> => {
      await using proxy = await startNetworkProxy({ network }, find);
      return await exchange(proxy, `GET http://${host}:${port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    };
    for (const [network, host] of [
      [`*.example:${port}`, 'evil.example'],
      [`evil.example:${port}`, 'evil.example'],
      [`*.localhost:${port}`, 'evil.localhost'],
    ] as const) {
      const said = await ask([network], host);
      expect(said, host).toContain('403');
      expect(said).toContain(`127.0.0.1:${port}`);
    }
    // Not its name, and not another port of it.
    expect(await ask([`evil.example:${port}`, '127.0.0.1:1'], 'evil.example')).toContain('403');
    expect(peer.connections()).toBe(0);
    expect(await ask([`evil.example:${port}`, `127.0.0.1:${port}`], 'evil.example')).toContain('reached');
    expect(await ask([`several.example:${port}`, `127.0.0.1:${port}`], 'several.example')).toContain('reached');
    expect(await ask([`localhost:${port}`], 'LOCALHOST.')).toContain('reached');
    expect(peer.connections()).toBe(3);
  });

  it('is looked up once, and is nothing of what is asked for by an address', async () => {
    await using peer = await startPeer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nreached'));
    const { port } = peer;
    const asked: string[] = [];
    await using proxy = await startNetworkProxy(
      { network: [`a.example:${port}`, `127.0.0.1:${port}`] },
      async (name) => {
        asked.push(name);
        return asked.length === 1 ? ['127.0.0.1'] : ['127.0.0.2'];
      },
    );
    expect(await exchange(proxy, `GET http://A.Example.:${port}/ HTTP/1.0\r\n\r\n`)).toContain('reached');
    expect(await exchange(proxy, `GET http://127.0.0.1:${port}/ HTTP/1.0\r\n\r\n`)).toContain('reached');
    expect(asked).toEqual(['a.example']);
  });

  it('is told where there is nothing', async () => {
    await using proxy = await startNetworkProxy({ network: ['a.example'] }, async () => []);
    expect(await exchange(proxy, 'GET http://a.example/ HTTP/1.0\r\n\r\n')).toMatch(
      /502[\s\S]*No address of a\.example/,
    );
    expect(await exchange(proxy, 'CONNECT a.example:443 HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/502[\s\S]*No address/);
  });
});

describe('what could be read in two ways', () => {
  it('is reached neither by CONNECT nor by a URL (an address with a zone ends like an allowed name)', async () => {
    await using peer = await startPeer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nreached'));
    const { port } = peer;
    const network = [`*.allowed.example:${port}`, `*.example.org:${port}`];
    await using proxy = await startNetworkProxy({ network }, async () => ['127.0.0.1']);
    for (const host of [
      '::ffff:127.0.0.1%.allowed.example',
      '[::ffff:127.0.0.1%.allowed.example]',
      '::1%.allowed.example',
      '127.0.0.1',
      '0177.0.0.1',
      '2130706433',
      '127.1',
      'user@a.allowed.example',
      'a.allowed.example@127.0.0.1',
      'a%2eallowed.example',
      '127.0.0.1\\.allowed.example',
      '127.0.0.1#.allowed.example',
      '127.0.0.1?.allowed.example',
      '127.0.0.1/.allowed.example',
    ]) {
      for (const head of [
        `CONNECT ${host}:${port} HTTP/1.1`,
        `GET http://${host}:${port}/ HTTP/1.1`,
        `GET https://a.allowed.example:${port}/ HTTP/1.1`,
        `GET //${host}:${port}/ HTTP/1.1`,
        `GET ${host}:${port} HTTP/1.1`,
      ]) {
        const said = await exchange(proxy, `${head}\r\nHost: a.allowed.example\r\nConnection: close\r\n\r\n`);
        expect(said, head).toMatch(/^HTTP\/1\.1 40[03] /);
      }
    }
    expect(peer.connections()).toBe(0);
  });

  it('is not said to the server: it gets the host that was judged, whatever Host says, and what is meant for it', async () => {
    await using peer = await startPeer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    const { port } = peer;
    await using proxy = await startNetworkProxy({ network: [`localhost:${port}`] });
    await exchange(
      proxy,
      `GET http://LocalHost:${port}/a/../b?c HTTP/1.1\r\nHost: evil.example\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\nProxy-Authorization: Basic x\r\nX-Theirs: 2\r\n\r\n`,
    );
    const [head = ''] = peer.received().split('\r\n\r\n');
    expect(head).toMatch(/^GET \/a\/\.\.\/b\?c HTTP\/1\.1\r\n/);
    expect(head.match(/^host: .*$/gim)).toEqual([`host: localhost:${port}`]);
    expect(head).toMatch(/x-theirs: 2/i);
    expect(head).not.toMatch(/x-mine|proxy-|evil/i);
  });
});

describe('the proxy', () => {
  it('answers that a server is not there', async () => {
    await using proxy = await startNetworkProxy({ network: ['localhost:1'] });
    expect(await exchange(proxy, 'CONNECT localhost:1 HTTP/1.1\r\nHost: x\r\n\r\n')).toContain('502');
    expect(await exchange(proxy, 'GET http://localhost:1/ HTTP/1.0\r\n\r\n')).toContain('502');
  });

  it('outlives whatever answers and asks: it ends the one connection', async () => {
    let answer = Buffer.alloc(0);
    let resets = false;
    await using peer = await startPeer((socket) =>
      socket.once('data', () => {
        socket.write(answer);
        if (resets) socket.resetAndDestroy();
        else socket.end();
      }),
    );
    const { port } = peer;
    await using proxy = await startNetworkProxy({ network: [`localhost:${port}`] });
    const line = (text: string): string => `${text}\r\n`;
    const heads = [
      ...['099 Odd', '000 Odd', '999 Odd', '101 Switching', '100 Continue', '103 Early', '204 None', '304 Same'],
      ...['200 OK', '200 \xe9', '1000 Odd', '20 Odd', '-1 Odd', '200'],
    ].map((status) => line(`HTTP/1.1 ${status}`));
    const headers = [
      ...['Trailer: x', 'Transfer-Encoding: chunked', 'Transfer-Encoding: gzip', 'Content-Length: 2', 'Upgrade: x'],
      ...['Content-Length: -1', 'Content-Length: 99999999999999999999', 'Connection: upgrade', 'Connection: close'],
      ...[
        'Connection: content-length',
        'X: a\x01b',
        'X: \xe9\xff',
        '__proto__: a',
        'constructor: b',
        ': c',
        'no colon',
      ],
      ...['Expect: 100-continue', 'Expect: banana', 'Host: a', 'Set-Cookie: a', 'Set-Cookie: b', 'X: y\r\n folded'],
      `Giant: ${'g'.repeat(20_000)}`,
    ].map(line);
    const bodies = ['', 'hi', '0\r\n\r\n', '2\r\nhi\r\n0\r\nX: trailing\r\n\r\n', 'zz\r\n', '\x00\xff'];
    const textOf = (starts: readonly string[]) =>
      fc
        .tuple(
          fc.constantFrom(...starts),
          fc.array(fc.constantFrom(...headers), { maxLength: 4 }),
          fc.constantFrom(...bodies),
        )
        .map(([start, some, body]) => `${start}${some.join('')}\r\n${body}`);
    const answers = fc.oneof(
      textOf(heads),
      fc.tuple(textOf(heads), textOf(heads)).map(([one, two]) => one + two),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    const targets = [
      `http://localhost:${port}/`,
      `http://localhost:${port}`,
      `http://localhost:${port}?\xe9`,
      '/',
      '*',
    ];
    const requests = textOf(
      ['GET', 'POST', 'HEAD', 'OPTIONS', 'PROPFIND', 'PRI', 'CONNECT', 'QUERY', 'NONE'].flatMap((method) =>
        [...targets, `localhost:${port}`, ':', 'a:99999', 'http://['].map((target) =>
          line(`${method} ${target} HTTP/1.1`),
        ),
      ),
    );
    const thrown: unknown[] = [];
    const note = (error: unknown): void => void thrown.push(String(error));
    process.on('uncaughtException', note).on('unhandledRejection', note);
    try {
      await fc.assert(
        fc.asyncProperty(requests, answers, fc.boolean(), fc.boolean(), async (asked, answered, reset, leaves) => {
          answer = Buffer.from(answered, 'latin1');
          resets = reset;
          const socket = connect(proxy.socketPath);
          const ended = drain(socket.on('error', () => undefined));
          // The second one asks that the connection be closed after it.
          socket.write(asked, 'latin1');
          socket.end('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
          if (leaves) socket.once('data', () => socket.destroy());
          await ended;
          expect(thrown).toEqual([]);
        }),
        { seed: 7, numRuns: 400 },
      );
    } finally {
      process.off('uncaughtException', note).off('unhandledRejection', note);
    }
    answer = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nalive');
    resets = false;
    expect(await exchange(proxy, `GET http://localhost:${port}/ HTTP/1.0\r\n\r\n`)).toContain('alive');
  });

  it('hands no header on that is of one connection, and answers where a protocol would be changed', async () => {
    let answer = '';
    await using peer = await startPeer((socket) => socket.once('data', () => socket.end(answer)));
    const { port } = peer;
    await using proxy = await startNetworkProxy({ network: [`localhost:${port}`] });
    const ask = (): Promise<string> => exchange(proxy, `GET http://localhost:${port}/ HTTP/1.0\r\n\r\n`);
    answer =
      'HTTP/1.1 200 OK\r\nTrailer: x\r\nX-Own: 1\r\nKeep-Alive: 5\r\nConnection: close, x-own\r\nX-End: 2\r\nContent-Length: 2\r\n\r\nhi';
    const said = await ask();
    expect(said).toMatch(/^HTTP\/1\.1 200 [\s\S]*x-end: 2[\s\S]*\r\n\r\nhi$/i);
    expect(said).not.toMatch(/trailer|x-own|keep-alive/i);
    for (answer of [
      'HTTP/1.1 099 Odd\r\n\r\n',
      'HTTP/1.1 101 Other\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      '?',
    ]) {
      expect(await ask()).toMatch(/^HTTP\/1\.1 502 /);
    }
  });

  it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'POST'])(
    'hands a body of %s on as one, whatever a client says is of its own connection',
    async (method) => {
      await using peer = await startPeer((socket) =>
        socket.on('data', (data) => {
          if (data.includes('hidden')) socket.end('HTTP/1.1 204 None\r\n\r\n');
        }),
      );
      const { port } = peer;
      await using proxy = await startNetworkProxy({ network: [`localhost:${port}`] });
      // Without its length it would be another request on the same connection, for a host that nobody judged.
      const body = 'GET /hidden HTTP/1.1\r\nHost: other.example\r\n\r\n';
      await exchange(
        proxy,
        `${method} http://localhost:${port}/ HTTP/1.0\r\nConnection: Content-Length, close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      const [head = '', ...rest] = peer.received().split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`content-length: ${body.length}\\b`, 'i'));
      expect(rest.join('\r\n\r\n')).toBe(body);
    },
  );

  it('takes a bounded number of connections', async () => {
    await using proxy = await startNetworkProxy({ network: ['localhost:1'] });
    const sockets = Array.from({ length: 300 }, () => connect(proxy.socketPath).on('error', () => undefined));
    const closed = new Set<Socket>();
    const dropped = new Promise<void>((resolve) => {
      for (const socket of sockets) {
        socket.once('close', () => {
          closed.add(socket);
          if (closed.size === 300 - 256) resolve();
        });
      }
    });
    await dropped;
    for (const socket of sockets) socket.destroy();
  });

  it('cuts its connections and leaves no socket when it is disposed of', async () => {
    await using peer = await startPeer();
    const proxy = await startNetworkProxy({ network: [`localhost:${peer.port}`] });
    const directory = proxy.socketPath.split('/').at(-2) ?? '';
    const socket = await openTunnel(proxy, `localhost:${peer.port}`);
    await Promise.all([once(socket, 'close'), proxy[Symbol.asyncDispose]()]);
    expect(await readdir(tmpdir())).not.toContain(directory);
  });
});

describe('one connection', () => {
  it('opens one onwards at a time, however many requests it sends ahead', async () => {
    // It never answers, so all of them would be open at once.
    await using peer = await startPeer();
    await using proxy = await startNetworkProxy({ network: [`127.0.0.1:${peer.port}`] });
    const asked = `GET http://127.0.0.1:${peer.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`;
    expect(await exchange(proxy, asked.repeat(300))).toBe('');
    expect(peer.connections()).toBeLessThanOrEqual(1);
  });
});
