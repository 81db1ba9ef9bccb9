import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '@baton/core';
import { createAnswerTap } from './answer-tap.js';
import { mapAnswerHeaders, mapRequestHeaders } from './headers.js';
import { mapAnswerError, mapNetworkError, mapStreamError } from './map-error.js';
import type { AdmittedCall } from './meter.js';
import type { TurnRecord } from './model-turn.js';
import type { AnswerReader, Protocol, Reading } from './protocol.js';

/** One call on its way. */
interface ForwardedCall {
  /** Behind the base address, with its query. */
  readonly path: string;
  readonly body: Buffer;
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  /** Null: a call that isn't metered. */
  readonly admitted: AdmittedCall | null;
  readonly turn: TurnRecord;
  readonly signal: AbortSignal;
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
  readonly clock: Clock;
}

/** A connection that is silent for so long is taken for dead. Providers send a sign of life every few seconds. */
const silenceMs = 600_000;
const maxErrorBytes = 65_536;
/** A call that was sent and cut before a word came back may be charged all the same. */
const unanswered: Reading = {
  inputTokens: null,
  cachedInputTokens: null,
  surchargeTokens: 0,
  outputTokens: null,
  characters: 0,
  complete: false,
  stop: null,
  failure: null,
};

/** The endpoint as its settings say. Connects at the first call. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { protocol, baseUrl, key, adapter, clock } = options;
  const isSecure = baseUrl.protocol === 'https:';
  const agent = isSecure ? new https.Agent({ keepAlive: false }) : new http.Agent({ keepAlive: false });
  const base = baseUrl.pathname.replace(/\/+$/, '');

  const send = (call: ForwardedCall): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = {
        ...mapRequestHeaders(call.request.headers, protocol.requestHeaders),
        ...(key === null ? {} : protocol.keyHeaders(key)),
        'content-length': call.body.length,
      };
      const url = new URL(baseUrl.origin);
      const outgoing = (isSecure ? https : http).request(
        url,
        { method: 'POST', path: `${base}${call.path}`, headers, agent, signal: call.signal, timeout: silenceMs },
        resolve,
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('it was silent for too long')));
      outgoing.on('error', reject);
      outgoing.end(call.body);
    });

  const passOnFailure = async (answer: http.IncomingMessage, call: ForwardedCall): Promise<void> => {
    const status = answer.statusCode ?? 502;
    const body = mask(await readSome(answer), key);
    call.turn.failure = mapAnswerError(
      {
        status,
        header: (name) => mapAnswerHeaders(answer.headers, key)[name] ?? null,
        message: readMessage(body),
      },
      adapter,
      clock.now(),
    );
    if (status < 400) {
      answerWith(call.response, 502, protocol, call.turn.failure.message);
      return;
    }
    call.response.writeHead(status, mapAnswerHeaders(answer.headers, key)).end(body);
  };

  const passOn = async (answer: http.IncomingMessage, call: ForwardedCall, reader: AnswerReader): Promise<void> => {
    const isStream = /^text\/event-stream\b/i.test(answer.headers['content-type'] ?? '');
    const tap = createAnswerTap(isStream ? 'events' : 'body', reader, () => record(call, reader.reading()));
    call.response.writeHead(answer.statusCode ?? 200, mapAnswerHeaders(answer.headers, key));
    call.response.flushHeaders();
    await pipeline(answer, tap, call.response, { signal: call.signal });
  };

  const record = (call: ForwardedCall, reading: Reading): void => {
    if (call.admitted === null) return;
    call.admitted.settle(reading);
    call.turn.stop = reading.stop;
    call.turn.failure = reading.failure
      ? mapStreamError(reading.failure, adapter)
      : reading.complete
        ? null
        : mapNetworkError(new Error('the answer ended before its end'), adapter);
  };

  return {
    async forward(call) {
      const { admitted, turn, response, signal } = call;
      const reader = protocol.createReader();
      let answered = false;
      // Once it breaks the agent is cut off too, which looks as if the agent had gone.
      let broken: unknown = null;
      try {
        const answer = await send(call);
        const status = answer.statusCode ?? 502;
        if (status < 200 || status > 299) {
          admitted?.settle(null);
          await passOnFailure(answer, call);
          return;
        }
        answered = true;
        answer.once('error', (error) => {
          if (!signal.aborted) broken = error;
        });
        await passOn(answer, call, reader);
      } catch (error) {
        const isGone = signal.aborted && broken === null;
        // Nobody waits for the answer any more; what was begun is charged.
        if (answered || isGone) admitted?.settle(answered ? reader.reading() : unanswered);
        else admitted?.settle(null);
        if (!isGone) turn.failure = mapNetworkError(broken ?? error, adapter);
        if (response.headersSent || signal.aborted) response.destroy();
        else answerWith(response, 502, protocol, turn.failure?.message ?? 'The connection to the model failed.');
      }
    },
    close: () => agent.destroy(),
  };
}

function answerWith(response: http.ServerResponse, status: number, protocol: Protocol, message: string): void {
  if (response.destroyed) return;
  const body = JSON.stringify(protocol.errorBody(status, message));
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

async function readSome(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxErrorBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxErrorBytes).toString('utf8');
}

/** Where error bodies of all these protocols keep their words. */
function readMessage(body: string): string {
  try {
    const { error } = JSON.parse(body);
    const message: unknown = error?.message ?? error;
    return typeof message === 'string' ? message : '';
  } catch {
    return body.slice(0, 200);
  }
}

/** Some servers quote the key that they refuse. */
function mask(text: string, key: string | null): string {
  return key === null || key === '' ? text : text.replaceAll(key, '[key]');
}
