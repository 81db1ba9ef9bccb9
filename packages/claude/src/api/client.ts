import Anthropic from '@anthropic-ai/sdk';
import { startDeadline } from '@baton/adapter-kit';
import { createModelFetch, FailedAnswer, type ModelClient, readServerEvents, watchSilence } from '@baton/agent-kit';
import { BatonError, type Clock } from '@baton/core';
import { errorOf, findFailure, type ModelTrouble, mapModelError, mapUnanswered } from '@baton/model-proxy';
import { mapRequest } from './map-request.js';
import { createReplyReader } from './read-reply.js';
import { isPing } from './stream-event.js';

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

/** Longer than any silence that is allowed: the time is watched here. */
const sdkTimeoutMs = 2_147_483_647;
const describeTimeoutMs = 15_000;

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
      timeout: sdkTimeoutMs,
      fetch: createModelFetch(adapter, apiKey),
    });
    return made;
  };
  const fixes = {
    key: `Put a valid key into ${keyEnv}.`,
    credit: `Add credit to the account of ${keyEnv}, or raise its limit.`,
    model: `Check that ${model} is the name of a model of the provider, and that the key of ${keyEnv} may use it.`,
    address: 'Set baseUrl to where the model really answers.',
  };
  const map = (error: unknown): ModelTrouble | null =>
    mapModelError(error, { adapter, fixes, key: apiKey, now: clock.now() });

  return {
    model,
    async call(request, { signal, onDelta, onUsage }) {
      signal?.throwIfAborted();
      const client = connect();
      using silence = watchSilence({ clock, stallMs: options.stallMs, adapter, signal });
      try {
        const response = await client.messages
          .create(mapRequest(request, model), { signal: silence.signal })
          .asResponse();
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
          const failure = findFailure(event.value, event.type === 'event' ? event.name : null);
          if (failure !== null) throw FailedAnswer.inside(failure);
          if (event.type === 'event') reader.take(event.value);
          else reader.takeBody(event.value);
        }
        silence.signal.throwIfAborted();
        return reader.end(false);
      } catch (error) {
        silence.signal.throwIfAborted();
        const trouble = map(error);
        if (trouble?.type === 'stop') return mapUnanswered(trouble);
        throw trouble?.error ?? error;
      }
    },
    async describe({ signal }) {
      const reason = (): BatonError =>
        new BatonError('UNAVAILABLE', `The model's provider said nothing for ${describeTimeoutMs / 1_000} seconds.`, {
          details: {},
          adapter,
        });
      using deadline = startDeadline(clock, describeTimeoutMs, { reason, signal });
      try {
        const found = await connect().models.retrieve(model, {}, { signal: deadline.signal });
        return found.display_name ?? model;
      } catch (error) {
        deadline.signal.throwIfAborted();
        const trouble = map(error);
        throw trouble === null ? error : errorOf(trouble, adapter);
      }
    },
  };
}
