import type { JsonValue } from '@baton/core';
import type { HeaderRule } from './headers.js';

/** Headers of a request that OpenAI's protocols pass on. */
export const openAiHeaders: Readonly<Record<string, HeaderRule>> = {
  'openai-beta': { 'responses=experimental': 'Named Responses before they were released.' },
};

/** An error in the shape of OpenAI's protocols. `field`: which part of the request it is about. */
export function openAiErrorBody(status: number, message: string, field: string | null): JsonValue {
  const type = status === 401 ? 'authentication_error' : status >= 500 ? 'server_error' : 'invalid_request_error';
  return { error: { message, type, param: field, code: status === 401 ? 'invalid_api_key' : null } };
}
