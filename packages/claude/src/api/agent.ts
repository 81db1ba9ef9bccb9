import { checkBaseUrl } from '@baton/adapter-kit';
import { createModelAgent, type ModelAgent } from '@baton/agent-kit';
import { BatonError, type Clock, type Diagnosis, type ModelPrice } from '@baton/core';
import { type ClaudeClient, createClaudeClient } from './client.js';

/** How an agent on the Claude API is made. */
export interface ClaudeAgentOptions {
  /** Default `claude`. */
  readonly id?: string;
  /** As the API names it. */
  readonly model: string;
  /** Null: there is none, which the first turn tells. */
  readonly apiKey: string | null;
  /** Where the key comes from, for messages. Default `ANTHROPIC_API_KEY`. */
  readonly keyEnv?: string;
  /** Default: Anthropic's own. */
  readonly baseUrl?: string;
  /** Of one reply, in tokens. Default 16,384. */
  readonly maxOutputTokens?: number;
  /** Of the model, in tokens. Default 200,000. */
  readonly contextWindow?: number;
  /** A reply of which nothing is heard for so long, pings aside, has broken off. Default four minutes. */
  readonly stallMs?: number;
  /** What the model costs. Default null: unknown. */
  readonly price?: ModelPrice | null;
  readonly clock: Clock;
  /** What texts pass before they are kept in the transcript. Default: nothing. */
  readonly mask?: (text: string) => string;
}

/** What holds where neither the options nor the settings say it. */
export const claudeDefaults = {
  id: 'claude',
  keyEnv: 'ANTHROPIC_API_KEY',
  maxOutputTokens: 16_384,
  contextWindow: 200_000,
};
/** Longer than a model thinks in silence, and shorter than the five minutes after which a turn counts as stalled. */
const defaultStallMs = 240_000;
/** Anthropic's list: what is written to the cache for five minutes costs a quarter more than other input. */
const cacheWriteFactor = 1.25;

/** Claude by its API as a coding agent. The key stays in this process: what runs in the sandbox never sees it. */
export function createClaudeAgent(options: ClaudeAgentOptions): ModelAgent {
  const { model, clock, price, apiKey, id = claudeDefaults.id, keyEnv = claudeDefaults.keyEnv } = options;
  const { maxOutputTokens = claudeDefaults.maxOutputTokens, contextWindow = claudeDefaults.contextWindow } = options;
  if (contextWindow < 2 * maxOutputTokens) {
    throw new BatonError('CONFIG_INVALID', `The agent ${id} has no room for its input.`, {
      details: { setting: 'contextWindow' },
      adapter: id,
      fix: 'Set contextWindow to at least twice maxOutputTokens.',
    });
  }
  const secret = apiKey === null ? null : 'key';
  if (options.baseUrl !== undefined) {
    checkBaseUrl(options.baseUrl, { adapter: id, secret, environmentVariable: 'ANTHROPIC_BASE_URL' });
  }
  const client = createClaudeClient({
    adapter: id,
    model,
    apiKey,
    keyEnv,
    baseUrl: options.baseUrl ?? null,
    stallMs: options.stallMs ?? defaultStallMs,
    clock,
  });
  return {
    ...createModelAgent({
      ...{ id, client, clock, cacheWriteFactor, contextWindow, maxOutputTokens },
      price: price ?? null,
      ...(options.mask && { mask: options.mask }),
    }),
    diagnose: (call) => diagnose(client, call?.signal),
  };
}

/** Asks for the model's description, which spends no tokens. */
async function* diagnose(client: ClaudeClient, signal: AbortSignal | undefined): AsyncGenerator<Diagnosis> {
  const check = 'model';
  try {
    const name = await client.describe(signal ? { signal } : {});
    yield { check, ok: true, detail: `${name} can be used with this key.`, fix: null };
  } catch (error) {
    if (!BatonError.is(error)) throw error;
    yield { check, ok: false, detail: error.message, fix: error.fix ?? null };
  }
}
