import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonValue } from '@baton/core';
import { readPresentedKey } from './headers.js';
import type { TurnRecord } from './model-turn.js';
import type { JsonObject, Protocol } from './protocol.js';
import type { Slots } from './slots.js';
import type { Upstream } from './upstream.js';

/** What calls are judged by. */
export interface CallDesk {
  readonly protocol: Protocol;
  readonly upstream: Upstream;
  /** Which models may be asked. Null: any. */
  readonly models: readonly string[] | null;
  readonly maxRequestBytes: number;
  /** How many calls are under way at once, and so how many bodies are held. */
  readonly slots: Slots;
  isPlaceholder(presented: string): boolean;
  /** Null between two turns. */
  turn(): TurnRecord | null;
}

/** Why a call is not passed on. */
interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Serves one request from inside: refuses it, or passes it on and meters it. Never rejects. */
export async function serveCall(desk: CallDesk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const refuse = ({ status, message }: Refusal): void => {
    if (response.destroyed || response.headersSent) return;
    const body = JSON.stringify(desk.protocol.errorBody(status, message));
    // Heeded by the clients of both vendors; the status alone would do for most.
    const headers = { 'content-type': 'application/json', 'x-should-retry': 'false', connection: 'close' };
    response.writeHead(status, headers).end(body);
    request.resume();
  };

  const door = judgeDoor(desk, request);
  if ('message' in door) {
    refuse(door);
    return;
  }
  const { turn, kind, path } = door;
  const signal = AbortSignal.any([gone.signal, turn.signal]);
  const release = await desk.slots.take(signal).catch(() => null);
  if (release === null) {
    response.destroy();
    return;
  }
  try {
    const bytes = await readBody(request, desk.maxRequestBytes);
    if (bytes === null) {
      refuse({ status: 413, message: `A request may have at most ${desk.maxRequestBytes} bytes.` });
      return;
    }
    const call = judgeBody(desk, bytes);
    if ('message' in call) {
      refuse(call);
      return;
    }
    signal.throwIfAborted();
    const admitted = kind === 'free' ? null : turn.meter.admit({ ...call.request, bytes: bytes.length });
    if (typeof admitted === 'string') {
      refuse({
        status: 403,
        message: `This turn has come to its limit (${admitted}). End here; nothing more is answered.`,
      });
      return;
    }
    const cap = admitted?.outputCap ?? null;
    const asked = cap === null ? call.body : desk.protocol.capOutput(call.body, cap);
    // Written anew, so that the provider can't read what was judged in another way: a key that stands there twice.
    const body = Buffer.from(JSON.stringify(asked));
    await desk.upstream.forward({ path, body, request, response, admitted, turn, signal });
  } catch {
    // The client has gone, or the turn is over.
    response.destroy();
  } finally {
    release();
  }
}

/** Whether the request is of whom, to where and at a time that it should be. */
function judgeDoor(
  desk: CallDesk,
  request: IncomingMessage,
): Refusal | { readonly turn: TurnRecord; readonly kind: 'model' | 'free'; readonly path: string } {
  const presented = readPresentedKey(request.headers);
  if (presented === null || !desk.isPlaceholder(presented)) {
    return { status: 401, message: 'The key is not the one that this job was given.' };
  }
  const [path = '', query] = (request.url ?? '').split('?', 2);
  const host = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '');
  const { basePath, calls } = desk.protocol;
  const known = path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : '';
  const kind = request.method === 'POST' ? calls.get(known) : undefined;
  if (!host || kind === undefined) {
    return { status: 403, message: `${request.method} ${clip(path)} is not among what this job may ask for.` };
  }
  if (request.headers['content-encoding'] !== undefined) {
    return { status: 415, message: 'Requests are taken uncompressed only.' };
  }
  const turn = desk.turn();
  if (turn === null) return { status: 403, message: 'No turn is under way.' };
  return { turn, kind, path: query === undefined ? known : `${known}?${query}` };
}

function judgeBody(
  desk: CallDesk,
  bytes: Buffer,
): Refusal | { readonly body: JsonObject; readonly request: ReturnType<Protocol['mapRequest']> } {
  try {
    const body: JsonValue = JSON.parse(bytes.toString('utf8'));
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new TypeError('no object');
    const request = desk.protocol.mapRequest(body as JsonObject);
    if (desk.models !== null && !desk.models.includes(request.model)) {
      return { status: 403, message: `The model ${clip(request.model)} is not among those that this job may use.` };
    }
    if (request.refusal !== null) return { status: 400, message: request.refusal };
    return { body: body as JsonObject, request };
  } catch {
    return { status: 400, message: 'The request is not what this protocol asks for.' };
  }
}

/** Null where it is longer than it may be. */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function clip(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
