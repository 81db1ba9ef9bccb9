import Anthropic from '@anthropic-ai/sdk';
import type { CallUsage, ModelClient, ModelReply } from '@baton/agent-kit';
import { BatonError, type Clock } from '@baton/core';
import { type ErrorPlace, isOverflow, mapError } from './map-error.js';
import { mapRequest } from './map-request.js';
import { readReply } from './read-reply.js';
import { watchSilence } from './silence-watch.js';

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
      // The key goes nowhere but where it was meant to.
      fetchOptions: { redirect: 'manual' },
    });
    return made;
  };
  const place = (): ErrorPlace => ({ adapter, model, keyEnv, apiKey, now: clock.now() });

  return {
    model,
    async call(request, { signal, onDelta }) {
      signal?.throwIfAborted();
      const client = connect();
      const silence = watchSilence(clock, options.stallMs, adapter);
      const either = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
      try {
        const { data, response } = await client.messages
          .create(mapRequest(request, model), { signal: either })
          .withResponse();
        checkIsStream(response, adapter);
        const reply = await readReply(data, silence.heard, onDelta ?? (() => {}), adapter);
        // The SDK ends the events of an aborted stream without a word.
        either.throwIfAborted();
        return reply;
      } catch (error) {
        signal?.throwIfAborted();
        silence.signal.throwIfAborted();
        if (isOverflow(error)) return overflow;
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

const overflow: ModelReply = {
  parts: [],
  stop: { unified: 'overflow', raw: 'prompt is too long' },
  usage: nothingUsed,
};

function checkIsStream(response: Response, adapter: string): void {
  const type = response.headers.get('content-type') ?? 'nothing';
  if (type.includes('text/event-stream')) return;
  response.body?.cancel().catch(() => {});
  throw new BatonError(
    'PROTOCOL_VIOLATION',
    `The model's provider answered with ${type.slice(0, 100)}, not with events.`,
    {
      details: { received: type.slice(0, 100) },
      adapter,
      fix: 'Look at baseUrl: something else answers there.',
    },
  );
}
