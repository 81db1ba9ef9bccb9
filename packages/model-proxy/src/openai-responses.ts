import type { JsonValue } from '@baton/core';
import { z } from 'zod';
import { failure, text, tokens } from './answer-fields.js';
import { openAiErrorBody, openAiHeaders } from './openai-errors.js';
import type { AnswerReader, JsonObject, Protocol, Reading } from './protocol.js';
import { firstRefusal, refusals } from './refusals.js';

const response = z.looseObject({
  status: text,
  usage: z
    .looseObject({
      input_tokens: tokens,
      input_tokens_details: z.looseObject({ cached_tokens: tokens }).nullish().catch(null),
      output_tokens: tokens,
    })
    .nullish()
    .catch(null),
  error: failure,
  incomplete_details: z.looseObject({ reason: text }).nullish().catch(null),
});

const event = z.looseObject({
  type: text,
  object: text,
  delta: text,
  code: text,
  message: text,
  response: response.nullish().catch(null),
});

const request = z.looseObject({
  model: z.string(),
  max_output_tokens: z.number().positive().nullish(),
  background: z.boolean().nullish(),
  service_tier: z.string().nullish(),
  tools: z.array(z.looseObject({ type: z.string() })).nullish(),
});

/** Tools that the client runs. All others run at the provider's. */
const clientTools: ReadonlySet<string> = new Set([
  'function',
  'custom',
  'namespace',
  'tool_search',
  'local_shell',
  'shell',
  'apply_patch',
  'computer',
  'computer_use_preview',
]);

/** OpenAI's Responses: https://platform.openai.com/docs/api-reference/responses. */
export const openAiResponses: Protocol = {
  basePath: '/v1',
  calls: new Map([['/responses', 'model']]),
  requestHeaders: openAiHeaders,
  keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
  mapRequest(body) {
    const { model, max_output_tokens, background, tools, service_tier } = request.parse(body);
    const served = [...(tools ?? []), ...toolsIn(body['tools'] ?? null, 0), ...toolsIn(body['input'] ?? null, 0)].find(
      (tool) => !clientTools.has(tool.type),
    );
    const refusal = firstRefusal([
      [served !== undefined, refusals.served(served?.type)],
      [background === true, refusals.background],
      [service_tier === 'priority', refusals.tier],
      [namesAddress(body['input'] ?? null, 0), refusals.address],
    ]);
    return { model, maxOutputTokens: max_output_tokens ?? null, minOutputTokens: 1, refusal };
  },
  capOutput: (body, cap) => ({ ...body, max_output_tokens: cap }),
  createReader,
  errorBody: openAiErrorBody,
};

/** Tools that an item of the conversation brings along, as Codex does, those of its namespaces included. */
function toolsIn(value: JsonValue, depth: number): readonly { readonly type: string }[] {
  if (typeof value !== 'object' || value === null || depth > 12) return [];
  if (Array.isArray(value)) return value.flatMap((each: JsonValue) => toolsIn(each, depth + 1));
  const { tools } = value as JsonObject;
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool: JsonValue) => {
    const { type } = (typeof tool === 'object' && tool !== null ? tool : {}) as JsonObject;
    return [{ type: typeof type === 'string' ? type : 'unnamed' }, ...toolsIn(tool, depth + 1)];
  });
}

/** Whether an image or a file of the conversation stands under an address, other than its own data. */
function namesAddress(value: JsonValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > 12) return false;
  if (Array.isArray(value)) return value.some((each: JsonValue) => namesAddress(each, depth + 1));
  const item = value as JsonObject;
  const addresses = [item['image_url'], item['file_url']];
  if (addresses.some((each) => typeof each === 'string' && !each.startsWith('data:'))) return true;
  return [item['content'], item['output']].some((each) => namesAddress(each ?? null, depth + 1));
}

function createReader(): AnswerReader {
  let last: z.infer<typeof response> | null = null;
  let characters = 0;
  let failed: Reading['failure'] = null;
  const take = (found: z.infer<typeof response>): void => {
    last = found;
    if (found.status !== 'failed') return;
    failed = { type: found.error?.code ?? found.error?.type ?? 'failed', message: found.error?.message ?? '' };
  };
  return {
    read(value) {
      const parsed = event.safeParse(value);
      if (!parsed.success) return;
      const { type, object, delta, code, message } = parsed.data;
      characters += (delta ?? '').length;
      if (parsed.data.response) take(parsed.data.response);
      if (object === 'response') take(response.parse(value));
      if (type === 'error') failed = { type: code ?? 'error', message: message ?? '' };
    },
    reading: () => ({
      inputTokens: last?.usage?.input_tokens ?? null,
      cachedInputTokens: last?.usage?.input_tokens_details?.cached_tokens ?? (last?.usage ? 0 : null),
      surchargeTokens: 0,
      outputTokens: last?.usage?.output_tokens ?? null,
      characters,
      complete: last?.status === 'completed' || last?.status === 'incomplete' || last?.status === 'failed',
      stop: last?.incomplete_details?.reason ?? last?.status ?? null,
      failure: failed,
    }),
  };
}
