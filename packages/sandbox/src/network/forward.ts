import { type ClientRequestArgs, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import { writeEndpoint } from './endpoint.js';
import type { Way } from './find-way.js';
import { httpPort } from './read-asked.js';

/** Of one connection only, so never forwarded (RFC 9110, 7.6.1). Node writes its own of each. */
const hopByHop = [
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
/** Asks in the client's place, on a new connection, and hands the answer back. Never throws: what fails ends the response. */
export function forward(
  message: IncomingMessage,
  response: ServerResponse,
  way: Way & { readonly kind: 'open' },
  options: { readonly path: string; keep(socket: Duplex): void },
): void {
  const { host, port } = way.endpoint;
  const isChunked = message.headers['transfer-encoding'] !== undefined;
  const wanted: ClientRequestArgs = {
    host: host.text,
    port,
    lookup: way.lookup,
    method: message.method ?? 'GET',
    path: options.path,
    headers: {
      ...endToEnd(message),
      host: writeEndpoint(way.endpoint, httpPort),
      ...(isChunked ? { 'transfer-encoding': 'chunked' } : {}),
    },
    agent: false,
  };
  // What Node won't write, of what it has read, it tells by throwing.
  attempt(response, () => {
    const outgoing = request(wanted, (answer) =>
      attempt(response, () => {
        response.writeHead(answer.statusCode ?? 0, endToEnd(answer));
        pipeline(answer, response, () => undefined);
      }),
    );
    outgoing.on('socket', options.keep);
    outgoing.on('error', () => fail(response));
    // Of what isn't answered by a message, as with a change of protocol, nothing else tells.
    outgoing.on('close', () => {
      if (!response.headersSent) fail(response);
    });
    response.once('close', () => outgoing.destroy());
    pipeline(message, outgoing, () => undefined);
  });
}

function endToEnd({ headers }: IncomingMessage): Record<string, string | string[]> {
  const named = (headers.connection ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    // It says where a body ends: without it Node writes the body of a GET as if it were the next request.
    .filter((name) => name !== 'content-length');
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): [string, string | string[]][] =>
      value === undefined || hopByHop.includes(name) || named.includes(name) ? [] : [[name, value]],
    ),
  );
}

function attempt(response: ServerResponse, work: () => void): void {
  try {
    work();
  } catch {
    fail(response);
  }
}

function fail(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(502).end();
}
