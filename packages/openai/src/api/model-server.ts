import { readServerEvents } from '@baton/agent-kit';
import { BatonError, type CallOptions, type Clock, type JsonValue } from '@baton/core';
import type { OpenAI } from 'openai';
import { z } from 'zod';
import { createBoundedFetch } from './bounded-fetch.js';
import { createStreamFailure, type Failure, mapFailure, type Unanswered } from './map-error.js';

/** The key of a server, by the name of its environment variable. */
interface ModelKey {
  readonly name: string;
  /** Null where the variable is missing: the first call then says so. */
  readonly value: string | null;
}

/** Where a model answers. */
export interface ModelServerOptions {
  /** `id` of the agent, for errors. */
  readonly adapter: string;
  /** Ends before `/responses` and `/chat/completions`: `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Null: the server asks for none. */
  readonly key: ModelKey | null;
  /** Without an event for so long, an answer is given up. Node itself gives up a body after 300,000. */
  readonly stallMs: number;
  readonly clock: Clock;
}

/** One request, made by the SDK. */
export type OpenStream = (
  sdk: OpenAI,
  options: { readonly signal: AbortSignal; readonly maxRetries: 0; readonly timeout: number },
) => { asResponse(): Promise<Response> };

/** Who reads an answer. Both may throw what it tells of a failure. */
export interface AnswerReader {
  take(event: JsonValue): void;
  /** An answer in one body. False: it is none. */
  takeBody(body: JsonValue): boolean;
}

/** How an answer ended: it is over, with or without the mark that says so, or there is none. */
export type StreamEnd =
  | { readonly type: 'over'; readonly isMarked: boolean }
  | ({ readonly type: 'unanswered' } & Unanswered);

/** A server that speaks one of OpenAI's protocols. */
export interface ModelServer {
  /**
   * Asks once, and hands the answer to `reader`. Rejects as `ModelClient.call` does: also by an error that stands in
   * an answer which had begun well.
   */
  stream(open: OpenStream, reader: AnswerReader, options: CallOptions): Promise<StreamEnd>;
  /** Names of the models that the server says it has. Rejects in the same way. */
  listModels(options: CallOptions): Promise<readonly string[]>;
}

/** Longer than any silence that is allowed: it is this file that watches the time. */
const sdkTimeoutMs = 2_147_483_647;
const listTimeoutMs = 15_000;

/** A server. Does no input or output before it is asked. */
export function createModelServer(options: ModelServerOptions): ModelServer {
  const { adapter, key, clock, stallMs } = options;
  let loading: Promise<OpenAI> | null = null;
  const load = (): Promise<OpenAI> => {
    if (key !== null && key.value === null) throw missingKey(key.name, adapter);
    loading ??= loadSdk(options);
    return loading;
  };
  const map = (error: unknown): Failure => mapFailure(error, { adapter, key: key?.value ?? null, now: clock.now() });

  return {
    async stream(open, reader, { signal }) {
      signal?.throwIfAborted();
      const over = new AbortController();
      const silent = new AbortController();
      const either = AbortSignal.any(signal ? [silent.signal, signal] : [silent.signal]);
      let heardAt = clock.monotonic();
      watchSilence(clock, () => heardAt + stallMs, over.signal).then(
        () => silent.abort(),
        () => {},
      );
      try {
        const init = { signal: either, maxRetries: 0, timeout: sdkTimeoutMs } as const;
        const response = await open(await load(), init).asResponse();
        for await (const event of readServerEvents(response, adapter)) {
          heardAt = clock.monotonic();
          if (event.type === 'done') return { type: 'over', isMarked: true };
          const failure = findFailure(event.value, event.type === 'event' && event.name === 'error');
          if (failure !== null) throw createStreamFailure(failure);
          if (event.type === 'event') reader.take(event.value);
          else if (reader.takeBody(event.value)) return { type: 'over', isMarked: true };
          else throw notAnAnswer(event.value, adapter);
        }
        either.throwIfAborted();
        return { type: 'over', isMarked: false };
      } catch (error) {
        signal?.throwIfAborted();
        if (silent.signal.aborted) throw stalled(stallMs, adapter);
        const failure = map(error);
        if (failure.type === 'stop') return { type: 'unanswered', stop: failure.stop, isFree: failure.isFree };
        throw failure.error;
      } finally {
        over.abort();
      }
    },
    async listModels({ signal }) {
      signal?.throwIfAborted();
      try {
        const sdk = await load();
        const page = await sdk.models.list({ timeout: listTimeoutMs, maxRetries: 0, ...(signal ? { signal } : {}) });
        return models.parse(page.data).map((model) => model.id);
      } catch (error) {
        signal?.throwIfAborted();
        const failure = map(error);
        if (failure.type === 'error') throw failure.error;
        const message = `The server doesn't say which models it has: ${failure.stop.raw}.`;
        throw new BatonError('PROTOCOL_VIOLATION', message, { details: { received: failure.stop.raw }, adapter });
      }
    },
  };
}

const failing = z.looseObject({ error: z.json().optional() });

/** What an event tells of a failure, beside what the protocol itself has for it. */
function findFailure(value: JsonValue, isNamed: boolean): JsonValue {
  // Google's comes in a list.
  const { error = null } = failing.catch({}).parse(Array.isArray(value) ? value[0] : value);
  return error ?? (isNamed ? value : null);
}

function notAnAnswer(value: JsonValue, adapter: string): BatonError {
  return new BatonError('PROTOCOL_VIOLATION', "The model's server answered with JSON that is no answer of a model.", {
    details: { received: JSON.stringify(value).slice(0, 200).toWellFormed() },
    adapter,
    fix: 'Check baseUrl: it ends before /responses and /chat/completions.',
  });
}

const models = z.array(z.looseObject({ id: z.string() })).catch([]);

/** Loaded with the first call: it is large, and much of what Baton does needs no model. */
async function loadSdk({ baseUrl, key }: ModelServerOptions): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    baseURL: baseUrl,
    apiKey: key?.value ?? 'none',
    // What isn't named here the SDK would read from the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    fetch: createBoundedFetch(key?.value ?? null),
  });
}

/** Resolves once `dueAt` has passed. It may move on meanwhile. */
async function watchSilence(clock: Clock, dueAt: () => number, signal: AbortSignal): Promise<void> {
  for (let left = dueAt() - clock.monotonic(); left > 0; left = dueAt() - clock.monotonic()) {
    await clock.sleep(left, { signal });
  }
}

function missingKey(name: string, adapter: string): BatonError {
  return new BatonError('AUTH_FAILED', `The agent ${adapter} has no key: ${name} is not set.`, {
    details: {},
    adapter,
    fix: `Set ${name}, name another variable by keyEnv, or set keyEnv to null for a server that asks for no key.`,
  });
}

function stalled(stallMs: number, adapter: string): BatonError {
  return new BatonError('UNAVAILABLE', `The model said nothing for ${Math.round(stallMs / 1000)} s.`, {
    details: {},
    adapter,
  });
}
