import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { startNetworkProxy } from '../src/network/network-proxy.js';
import { drain, listening, openTunnel, startPeer, until } from './proxy-scene.js';

/** Real TLS without certificates. */
const key = Buffer.alloc(16, 5);
const versions = { 'TLSv1.2': 'PSK', 'TLSv1.3': 'TLS_AES_128_GCM_SHA256' } as const;
type Version = keyof typeof versions;

function startTls(version: Version): ReturnType<typeof createTlsServer> {
  const server = createTlsServer(
    {
      minVersion: version,
      maxVersion: version,
      ciphers: versions[version],
      // A client that begins with another curve is asked for a second hello.
      ecdhCurve: 'P-256',
      pskCallback: () => key,
    },
    (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data) => socket.end(`${socket.servername || 'nobody'} got ${data.toString()}`));
    },
  );
  return server.on('tlsClientError', () => undefined);
}

function beginTls(socket: Socket, servername: string, version: Version): TLSSocket {
  const client = connectTls({
    socket,
    servername,
    minVersion: version,
    maxVersion: version,
    ciphers: versions[version],
    ecdhCurve: 'X25519:P-256',
    pskCallback: () => ({ psk: key, identity: 'test' }),
    checkServerIdentity: () => undefined,
  });
  client.on('error', () => undefined);
  return client;
}

describe('a tunnel', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('carries %s to the host that was judged', async (version) => {
    const server = startTls(version);
    await using edge = await listening(server);
    await using proxy = await startNetworkProxy({ network: [`localhost:${edge.port}`] });
    const client = beginTls(await openTunnel(proxy, `LOCALHOST.:${edge.port}`), 'localhost', version);
    client.write('secret');
    expect(await drain(client)).toBe('localhost got secret');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('carries no byte of %s to another (fronting)', async (version) => {
    await using peer = await startPeer();
    const { port } = peer;
    await using proxy = await startNetworkProxy({ network: [`localhost:${port}`, `127.0.0.1:${port}`] });
    for (const [target, servername] of [
      ['localhost', 'attacker.example'],
      ['localhost', 'localhost.attacker.example'],
      ['localhost', ''],
      ['127.0.0.1', 'attacker.example'],
    ] as const) {
      const socket = await openTunnel(proxy, `${target}:${port}`);
      const client = beginTls(socket, servername, version);
      const failure = new Promise<Error>((resolve) => client.once('error', resolve));
      client.write('secret');
      expect(String(await failure)).toMatch(/unrecognized name/i);
    }
    expect(peer.received()).toBe('');
  });

  it('carries TLS without a name to an address', async () => {
    await using edge = await listening(startTls('TLSv1.3'));
    await using proxy = await startNetworkProxy({ network: [`127.0.0.1:${edge.port}`] });
    const client = beginTls(await openTunnel(proxy, `127.0.0.1:${edge.port}`), '', 'TLSv1.3');
    client.write('secret');
    expect(await drain(client)).toBe('nobody got secret');
  });

  it('judges the second hello that a server asks for', async () => {
    const retry = Buffer.concat([
      Buffer.from([22, 3, 3, 0, 44, 2, 0, 0, 40, 3, 3]),
      Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex'),
      Buffer.alloc(6),
    ]);
    await using peer = await startPeer((socket) => socket.once('data', () => socket.write(retry)));
    await using first = await startPeer();
    const { port } = peer;
    await using proxy = await startNetworkProxy({ network: [`localhost:${port}`, `localhost:${first.port}`] });
    /** What a client would say that asks for this name. */
    const hello = async (servername: string): Promise<Buffer> => {
      const bytes = new Promise<Buffer>((resolve) => {
        const client = connectTls({ host: '127.0.0.1', port: first.port, servername }).on('error', () => undefined);
        const poll = setInterval(() => {
          const said = Buffer.from(first.received().slice(seen), 'latin1');
          if (said.length < 5 || said.length < 5 + said.readUInt16BE(3)) return;
          clearInterval(poll);
          client.destroy();
          resolve(said);
        }, 2);
      });
      const seen = first.received().length;
      return bytes;
    };
    const [good, bad] = [await hello('localhost'), await hello('evil.example')];
    const socket = await openTunnel(proxy, `localhost:${port}`);
    const said = drain(socket);
    socket.write(good);
    socket.write(bad);
    await said;
    expect(peer.received()).toBe(good.toString('latin1'));
    expect(peer.received()).not.toContain('evil.example');
  });

  it('carries plain HTTP to the host that was judged, each request of it', async () => {
    const server = createHttpServer((message, response) => response.end(`${message.url} for ${message.headers.host}`));
    await using plain = await listening(server);
    const target = `localhost:${plain.port}`;
    await using proxy = await startNetworkProxy({ network: [target] });
    const socket = await openTunnel(proxy, target);
    for (const [asked, said] of [
      [`GET /1 HTTP/1.1\r\nHost: LOCALHOST.:${plain.port}\r\n\r\n`, `/1 for ${target}`],
      [`GET /2 HTTP/1.1\r\nHost: localhost:80\r\n\r\n`, `/2 for ${target}`],
      [`GET /3 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`, 'HTTP/1.1 403'],
    ] as const) {
      socket.write(asked);
      expect(await until(socket, said)).toContain(said);
    }
  });

  it.each([
    ['another host', 'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: TARGET\r\nHost: evil.example\r\nConnection: close\r\n\r\n'],
    ['a host behind a line break', 'GET / HTTP/1.1\r\nHost: TARGET\r\n evil.example\r\nConnection: close\r\n\r\n'],
    ['a URL', 'GET http://evil.example/ HTTP/1.1\r\nHost: TARGET\r\nConnection: close\r\n\r\n'],
    ['a further tunnel', 'CONNECT TARGET HTTP/1.1\r\nHost: TARGET\r\nConnection: close\r\n\r\n'],
    ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['something else', 'SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n\r\n'],
    ['an old TLS hello', '\x80\x2e\x01\x03\x01\r\n\r\n'],
  ])('carries no request for %s', async (_, text) => {
    await using peer = await startPeer();
    const target = `localhost:${peer.port}`;
    await using proxy = await startNetworkProxy({ network: [target] });
    const socket = await openTunnel(proxy, target);
    const said = drain(socket);
    socket.write(text.replaceAll('TARGET', target), 'latin1');
    expect(await said).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(peer.received()).toBe('');
  });

  it('delivers what a server sent before it went, however slowly it is read', async () => {
    const body = randomBytes(3_000_000).toString('hex');
    const server = createTlsServer({ ciphers: 'PSK', maxVersion: 'TLSv1.2', pskCallback: () => key }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(body));
    });
    await using edge = await listening(server);
    await using proxy = await startNetworkProxy({ network: [`localhost:${edge.port}`] });
    const client = beginTls(await openTunnel(proxy, `localhost:${edge.port}`), 'localhost', 'TLSv1.2');
    client.write('all of it');
    let said = '';
    for await (const piece of client) {
      said += String(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(said === body).toBe(true);
  });
});
