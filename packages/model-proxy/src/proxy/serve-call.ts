import type { IncomingMessage, ServerResponse } from 'node:http';
import { gatherPieces } from '@baton/adapter-kit';
import { findStrangeHeader, readPresentedKey } from '../wire/headers.js';
import type { CallKind, Protocol } from '../wire/protocol.js';
import { spell } from '../wire/shape.js';
import { type JudgedCall, judgeBody, type Refusal } from './judge-body.js';
import type { TurnRecord } from './model-turn.js';
import type { ProxyBounds } from './proxy-bounds.js';
import type { Semaphore } from './semaphore.js';
import type { Upstream } from './upstream.js';

/** What calls are judged by. */
export interface CallGate {
  readonly protocol: Protocol;
  readonly upstream: Upstream;
  /** Which models may be asked. Null: any. */
  readonly models: readonly string[] | null;
  /** What is let through beyond what the protocol's lists hold, by name. */
  readonly allow: ReadonlySet<string>;
  readonly bounds: ProxyBounds;
  /** How many calls are under way at once, and so how many bodies are held. */
  readonly slots: Semaphore;
  isPlaceholder(presented: string): boolean;
  /** Null between two turns. */
  turn(): TurnRecord | null;
}

/** Serves one request from inside: refuses it, or passes it on and meters it. Never rejects. */
export async function serveCall(gate: CallGate, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  // Whoever breaks a connection harms that connection.
  for (const stream of [request, response]) stream.on('error', () => response.destroy());
  try {
    await serve(gate, request, response, gone.signal);
  } catch {
    // The client has gone, or the turn is over.
    response.destroy();
  }
}

async function serve(
  gate: CallGate,
  request: IncomingMessage,
  response: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  const refuse = ({ status, message, name }: Refusal): void => {
    if (name !== null) gate.turn()?.refusals.add(name);
    if (response.destroyed || response.headersSent) return;
    const body = JSON.stringify(gate.protocol.errorBody(status, message, name));
    // Heeded by the clients of both vendors; the status alone would do for most.
    const headers = { 'content-type': 'application/json', 'x-should-retry': 'false', connection: 'close' };
    response.writeHead(status, headers).end(body);
    request.resume();
  };

  const authorized = authorizeRequest(gate, request);
  if ('message' in authorized) return refuse(authorized);
  const { turn, kind, path } = authorized;
  const signal = AbortSignal.any([gone, turn.signal]);
  const release = await gate.slots.take(signal);
  try {
    const bytes = await readBody(request, gate.bounds.requestBytes);
    const call = bytes === null ? tooLong(gate.bounds) : judgeBody(gate, bytes, kind);
    if ('message' in call) return refuse(call);
    signal.throwIfAborted();
    const admitted = turn.meter.admit({ ...call.request, kind, bytes: bytes?.length ?? 0 });
    if (typeof admitted === 'string') {
      const message = `This turn has come to its limit (${admitted}). End here; nothing more is answered.`;
      return refuse({ status: 403, message, name: null });
    }
    const body = writeBody(gate.protocol, call, admitted.outputCap);
    await gate.upstream.forward({ path, body, request, response, kind, admitted, turn, gone });
  } finally {
    release();
  }
}

/** Written anew, so that the provider can't read what was judged in another way: a key that stands there twice. */
function writeBody(protocol: Protocol, call: JudgedCall, cap: number | null): Buffer {
  return Buffer.from(JSON.stringify(call.kind === 'count' ? call.body : protocol.prepare(call.body, cap)));
}

/** Whether the request is of whom, to where and at a time that it should be. */
function authorizeRequest(
  gate: CallGate,
  request: IncomingMessage,
): Refusal | { readonly turn: TurnRecord; readonly kind: CallKind; readonly path: string } {
  const presented = readPresentedKey(request.headers);
  if (presented === null || !gate.isPlaceholder(presented)) {
    return { status: 401, message: 'The key is not the one that this job was given.', name: 'key' };
  }
  const [path = '', query] = (request.url ?? '').split('?', 2);
  const host = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '');
  const { basePath, calls } = gate.protocol;
  const known = path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : '';
  const kind = request.method === 'POST' ? calls.get(known) : undefined;
  if (!host || kind === undefined) {
    const asked = `${request.method} ${spell(path)}`;
    const name = host ? `path=${request.method}:${spell(path)}` : 'host';
    return { status: 403, message: `${asked} is not among what this job may ask for.`, name };
  }
  const flaw = findStrangeQuery(gate, query ?? '') ?? findStrangeHead(gate, request);
  if (flaw !== null) return flaw;
  const turn = gate.turn();
  if (turn === null) return { status: 403, message: 'No turn is under way.', name: null };
  return { turn, kind, path: query === undefined ? known : `${known}?${query}` };
}

function findStrangeQuery({ protocol, allow }: CallGate, query: string): Refusal | null {
  const strange = query
    .split('&')
    .find((each) => each !== '' && !Object.hasOwn(protocol.query, each) && !allow.has(`?${spell(each)}`));
  if (strange === undefined) return null;
  const name = `?${spell(strange)}`;
  return { status: 400, message: `${name} is not let through: the query is not known here.`, name };
}

function findStrangeHead({ protocol, allow }: CallGate, request: IncomingMessage): Refusal | null {
  if (request.headers['content-encoding'] !== undefined) {
    return { status: 415, message: 'Requests are taken uncompressed only.', name: 'content-encoding' };
  }
  const strange = findStrangeHeader(request.headers, protocol.requestHeaders, allow);
  if (strange === null) return null;
  return { status: 400, message: `${strange.name} is not let through. ${strange.why}`, name: strange.name };
}

function tooLong(bounds: ProxyBounds): Refusal {
  return { status: 413, message: `A request may have at most ${bounds.requestBytes} bytes.`, name: 'size' };
}

/** Null where it is longer than it may be. */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return null;
  const pieces = gatherPieces();
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    pieces.add(piece);
    if (pieces.size > limit) return null;
  }
  return pieces.whole();
}
