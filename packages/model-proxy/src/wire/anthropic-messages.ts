import { z } from 'zod';
import { text } from './answer-fields.js';
import { anthropicBetas, anthropicRequest } from './anthropic-request.js';
import { createAnthropicUsageReader } from './anthropic-usage.js';
import type { AnswerReader, Protocol, Reading } from './protocol.js';
import { findFailure } from './read-failure.js';

/**
 * Surcharges on tokens that are written to the cache, as shares of an input token's price: a quarter for five
 * minutes, the whole again for an hour (Anthropic's documentation of prompt caching).
 */
const surcharge = { fiveMinutes: 0.25, hour: 1 } as const;

/** A body, or any event of a stream. */
const answer = z.looseObject({
  type: text,
  message: z.looseObject({ usage: z.unknown().optional() }).nullish().catch(null),
  usage: z.unknown().optional(),
  stop_reason: text,
  delta: z.looseObject({ stop_reason: text }).nullish().catch(null),
});

const request = z.looseObject({
  model: z.string(),
  max_tokens: z.number().nullish(),
  thinking: z.looseObject({ budget_tokens: z.number().nullish() }).nullish(),
});

/** Anthropic's Messages: https://docs.anthropic.com/en/api/messages. */
export const anthropicMessages: Protocol = {
  basePath: '',
  calls: new Map([
    ['/v1/messages', 'model'],
    ['/v1/messages/count_tokens', 'count'],
  ]),
  request: anthropicRequest,
  query: { 'beta=true': 'Clients send it along with the header of that name.' },
  requestHeaders: { 'anthropic-version': /^\d{4}-\d\d-\d\d$/, 'anthropic-beta': anthropicBetas },
  keyHeaders: (key) => ({ 'x-api-key': key }),
  mapRequest(body) {
    const { model, max_tokens, thinking } = request.parse(body);
    // What is meant for thinking has to be less than the whole.
    return { model, maxOutputTokens: max_tokens ?? null, minOutputTokens: (thinking?.budget_tokens ?? 0) + 1 };
  },
  prepare: (body, cap) => (cap === null ? body : { ...body, max_tokens: cap }),
  createReader,
  errorBody: (status, message) => ({
    type: 'error',
    error: { type: errorTypes.get(status) ?? 'invalid_request_error', message },
  }),
};

const errorTypes: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [413, 'request_too_large'],
  [502, 'api_error'],
]);

function createReader(): AnswerReader {
  const usage = createAnthropicUsageReader();
  let complete = false;
  let stop: string | null = null;
  let failed: Reading['failure'] = null;

  return {
    read(value) {
      const parsed = answer.safeParse(value);
      failed = findFailure(value) ?? failed;
      if (!parsed.success) return;
      const { type, message, delta } = parsed.data;
      usage.hear(message?.usage);
      usage.hear(parsed.data.usage);
      stop = delta?.stop_reason ?? parsed.data.stop_reason ?? stop;
      if (type === 'message_stop' || type === 'message') complete = true;
    },
    reading() {
      const { inputTokens, cachedInputTokens, outputTokens, cacheWriteTokens = 0, hourWriteTokens } = usage.read();
      const surchargeTokens =
        (cacheWriteTokens - hourWriteTokens) * surcharge.fiveMinutes + hourWriteTokens * surcharge.hour;
      return { inputTokens, cachedInputTokens, surchargeTokens, outputTokens, complete, stop, failure: failed };
    },
  };
}
