import type { JsonValue } from '@baton/core';
import { z } from 'zod';
import { failure, text, tokens } from './answer-fields.js';
import { openAiErrorBody, openAiHeaders } from './openai-errors.js';
import type { AnswerReader, JsonObject, Protocol, Reading } from './protocol.js';
import { firstRefusal, refusals } from './refusals.js';

const call = z.looseObject({ function: z.looseObject({ arguments: text }).nullish().catch(null) });
const words = z
  .looseObject({ content: text, reasoning_content: text, tool_calls: z.array(call).nullish().catch(null) })
  .nullish()
  .catch(null);

/** A body, or a chunk of a stream. */
const answer = z.looseObject({
  object: text,
  choices: z
    .array(z.looseObject({ delta: words, message: words, finish_reason: text }))
    .nullish()
    .catch(null),
  usage: z
    .looseObject({
      prompt_tokens: tokens,
      prompt_tokens_details: z.looseObject({ cached_tokens: tokens }).nullish().catch(null),
      prompt_cache_hit_tokens: tokens,
      completion_tokens: tokens,
    })
    .nullish()
    .catch(null),
  error: failure,
});

const request = z.looseObject({
  model: z.string(),
  max_tokens: z.number().positive().nullish(),
  max_completion_tokens: z.number().positive().nullish(),
  n: z.number().int().positive().nullish(),
  service_tier: z.string().nullish(),
  tools: z.array(z.looseObject({ type: z.string() })).nullish(),
  web_search_options: z.unknown().optional(),
});

/** OpenAI's Chat Completions, and the many servers that speak them too. */
export const openAiChat: Protocol = {
  basePath: '/v1',
  calls: new Map([['/chat/completions', 'model']]),
  requestHeaders: openAiHeaders,
  keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
  mapRequest(body) {
    const { model, max_tokens, max_completion_tokens, n, tools, service_tier, web_search_options } =
      request.parse(body);
    const served = tools?.find((tool) => tool.type !== 'function' && tool.type !== 'custom');
    const refusal = firstRefusal([
      [served !== undefined, refusals.served(served?.type)],
      [web_search_options !== undefined && web_search_options !== null, refusals.search],
      [(n ?? 1) > 1, refusals.choices],
      [service_tier === 'priority', refusals.tier],
      [namesAddress(body['messages'] ?? null, 0), refusals.address],
    ]);
    return { model, maxOutputTokens: max_completion_tokens ?? max_tokens ?? null, minOutputTokens: 1, refusal };
  },
  capOutput: (body, cap) =>
    typeof body['max_tokens'] === 'number' ? { ...body, max_tokens: cap } : { ...body, max_completion_tokens: cap },
  createReader,
  errorBody: openAiErrorBody,
};

/** A part whose content stands under an address, other than its own data. */
const addressed = z.looseObject({
  image_url: z.union([z.string(), z.looseObject({ url: z.string() }).transform(({ url }) => url)]),
});

function namesAddress(value: JsonValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > 12) return false;
  if (Array.isArray(value)) return value.some((each: JsonValue) => namesAddress(each, depth + 1));
  const part = addressed.safeParse(value);
  if (part.success && !part.data.image_url.startsWith('data:')) return true;
  const { content } = value as JsonObject;
  return namesAddress(content ?? null, depth + 1);
}

function createReader(): AnswerReader {
  let usage: z.infer<typeof answer>['usage'] = null;
  let characters = 0;
  let stop: string | null = null;
  let failed: Reading['failure'] = null;
  return {
    read(value) {
      const parsed = answer.safeParse(value);
      if (!parsed.success) return;
      const { choices, error } = parsed.data;
      usage = parsed.data.usage ?? usage;
      for (const { delta, message, finish_reason } of choices ?? []) {
        const said = delta ?? message;
        const calls = said?.tool_calls ?? [];
        const inputs = calls.reduce((sum, each) => sum + (each.function?.arguments?.length ?? 0), 0);
        characters += (said?.content?.length ?? 0) + (said?.reasoning_content?.length ?? 0) + inputs;
        stop = finish_reason ?? stop;
      }
      if (error) failed = { type: error.code ?? error.type ?? 'error', message: error.message ?? '' };
    },
    reading: () => ({
      inputTokens: usage?.prompt_tokens ?? null,
      cachedInputTokens:
        usage?.prompt_tokens_details?.cached_tokens ?? usage?.prompt_cache_hit_tokens ?? (usage ? 0 : null),
      surchargeTokens: 0,
      outputTokens: usage?.completion_tokens ?? null,
      characters,
      complete: stop !== null,
      stop,
      failure: failed,
    }),
  };
}
