import type { CallUsage } from '@baton/agent-kit';
import { z } from 'zod';
import { text } from './answer-fields.js';
import { openAiErrorBody, openAiHeaders } from './openai-errors.js';
import { openAiResponsesRequest } from './openai-responses-request.js';
import { readResponsesUsage } from './openai-usage.js';
import type { AnswerReader, Protocol, Reading } from './protocol.js';
import { findFailure } from './read-failure.js';

const response = z.looseObject({
  status: text,
  error: z.json().optional().catch(undefined),
  incomplete_details: z.looseObject({ reason: text }).nullish().catch(null),
});

const event = z.looseObject({
  object: text,
  response: response.nullish().catch(null),
});

const request = z.looseObject({ model: z.string(), max_output_tokens: z.number().nullish() });

/** OpenAI's Responses: https://platform.openai.com/docs/api-reference/responses. */
export const openAiResponses: Protocol = {
  basePath: '/v1',
  calls: new Map([['/responses', 'model']]),
  request: openAiResponsesRequest,
  query: {},
  requestHeaders: openAiHeaders,
  keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
  mapRequest(body) {
    const { model, max_output_tokens } = request.parse(body);
    return { model, maxOutputTokens: max_output_tokens ?? null, minOutputTokens: 1 };
  },
  // Where nothing is said of it, the provider keeps the answer.
  prepare: (body, cap) => ({
    ...body,
    store: body['store'] ?? false,
    ...(cap === null ? {} : { max_output_tokens: cap }),
  }),
  createReader,
  errorBody: openAiErrorBody,
};

function createReader(): AnswerReader {
  let last: z.infer<typeof response> | null = null;
  let usage: CallUsage | null = null;
  let failed: Reading['failure'] = null;
  const take = (found: z.infer<typeof response>): void => {
    last = found;
    usage = readResponsesUsage(found);
    if (found.status === 'failed') failed = found.error ?? {};
  };
  return {
    read(value) {
      const parsed = event.safeParse(value);
      failed = findFailure(value) ?? failed;
      if (!parsed.success) return;
      const { object } = parsed.data;
      if (parsed.data.response) take(parsed.data.response);
      if (object === 'response') take(response.parse(value));
    },
    reading: () => ({
      inputTokens: usage?.inputTokens ?? null,
      cachedInputTokens: usage?.cachedInputTokens ?? null,
      surchargeTokens: 0,
      outputTokens: usage?.outputTokens ?? null,
      complete: last?.status === 'completed' || last?.status === 'incomplete' || last?.status === 'failed',
      stop: last?.incomplete_details?.reason ?? last?.status ?? null,
      failure: failed,
    }),
  };
}
