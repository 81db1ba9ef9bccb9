import { checkBaseUrl } from '@baton/adapter-kit';
import { createModelAgent, type ModelAgent, type ModelClient } from '@baton/agent-kit';
import { BatonError, type Clock, type Diagnosis, type ModelPrice } from '@baton/core';
import { createChatClient } from './chat-client.js';
import { createModelServer, type ModelServer } from './model-server.js';
import { createResponsesClient } from './responses-client.js';

/** How an agent on one of OpenAI's APIs is made. */
export interface OpenAiAgentOptions {
  /** Default `openai`. */
  readonly id?: string;
  /** As the server names it. */
  readonly model: string;
  /** `responses`: OpenAI's own. `chat`: Chat Completions, which compatible servers speak. Default `responses`. */
  readonly api?: 'responses' | 'chat';
  /** Ends before `/responses` and `/chat/completions`. Default `https://api.openai.com/v1`. */
  readonly baseUrl?: string;
  /** Null: there is none, which the first turn tells, unless `keyEnv` is null. */
  readonly apiKey: string | null;
  /** Where the key comes from, for messages. Null: the server asks for none. Default `OPENAI_API_KEY`. */
  readonly keyEnv?: string | null;
  /** Of one reply, in tokens. Default 16,384 with `responses`, 8,192 with `chat`. */
  readonly maxOutputTokens?: number;
  /** Of the model, in tokens. Default 200,000 with `responses`, 32,768 with `chat`. */
  readonly contextWindow?: number;
  /** A reply of which nothing is heard for so long, comments aside, has broken off. Default and most: 300,000. */
  readonly stallMs?: number;
  /** What the model costs. Default null: unknown. */
  readonly price?: ModelPrice | null;
  readonly clock: Clock;
  /** What texts pass before they are kept in the transcript. Default: nothing. */
  readonly mask?: (text: string) => string;
}

/** What holds where neither the options nor the settings say it. */
export const openAiDefaults = {
  id: 'openai',
  api: 'responses',
  baseUrl: 'https://api.openai.com/v1',
  keyEnv: 'OPENAI_API_KEY',
} as const;

/** As well, by API. */
export const tokenDefaults = {
  responses: { maxOutputTokens: 16_384, contextWindow: 200_000 },
  chat: { maxOutputTokens: 8_192, contextWindow: 32_768 },
} as const;
const defaultStallMs = 300_000;

/** A model behind OpenAI's API, or a compatible one, as a coding agent. The key stays in this process. */
export function createOpenAiAgent(options: OpenAiAgentOptions): ModelAgent {
  const { model, clock, id = openAiDefaults.id, api = openAiDefaults.api } = options;
  const { baseUrl = openAiDefaults.baseUrl, keyEnv = openAiDefaults.keyEnv } = options;
  const { maxOutputTokens = tokenDefaults[api].maxOutputTokens } = options;
  const { contextWindow = tokenDefaults[api].contextWindow } = options;
  if (contextWindow < 2 * maxOutputTokens) {
    throw new BatonError('CONFIG_INVALID', `The agent ${id} has no room for its input.`, {
      details: { setting: 'contextWindow' },
      adapter: id,
      fix: 'Set contextWindow to at least twice maxOutputTokens.',
    });
  }
  const secret = keyEnv === null || options.apiKey === null ? null : 'key';
  checkBaseUrl(baseUrl, { adapter: id, secret, environmentVariable: 'OPENAI_BASE_URL' });
  const server = createModelServer({
    adapter: id,
    baseUrl,
    key: keyEnv === null ? null : { name: keyEnv, value: options.apiKey },
    stallMs: Math.min(options.stallMs ?? defaultStallMs, defaultStallMs),
    clock,
  });
  const create = api === 'chat' ? createChatClient : createResponsesClient;
  const client: ModelClient = create({ adapter: id, model, server });
  return {
    ...createModelAgent({
      ...{ id, client, clock, contextWindow, maxOutputTokens },
      price: options.price ?? null,
      ...(options.mask && { mask: options.mask }),
    }),
    diagnose: (call) => diagnose(server, model, call?.signal),
  };
}

/** Asks which models there are, which spends no tokens. */
async function* diagnose(
  server: ModelServer,
  model: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Diagnosis> {
  const check = 'model';
  try {
    const models = await server.listModels(signal ? { signal } : {});
    // Some servers list nothing, or answer under any name.
    const isThere = models.length === 0 || models.some((each) => each === model || each === `${model}:latest`);
    yield isThere
      ? { check, ok: true, detail: `The server answers${models.length === 0 ? '' : ` and has ${model}`}.`, fix: null }
      : {
          check,
          ok: false,
          detail: `The server doesn't list ${model}, only ${mapList(models)}.`,
          fix: 'Set model to a name that the server lists.',
        };
  } catch (error) {
    if (!BatonError.is(error)) throw error;
    yield { check, ok: false, detail: error.message, fix: error.fix ?? null };
  }
}

function mapList(models: readonly string[]): string {
  const rest = models.length - 5;
  return `${models.slice(0, 5).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
