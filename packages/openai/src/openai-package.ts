import type { AdapterHost, AdapterPackage, CodingAgent } from '@baton/core';
import { z } from 'zod';
import { agentId, mapSettings, mapSettingsSchema, variableName } from './agent-settings.js';
import { loadBaseUrl } from './load-environment.js';
import { createOpenAiAgent } from './openai-agent.js';

const settings = z.strictObject({
  id: agentId,
  model: z.string().min(1).describe('As the server names it.'),
  api: z
    .enum(['responses', 'chat'])
    .exactOptional()
    .describe('responses: OpenAI. chat: servers that speak Chat Completions. Default: responses.'),
  baseUrl: z.url().exactOptional().describe('Default: OPENAI_BASE_URL, or else https://api.openai.com/v1.'),
  keyEnv: variableName
    .nullable()
    .exactOptional()
    .describe('The environment variable that holds the key; null: none is asked for. Default: OPENAI_API_KEY.'),
  maxOutputTokens: z.int().min(256).exactOptional().describe('Of one reply. Default: 16384, with chat 8192.'),
  contextWindow: z.int().min(4_096).exactOptional().describe('In tokens. Default: 200000, with chat 32768.'),
});

/** Serves `use: openai`: a model behind OpenAI's API or a compatible one. */
export const openaiPackage: AdapterPackage = {
  id: 'openai',
  settingsSchema: mapSettingsSchema(settings),
  connect: (shared, host) => {
    mapSettings(settings.partial(), shared, 'openai');
    return { agent: (own) => createAgent(mapSettings(settings, { ...shared, ...own }, 'openai'), host) };
  },
};

function createAgent(
  { baseUrl, keyEnv = 'OPENAI_API_KEY', ...rest }: z.output<typeof settings>,
  host: AdapterHost,
): CodingAgent {
  const address = baseUrl ?? loadBaseUrl();
  return createOpenAiAgent({
    ...rest,
    ...(address === null ? {} : { baseUrl: address }),
    keyEnv,
    apiKey: keyEnv === null ? null : host.secret(keyEnv),
    price: host.price(rest.model),
    clock: host.runtime.clock,
    mask: (text) => host.mask(text),
  });
}
