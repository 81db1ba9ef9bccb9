import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { messageOf } from '@baton/core';
import { createFaultQueue, type FaultMatch, type HttpFault, writeAnswer } from './server-fault.js';
import { fieldOf, type HttpAnswer, type HttpRequest, json, type LoggedRequest, textField } from './server-message.js';
import { createRouter, type HttpRoutes } from './server-routes.js';

/** What a fake host is made of. */
export interface HttpServerParts {
  readonly routes: HttpRoutes;
  /** Asked before the route, which its answer then stands for: credentials, quota. Null lets the request through. */
  readonly before?: (request: HttpRequest) => HttpAnswer | null;
  /** Changes every answer: headers of the quota. `counted` is false for a 304. */
  readonly after?: (answer: HttpAnswer, request: HttpRequest, counted: boolean) => HttpAnswer;
  /** Takes a request over, body and all, where it returns a promise: git. */
  readonly raw?: (request: IncomingMessage, url: URL, response: ServerResponse) => Promise<void> | null;
}

/** What every fake host has. */
export interface HttpServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  readonly origin: string;
  /** Every request to the interface so far, in order. */
  readonly requests: readonly LoggedRequest[];
  /** What no route or operation was there for, and what failed inside. Each was answered 599. */
  readonly unexpected: readonly string[];
  /** The next requests that match fail so. */
  failNext(fault: HttpFault, match?: FaultMatch): void;
  clearFaults(): void;
  /** Faults that no request has met yet. */
  waitingFaults(): readonly FaultMatch[];
  /** Ends every connection. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts a server on the loopback interface, at a port of its own. JSON answers to GET carry an `etag`. */
export async function createHttpServer(parts: HttpServerParts): Promise<HttpServer> {
  const find = createRouter(parts.routes);
  const faults = createFaultQueue();
  const requests: LoggedRequest[] = [];
  const unexpected: string[] = [];

  const handle = async (request: HttpRequest, shown: string): Promise<HttpAnswer> => {
    const route = find(request.method, request.path);
    if (route === null) {
      unexpected.push(shown);
      return json({ message: `The fake has no route for ${shown}.` }, 599);
    }
    try {
      return await route.handler({ ...request, params: route.params });
    } catch (error) {
      unexpected.push(`${shown}: ${messageOf(error)}`);
      return json({ message: `The fake failed at ${shown}.` }, 599);
    }
  };
  const answer = async (wire: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
  }): Promise<void> => {
    const url = new URL(wire.request.url ?? '/', 'http://loopback');
    const taken = parts.raw?.(wire.request, url, wire.response);
    if (taken) return taken;
    const request = await read(wire.request, url);
    const path = `${url.pathname}${url.search}`;
    const operation = textField(request.body, 'query') === null ? null : operationOf(request.body);
    const shown = `${request.method} ${path}${operation === null ? '' : ` (${operation})`}`;
    const fault = faults.take({ method: request.method, path, operation });
    const refused = parts.before?.(request) ?? null;
    const reached = fault?.kind !== 'answer' && fault?.kind !== 'reset' && fault?.kind !== 'html';
    let plain = fault?.kind === 'answer' ? fault : (refused ?? (reached ? await handle(request, shown) : json(null)));
    if (fault?.kind === 'change') plain = fault.change(plain, request);
    const tagged = tag(plain, request);
    const counted = tagged.status !== 304;
    const final = parts.after?.(tagged, request, counted) ?? tagged;
    requests.push({ method: request.method, path, status: final.status, operation, counted });
    writeAnswer(final, fault, wire);
  };

  const server = createServer((request, response) => {
    answer({ request, response }).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The fake host has no port.');
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closing;
  };
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    unexpected,
    failNext: (fault, match = {}) => faults.add(fault, match),
    clearFaults: faults.clear,
    waitingFaults: faults.waiting,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The name of a GraphQL operation: as the request says it, else as the document does. */
function operationOf(body: unknown): string {
  const named = fieldOf(body, 'operationName');
  if (typeof named === 'string') return named;
  return /\b(?:query|mutation)\s+(\w+)/.exec(textField(body, 'query') ?? '')?.[1] ?? 'unnamed';
}

function tag(answer: HttpAnswer, request: HttpRequest): HttpAnswer {
  if (request.method !== 'GET' || answer.status !== 200 || typeof answer.body !== 'object') return answer;
  // Pages that look the same but lead elsewhere are not the same.
  const content = JSON.stringify([answer.body, answer.headers?.['link'] ?? '']);
  const etag = `W/"${createHash('sha256').update(content).digest('hex')}"`;
  const headers = { ...answer.headers, etag };
  return request.headers['if-none-match'] === etag ? { status: 304, headers } : { ...answer, headers };
}

async function read(message: IncomingMessage, url: URL): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const headers = Object.entries(message.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    params: {},
    query: url.searchParams,
    headers: Object.fromEntries(headers),
    body: parse(text),
  };
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
