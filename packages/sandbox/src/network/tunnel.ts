import { connect } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import type { RefusedConnection } from '@baton/core';
import { asksForSecondHello, beginsTls, type ClientHello, readClientHello } from './client-hello.js';
import type { Endpoint } from './endpoint.js';
import type { Way } from './find-way.js';
import { peek } from './peek.js';

/** Where TLS is spoken, and nothing else. */
const tlsPort = 443;
/** A fatal alert, `unrecognized_name` (RFC 6066, 3): the client can say what went wrong. */
const alert = Buffer.from([21, 3, 3, 0, 2, 2, 112]);

/** What a tunnel does with what is none of its business. */
export interface TunnelEnds {
  /** Takes over a connection in which HTTP seems to be spoken. */
  serveHttp(client: Duplex, endpoint: Endpoint): void;
  /** Called for every further connection that is opened. */
  keep(socket: Duplex): void;
  /** Told of a connection that was granted, and then used to ask for something else. */
  refuse(refused: RefusedConnection): void;
}

/**
 * Carries TLS to the host that was judged, and only once its hello was seen to ask for that very host: behind one
 * address there may be many others. What speaks plain HTTP is judged request by request. Nothing else passes.
 */
export async function openTunnel(
  client: Duplex,
  way: Way & { readonly kind: 'open' },
  ends: TunnelEnds,
): Promise<void> {
  const { host, port } = way.endpoint;
  const other: RefusedConnection = { host: host.text, port, reason: 'other-host' };
  // Half open, so that what a server sent before it went is still delivered.
  const server = connect({ host: host.text, port, lookup: way.lookup, allowHalfOpen: true });
  ends.keep(server);
  client.once('close', () => server.destroy());
  const isConnected = await new Promise<boolean>((resolve) => {
    server.once('connect', () => resolve(true)).once('close', () => resolve(false));
  });
  if (!isConnected) {
    client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    return;
  }
  const cut = (): void => void client.destroy();
  server.once('close', cut);
  client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  const first = await peek(client, (bytes) => ({ isTls: beginsTls(bytes) }));
  if (first === null || (!first.isTls && port === tlsPort)) {
    if (first !== null) ends.refuse(other);
    client.destroy();
    return;
  }
  if (!first.isTls) {
    server.off('close', cut).destroy();
    ends.serveHttp(client, way.endpoint);
    return;
  }
  const pass = async (which: 'first' | 'second'): Promise<boolean> => {
    const hello = await peek(client, (bytes) => settled(readClientHello(bytes, which)));
    const wanted = host.kind === 'name' ? [host.text] : [null, host.text];
    if (hello?.kind === 'hello' && wanted.includes(hello.serverName)) {
      server.write(client.read(hello.length));
      return true;
    }
    if (hello !== null) ends.refuse(other);
    server.off('close', cut).destroy();
    if (which === 'first') client.end(alert);
    else client.destroy();
    return false;
  };
  if (!(await pass('first'))) return;
  // A server may want another hello, which counts in place of the first.
  const answer = await peek(server, (bytes) => {
    const isRetry = asksForSecondHello(bytes);
    return isRetry === null ? null : { isRetry };
  });
  if (answer === null) return;
  server.off('close', cut);
  pipeline(server, client, () => undefined);
  if (answer.isRetry && !(await pass('second'))) return;
  pipeline(client, server, () => undefined);
}

function settled(hello: ClientHello): (ClientHello & { readonly kind: 'hello' | 'unreadable' }) | null {
  return hello.kind === 'incomplete' ? null : hello;
}
