import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { refusePipelining } from '@baton/adapter-kit';
import type { RefusedConnection, SandboxPolicy } from '@baton/core';
import { createOwnedDirectory } from '../files/owned-directory.js';
import { createAllowedHosts } from './allowed-hosts.js';
import { type Endpoint, parseEndpoint } from './endpoint.js';
import { type FindAddresses, findAddresses, findWay, type Way } from './find-way.js';
import { forward } from './forward.js';
import { readAsked } from './read-asked.js';
import { openTunnel } from './tunnel.js';

/** An HTTP proxy of the host that reaches the named hosts and no others. */
export interface NetworkProxy extends AsyncDisposable {
  readonly socketPath: string;
}

type Declined = Exclude<Way, { readonly kind: 'open' }>;

/** Each takes descriptors of the daemon, which all jobs share. */
const mostConnections = 256;
const unreadable: Way & { readonly kind: 'refused' } = {
  kind: 'refused',
  sentence: "What was asked for can't be read in one way only, so it isn't reached.",
  refused: { host: null, port: null, reason: 'unreadable' },
};

/**
 * Listens on a Unix socket in a directory that only this user can enter. Names are looked up here: inside there
 * is no DNS to carry anything out by. Disposal cuts every connection.
 */
export async function startNetworkProxy(
  policy: Pick<SandboxPolicy, 'network' | 'onRefused'>,
  find: FindAddresses = findAddresses,
): Promise<NetworkProxy> {
  const allowed = createAllowedHosts(policy.network);
  const refuse = (refused: RefusedConnection): void => policy.onRefused?.(refused);
  const directory = await createOwnedDirectory();
  const socketPath = join(directory, 'proxy.sock');
  const open = new Set<Duplex>();
  const keep = (socket: Duplex): void => {
    if (open.has(socket)) return;
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => open.delete(socket));
  };
  /** Where tunnels lead in which HTTP is spoken. */
  const tunnels = new WeakMap<Duplex, Endpoint>();
  const tunnel = async (message: IncomingMessage, client: Duplex, head: Buffer): Promise<void> => {
    const endpoint = tunnels.has(client) ? null : parseEndpoint(message.url ?? '', null);
    const way = endpoint === null ? unreadable : await findWay(endpoint, allowed, find);
    if (client.destroyed) return;
    if (way.kind !== 'open') {
      if (way.kind === 'refused') refuse(way.refused);
      const status = way.kind === 'refused' ? '403 Forbidden' : '502 Bad Gateway';
      client.end(`HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${way.sentence}\n`);
      return;
    }
    if (head.length > 0) client.unshift(head);
    await openTunnel(client, way, {
      serveHttp(socket, leadsTo) {
        tunnels.set(socket, leadsTo);
        server.emit('connection', socket);
      },
      keep,
      refuse,
    });
  };

  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const each of [message, response]) each.on('error', () => response.destroy());
    const within = tunnels.get(message.socket) ?? null;
    const asked = readAsked(message, within);
    if (asked === null) {
      refuse(
        within === null ? unreadable.refused : { host: within.host.text, port: within.port, reason: 'other-host' },
      );
      return decline(response, unreadable);
    }
    const way = await findWay(asked.endpoint, allowed, find);
    if (response.destroyed) return;
    if (way.kind === 'refused') refuse(way.refused);
    if (way.kind !== 'open') return decline(response, way);
    forward(message, response, way, { path: asked.path, keep });
  };

  const server = createServer(
    refusePipelining((message, response) => {
      answer(message, response).catch(() => response.destroy());
    }),
  );
  server.maxConnections = mostConnections;
  server.on('connection', keep);
  server.on('connect', (message, client, head) => {
    tunnel(message, client, head).catch(() => client.destroy());
  });
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

function decline(response: ServerResponse, { kind, sentence }: Declined): void {
  response.writeHead(kind === 'refused' ? 403 : 502, { 'content-type': 'text/plain' }).end(`${sentence}\n`);
}
