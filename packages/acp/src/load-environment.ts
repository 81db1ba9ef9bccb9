import type { ModelProtocol } from '@baton/model-proxy';

/** The address by which the whole machine reaches the provider, or null. Not a secret: it would be searched for in diffs. */
export function loadBaseUrl(protocol: ModelProtocol): string | null {
  const variable = protocol === 'anthropic-messages' ? 'ANTHROPIC_BASE_URL' : 'OPENAI_BASE_URL';
  return process.env[variable]?.trim() || null;
}
