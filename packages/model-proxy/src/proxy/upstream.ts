import * as http from 'node:http';
import * as https from 'node:https';
import { gatherPieces } from '@baton/adapter-kit';
import { mapConnectionError } from '@baton/agent-kit';
import type { Clock } from '@baton/core';
import { mapAnswerHeaders, mapRequestHeaders } from '../wire/headers.js';
import type { KeyMask } from '../wire/mask-key.js';
import type { AnswerReader, CallKind, Protocol, Reading } from '../wire/protocol.js';
import type { AdmittedCall } from './call-meter.js';
import { mapAnswerError, mapStreamError } from './map-error.js';
import type { TurnRecord } from './model-turn.js';
import { watchPatience } from './patience.js';
import type { ProxyBounds } from './proxy-bounds.js';
import { createUsageTap } from './usage-tap.js';

/** One call on its way. */
interface ForwardedCall {
  /** Behind the base address, with its query. */
  readonly path: string;
  readonly body: Buffer;
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly kind: CallKind;
  readonly admitted: AdmittedCall;
  readonly turn: TurnRecord;
  /** Aborts when the agent has hung up. */
  readonly gone: AbortSignal;
}

/** The one endpoint. */
export interface Upstream {
  /** Passes a call on, streams its answer back, settles it and records how it went. Never rejects. */
  forward(call: ForwardedCall): Promise<void>;
  close(): void;
}

/** What an endpoint is made of. */
export interface UpstreamOptions {
  readonly adapter: string;
  readonly protocol: Protocol;
  readonly baseUrl: URL;
  readonly key: string | null;
  readonly mask: KeyMask;
  readonly bounds: ProxyBounds;
  readonly clock: Clock;
}

/** Of a call that reached the provider, and of whose answer nothing is known. */
const untold: Reading = {
  inputTokens: null,
  cachedInputTokens: null,
  surchargeTokens: 0,
  outputTokens: null,
  complete: false,
  stop: null,
  failure: null,
};
/** A gateway's words for: somebody behind me was asked, and what came of it I don't know. */
const unheard: ReadonlySet<number> = new Set([502, 504, 524]);

/** The endpoint as its settings say. Connects at the first call. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { protocol, baseUrl, key, mask, bounds, adapter, clock } = options;
  const isSecure = baseUrl.protocol === 'https:';
  const agent = isSecure ? new https.Agent({ keepAlive: false }) : new http.Agent({ keepAlive: false });
  const base = baseUrl.pathname.replace(/\/+$/, '');

  /** `onSent`: from here on the provider may work on it. */
  const send = (call: ForwardedCall, signal: AbortSignal, onSent: () => void): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = {
        ...mapRequestHeaders(call.request.headers, protocol.requestHeaders),
        ...(key === null ? {} : protocol.keyHeaders(key)),
        'content-length': call.body.length,
      };
      const outgoing = (isSecure ? https : http).request(
        new URL(baseUrl.origin),
        { method: 'POST', path: `${base}${call.path}`, headers, agent, signal, timeout: bounds.silenceMs },
        resolve,
      );
      outgoing.on('socket', (socket) => socket.once(isSecure ? 'secureConnect' : 'connect', onSent));
      outgoing.on('timeout', () => outgoing.destroy(new Error('it was silent for too long')));
      outgoing.on('error', reject);
      // Whatever else came in place of an answer.
      outgoing.on('close', () => reject(new Error('the connection was closed')));
      outgoing.end(call.body);
    });

  const passOnFailure = async (answer: http.IncomingMessage, call: ForwardedCall): Promise<void> => {
    const status = answer.statusCode ?? 502;
    const headers = mapAnswerHeaders(answer.headers, mask.mask);
    const body = mask.mask(isCompressed(answer) ? '' : await readSome(answer, bounds.errorBytes));
    answer.destroy();
    const failed = { status, header: (name: string) => headers[name] ?? null, body };
    call.turn.failure = mapAnswerError(failed, adapter, clock.now());
    if (status < 400) answerWith(call.response, protocol, call.turn.failure.message);
    else if (!call.response.destroyed) call.response.writeHead(status, headers).end(body);
  };

  const passOn = async (answer: http.IncomingMessage, call: ForwardedCall, reader: AnswerReader): Promise<void> => {
    const { response, gone } = call;
    const isStream = /^text\/event-stream\b/i.test(answer.headers['content-type'] ?? '');
    const tap = createUsageTap(isStream ? 'events' : 'body', reader);
    const masked = mask.stream();
    const take = async (text: string): Promise<void> => {
      // Read as it was masked: what is told of it further on holds no key either. In latin1 a byte is a character.
      tap.push(text);
      if (!response.destroyed && !response.write(text, 'latin1')) await untilRoom(response);
    };
    if (!response.destroyed) {
      response.writeHead(answer.statusCode ?? 200, mapAnswerHeaders(answer.headers, mask.mask));
      response.flushHeaders();
    }
    let size = 0;
    let drained = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (gone.aborted) drained += chunk.length;
      if (size > bounds.answerBytes || drained > bounds.drainBytes) throw new Error('the answer was too long');
      await take(masked.push(chunk.toString('latin1')));
    }
    await take(masked.end());
    tap.end();
    record(call, reader.reading());
    response.end();
  };

  const record = (call: ForwardedCall, reading: Reading): void => {
    call.admitted.settle(reading);
    if (call.kind === 'count') return;
    call.turn.stop = reading.stop;
    call.turn.failure =
      reading.failure !== null
        ? mapStreamError(reading.failure, adapter, clock.now())
        : reading.complete
          ? null
          : mapConnectionError(new Error('the answer ended before its end'), adapter);
  };

  return {
    async forward(call) {
      const { admitted, turn, response, gone } = call;
      const reader = protocol.createReader();
      const patience = watchPatience({ gone, over: turn.signal, response, bounds });
      let reached = false;
      try {
        const answer = await send(call, patience.signal, () => {
          reached = true;
        });
        answer.on('error', () => {});
        const status = answer.statusCode ?? 502;
        if (status < 200 || status > 299) {
          admitted.settle(unheard.has(status) ? untold : null);
          await passOnFailure(answer, call);
        } else if (isCompressed(answer)) {
          answer.destroy();
          throw new Error('the answer was compressed, which was not asked for');
        } else await passOn(answer, call, reader);
      } catch (error) {
        // Once it was asked, nobody knows what the provider did with it.
        admitted.settle(reached ? reader.reading() : null);
        if (!patience.isOver()) turn.failure = mapConnectionError(error, adapter);
        if (response.headersSent || response.destroyed) response.destroy();
        else answerWith(response, protocol, turn.failure?.message ?? 'The connection to the model failed.');
      } finally {
        patience.end();
      }
    },
    close: () => agent.destroy(),
  };
}

function answerWith(response: http.ServerResponse, protocol: Protocol, message: string): void {
  if (response.destroyed) return;
  const body = JSON.stringify(protocol.errorBody(502, message, null));
  response.writeHead(502, { 'content-type': 'application/json' }).end(body);
}

/** What is compressed can be neither read along nor searched for the key, and grows beyond what was taken. */
function isCompressed(answer: http.IncomingMessage): boolean {
  return !/^(?:identity)?$/i.test(answer.headers['content-encoding']?.trim() ?? '');
}

/** Resolves once more may be written, or nobody is there to read it. */
async function untilRoom(response: http.ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
    if (response.destroyed) done();
  });
}

async function readSome(answer: http.IncomingMessage, limit: number): Promise<string> {
  const pieces = gatherPieces();
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.add(piece);
    if (pieces.size > limit) break;
  }
  return pieces.whole().subarray(0, limit).toString('utf8');
}
