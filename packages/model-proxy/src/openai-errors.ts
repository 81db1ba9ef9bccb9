import type { JsonValue } from '@baton/core';

/** Headers of a request that OpenAI's protocols pass on. */
export const openAiHeaders: readonly string[] = ['openai-beta'];

/** An error in the shape of OpenAI's protocols. */
export function openAiErrorBody(status: number, message: string): JsonValue {
  const type = status === 401 ? 'authentication_error' : status >= 500 ? 'server_error' : 'invalid_request_error';
  return { error: { message, type, param: null, code: status === 401 ? 'invalid_api_key' : null } };
}
