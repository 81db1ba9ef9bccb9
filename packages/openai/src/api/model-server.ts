import { startDeadline } from '@baton/adapter-kit';
import { createModelFetch, FailedAnswer, readServerEvents, watchSilence } from '@baton/agent-kit';
import { BatonError, type CallOptions, type Clock, type JsonValue } from '@baton/core';
import { errorOf, findFailure, type ModelTrouble, mapModelError, type Unanswered } from '@baton/model-proxy';
import type { OpenAI } from 'openai';
import { z } from 'zod';

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
  options: { readonly signal: AbortSignal },
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

/** Longer than any silence that is allowed: the time is watched here. */
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
  const fixes = mapFixes(key);
  const map = (error: unknown): ModelTrouble | null =>
    mapModelError(error, { adapter, fixes, key: key?.value ?? null, now: clock.now() });

  return {
    async stream(open, reader, { signal }) {
      signal?.throwIfAborted();
      using silence = watchSilence({ clock, stallMs, adapter, signal });
      try {
        const response = await open(await load(), { signal: silence.signal }).asResponse();
        for await (const event of readServerEvents(response, adapter)) {
          silence.heard();
          if (event.type === 'done') return { type: 'over', isMarked: true };
          const failure = findFailure(event.value, event.type === 'event' ? event.name : null);
          if (failure !== null) throw FailedAnswer.inside(failure);
          if (event.type === 'event') reader.take(event.value);
          else if (reader.takeBody(event.value)) return { type: 'over', isMarked: true };
          else throw notAnAnswer(event.value, adapter);
        }
        silence.signal.throwIfAborted();
        return { type: 'over', isMarked: false };
      } catch (error) {
        silence.signal.throwIfAborted();
        const trouble = map(error);
        if (trouble?.type === 'stop') return { ...trouble, type: 'unanswered' };
        throw trouble?.error ?? error;
      }
    },
    async listModels({ signal }) {
      signal?.throwIfAborted();
      const reason = (): BatonError =>
        new BatonError('UNAVAILABLE', `The model's server said nothing for ${listTimeoutMs / 1_000} seconds.`, {
          details: {},
          adapter,
        });
      using deadline = startDeadline(clock, listTimeoutMs, { reason, signal });
      try {
        const page = await (await load()).models.list({ signal: deadline.signal });
        return models.parse(page.data).map((model) => model.id);
      } catch (error) {
        deadline.signal.throwIfAborted();
        const trouble = map(error);
        throw trouble === null ? error : errorOf(trouble, adapter);
      }
    },
  };
}

/** What mends a failure, in terms of the agent's settings. */
function mapFixes(key: ModelKey | null) {
  const name = key?.name ?? 'the variable that keyEnv names';
  return {
    key: `Put a valid key into ${name}, and check that baseUrl is where it belongs.`,
    credit: 'Add credit to the account of the key, or raise its limit.',
    model: 'Check the name of the model, and whether the key may use it.',
    address: 'Set baseUrl to where the model really answers; it ends before /responses and /chat/completions.',
  };
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
async function loadSdk({ adapter, baseUrl, key }: ModelServerOptions): Promise<OpenAI> {
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
    timeout: sdkTimeoutMs,
    fetch: createModelFetch(adapter, key?.value ?? null),
  });
}

function missingKey(name: string, adapter: string): BatonError {
  return new BatonError('AUTH_FAILED', `The agent ${adapter} has no key: ${name} is not set.`, {
    details: {},
    adapter,
    fix: `Set ${name}, name another variable by keyEnv, or set keyEnv to null for a server that asks for no key.`,
  });
}
