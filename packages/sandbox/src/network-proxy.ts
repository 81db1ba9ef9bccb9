import { lookup } from 'node:dns/promises';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createAllowedHosts, isInternalAddress } from './allowed-hosts.js';
import { createOwnedDirectory } from './owned-directory.js';

/** An HTTP proxy of the host that reaches the named hosts and no others. */
export interface NetworkProxy extends AsyncDisposable {
  readonly socketPath: string;
}

/** The addresses of a name; none where there are none. */
type FindAddresses = (host: string) => Promise<readonly string[]>;

const findAddresses: FindAddresses = async (host) =>
  (await lookup(host, { all: true }).catch(() => [])).map(({ address }) => address);

/** Of one connection only, so never forwarded (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  'connection',
  'proxy-connection',
  'proxy-authorization',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
]);

/**
 * Listens on a Unix socket in a directory that only this user can enter. Names are looked up here: inside there
 * is no DNS to carry anything out by. Disposal cuts every connection.
 */
export async function startNetworkProxy(
  hosts: readonly string[],
  find: FindAddresses = findAddresses,
): Promise<NetworkProxy> {
  const allowed = createAllowedHosts(hosts);
  const directory = await createOwnedDirectory();
  const socketPath = join(directory, 'proxy.sock');
  const open = new Set<Duplex>();
  const keep = (socket: Duplex): void => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => open.delete(socket));
  };

  /** Where a connection goes: a lookup that gives only what is allowed. Null where nothing is. */
  const resolve = async (host: string, port: number): Promise<LookupFunction | null> => {
    const permit = allowed.find(host, port);
    if (permit === null) return null;
    const addresses = (await find(host)).filter((address) => permit.anyAddress || !isInternalAddress(address));
    if (addresses.length === 0) return null;
    return (_host, _options, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: isIP(address) })),
      );
  };

  const tunnel = async (message: IncomingMessage, client: Duplex, head: Buffer): Promise<void> => {
    const [, name = '', port = ''] = /^(.+):(\d{1,5})$/.exec(message.url ?? '') ?? [];
    const host = withoutBrackets(name);
    const only = await resolve(host, Number(port));
    if (client.destroyed) return;
    if (only === null) {
      client.end(`HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n\r\n${refusal(host)}`);
      return;
    }
    const server: Socket = connect({ host, port: Number(port), lookup: only });
    let connected = false;
    server.once('connect', () => {
      connected = true;
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      server.write(head);
      server.pipe(client).pipe(server);
    });
    server.once('close', () => {
      if (connected) client.destroy();
      else client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    client.once('close', () => server.destroy());
    keep(server);
  };

  const forward = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = URL.parse(message.url ?? '');
    const host = withoutBrackets(url?.hostname ?? '');
    const port = Number(url?.port || 80);
    const only = url?.protocol === 'http:' ? await resolve(host, port) : null;
    if (response.destroyed) return;
    if (url === null || only === null) {
      response.writeHead(403, { 'content-type': 'text/plain' }).end(refusal(host));
      return;
    }
    const headers = Object.fromEntries(Object.entries(message.headers).filter(([name]) => !hopByHop.has(name)));
    const path = `${url.pathname}${url.search}`;
    const outgoing = request(
      {
        host,
        port,
        lookup: only,
        method: message.method ?? 'GET',
        path,
        headers: { ...headers, host: url.host },
        agent: false,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    outgoing.on('socket', keep);
    outgoing.on('error', () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    });
    response.once('close', () => outgoing.destroy());
    message.pipe(outgoing);
  };

  const server = createServer((message, response) => void forward(message, response));
  server.on('connection', keep);
  server.on('connect', (message, client, head) => void tunnel(message, client, head));
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(socketPath, done);
  });
  return {
    socketPath,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      for (const socket of open) socket.destroy();
      await closed;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function refusal(host: string): string {
  return `${host} isn't among the hosts that this job may reach.\n`;
}

/** As `URL` and CONNECT write IPv6 addresses. */
function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
