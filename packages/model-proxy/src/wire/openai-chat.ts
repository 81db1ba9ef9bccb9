import type { CallUsage } from '@baton/agent-kit';
import { z } from 'zod';
import { text } from './answer-fields.js';
import type { JsonObject } from './json-object.js';
import { openAiChatRequest } from './openai-chat-request.js';
import { openAiErrorBody, openAiHeaders } from './openai-errors.js';
import { readChatUsage } from './openai-usage.js';
import type { AnswerReader, Protocol, Reading } from './protocol.js';
import { findFailure } from './read-failure.js';

/** A body, or a chunk of a stream. */
const answer = z.looseObject({
  object: text,
  choices: z
    .array(z.looseObject({ finish_reason: text, error: z.json().optional().catch(undefined) }))
    .nullish()
    .catch(null),
});

const request = z.looseObject({
  model: z.string(),
  max_tokens: z.number().nullish(),
  max_completion_tokens: z.number().nullish(),
});

/** OpenAI's Chat Completions, and the many servers that speak them too. */
export const openAiChat: Protocol = {
  basePath: '/v1',
  calls: new Map([['/chat/completions', 'model']]),
  request: openAiChatRequest,
  query: {},
  requestHeaders: openAiHeaders,
  keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
  mapRequest(body) {
    const { model, max_tokens, max_completion_tokens } = request.parse(body);
    // Servers differ in which of the two they heed.
    const told = [max_tokens, max_completion_tokens].filter((each) => typeof each === 'number');
    return { model, maxOutputTokens: told.length === 0 ? null : Math.max(...told), minOutputTokens: 1 };
  },
  prepare(body, cap) {
    const { stream_options } = body;
    const options = typeof stream_options === 'object' && !Array.isArray(stream_options) ? stream_options : {};
    return {
      ...body,
      // A stream tells its figures only to whom they were asked for by.
      ...(body['stream'] === true ? { stream_options: { ...options, include_usage: true } } : {}),
      ...(cap === null ? {} : capped(body, cap)),
    };
  },
  createReader,
  errorBody: openAiErrorBody,
};

const maxima = ['max_tokens', 'max_completion_tokens'] as const;

function capped(body: JsonObject, cap: number): JsonObject {
  const told = maxima.filter((name) => typeof body[name] === 'number');
  const names = told.length === 0 ? (['max_completion_tokens'] as const) : told;
  return Object.fromEntries(names.map((name) => [name, Math.min(cap, Number(body[name] ?? cap))]));
}

function createReader(): AnswerReader {
  let usage: CallUsage | null = null;
  let stop: string | null = null;
  let failed: Reading['failure'] = null;
  return {
    read(value) {
      const parsed = answer.safeParse(value);
      failed = findFailure(value) ?? failed;
      if (!parsed.success) return;
      const { choices } = parsed.data;
      usage = readChatUsage(value) ?? usage;
      stop = choices?.findLast((each) => each.finish_reason)?.finish_reason ?? stop;
      const broken = choices?.find((each) => each.finish_reason === 'error');
      if (broken) failed ??= broken.error ?? {};
    },
    reading: () => ({
      inputTokens: usage?.inputTokens ?? null,
      cachedInputTokens: usage?.cachedInputTokens ?? null,
      surchargeTokens: 0,
      outputTokens: usage?.outputTokens ?? null,
      complete: stop !== null,
      stop,
      failure: failed,
    }),
  };
}
