import Anthropic, { APIError } from '@anthropic-ai/sdk';
import {
  type CallUsage,
  type ModelClient,
  type ModelReply,
  ownHeaders,
  readServerEvents,
  untoldUsage,
} from '@baton/agent-kit';
import { BatonError, type Clock } from '@baton/core';
import { createStreamError, type ErrorPlace, isOverflow, mapError } from './map-error.js';
import { mapRequest } from './map-request.js';
import { createReplyReader } from './read-reply.js';
import { watchSilence } from './silence-watch.js';
import { findFailure, isPing } from './stream-event.js';

/** How a client of the Messages API is made. */
export interface ClaudeClientOptions {
  readonly adapter: string;
  readonly model: string;
  readonly apiKey: string | null;
  readonly keyEnv: string;
  readonly baseUrl: string | null;
  readonly stallMs: number;
  readonly clock: Clock;
}

/** A client of the Messages API, and how to look at the model without asking it. */
export interface ClaudeClient extends ModelClient {
  /** What the provider calls the model. Rejects as `call` does. */
  describe(options: { readonly signal?: AbortSignal }): Promise<string>;
}

const nothingUsed: CallUsage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

/** Opens no connection before the first call. */
export function createClaudeClient(options: ClaudeClientOptions): ClaudeClient {
  const { adapter, model, apiKey, keyEnv, clock } = options;
  let made: Anthropic | null = null;
  const connect = (): Anthropic => {
    if (apiKey === null || apiKey === '') {
      throw new BatonError('AUTH_FAILED', `There is no key for the agent ${adapter}: ${keyEnv} is not set.`, {
        details: {},
        adapter,
        fix: `Put a key into ${keyEnv}.`,
      });
    }
    made ??= new Anthropic({
      apiKey,
      authToken: null,
      baseURL: options.baseUrl,
      maxRetries: 0,
      logLevel: 'off',
      // The key goes nowhere but where it was meant to, and nothing beside it.
      fetch: (input, init) => fetch(input, { ...init, redirect: 'manual', headers: ownHeaders(init?.headers, apiKey) }),
    });
    return made;
  };
  const place = (): ErrorPlace => ({ adapter, model, keyEnv, apiKey, now: clock.now() });

  return {
    model,
    async call(request, { signal, onDelta, onUsage }) {
      signal?.throwIfAborted();
      const client = connect();
      const silence = watchSilence(clock, options.stallMs, adapter);
      const either = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
      try {
        const response = await client.messages.create(mapRequest(request, model), { signal: either }).asResponse();
        const reader = createReplyReader({
          adapter,
          request,
          onDelta: onDelta ?? (() => {}),
          onUsage: onUsage ?? (() => {}),
        });
        for await (const event of readServerEvents(response, adapter)) {
          if (isPing(event)) continue;
          silence.heard();
          if (event.type === 'done') return reader.end(true);
          const failure = findFailure(event);
          if (failure !== null) throw createStreamError(failure);
          if (event.type === 'event') reader.take(event.value);
          else reader.takeBody(event.value);
        }
        either.throwIfAborted();
        return reader.end(false);
      } catch (error) {
        signal?.throwIfAborted();
        silence.signal.throwIfAborted();
        if (isOverflow(error)) return overflow(error);
        throw mapError(error, place());
      } finally {
        silence.end();
      }
    },
    async describe({ signal }) {
      try {
        const found = await connect().models.retrieve(model, {}, { ...(signal ? { signal } : {}), timeout: 15_000 });
        return found.display_name ?? model;
      } catch (error) {
        signal?.throwIfAborted();
        throw mapError(error, place());
      }
    },
  };
}

/** Refused before it was worked on it costs nothing; inside an answer nobody says what it cost. */
function overflow(error: unknown): ModelReply {
  const isFree = error instanceof APIError && error.status !== undefined;
  return {
    parts: [],
    stop: { unified: 'overflow', raw: 'prompt is too long' },
    usage: isFree ? nothingUsed : untoldUsage,
  };
}
