import { BatonError, type CallOptions, type Clock } from '@baton/core';
import type { OpenAI } from 'openai';
import { z } from 'zod';
import { createBoundedFetch } from './bounded-fetch.js';
import { type Failure, mapFailure, type Unanswered } from './map-error.js';

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
) => PromiseLike<AsyncIterable<unknown>>;

/** A server that speaks one of OpenAI's protocols. */
export interface ModelServer {
  /**
   * Asks once, and hands each event of the answer to `take`, which may throw. Null: the answer came to its end.
   * Rejects as `ModelClient.call` does.
   */
  stream(open: OpenStream, take: (event: unknown) => void, options: CallOptions): Promise<Unanswered | null>;
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
    async stream(open, take, { signal }) {
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
        const events = await open(await load(), { signal: either, maxRetries: 0, timeout: sdkTimeoutMs });
        for await (const event of events) {
          heardAt = clock.monotonic();
          take(event);
        }
        // The SDK ends an aborted stream without a word.
        either.throwIfAborted();
        return null;
      } catch (error) {
        signal?.throwIfAborted();
        if (silent.signal.aborted) throw stalled(stallMs, adapter);
        const failure = map(error);
        if (failure.type === 'stop') return failure;
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

const models = z.array(z.looseObject({ id: z.string() })).catch([]);

/** Loaded with the first call: it is large, and much of what Baton does needs no model. */
async function loadSdk({ baseUrl, key }: ModelServerOptions): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    baseURL: baseUrl,
    apiKey: key?.value ?? 'none',
    ...(key === null ? { defaultHeaders: { Authorization: null } } : {}),
    // What isn't named here the SDK would read from the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    fetch: createBoundedFetch(),
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
