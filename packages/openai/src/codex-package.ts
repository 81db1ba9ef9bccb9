import type { AdapterHost, AdapterPackage, CodingAgent } from '@baton/core';
import { z } from 'zod';
import { agentId, mapSettings, mapSettingsSchema, variableName } from './agent-settings.js';
import { createCodexAgent } from './codex-agent.js';
import { loadBaseUrl } from './load-environment.js';

const settings = z.strictObject({
  id: agentId,
  program: z.string().min(1).exactOptional().describe('Name or absolute path of Codex. Default: codex.'),
  model: z.string().min(1).exactOptional().describe('One that Codex knows. Default: what Codex chooses.'),
  baseUrl: z.url().exactOptional().describe('Default: OPENAI_BASE_URL, or else https://api.openai.com/v1.'),
  keyEnv: variableName
    .nullable()
    .exactOptional()
    .describe('The environment variable that holds the key; null: none is asked for. Default: OPENAI_API_KEY.'),
  allow: z
    .array(z.string().min(1))
    .exactOptional()
    .describe(
      'What the agent may ask of its model beyond what Baton knows, by the names that refusals tell. Default: nothing.',
    ),
});

/** Serves `use: codex`: Codex in the sandbox, its model behind a proxy. */
export const codexPackage: AdapterPackage = {
  id: 'codex',
  settingsSchema: mapSettingsSchema(settings),
  connect: (shared, host) => {
    mapSettings(settings, shared, 'codex');
    return { agent: (own) => createAgent(mapSettings(settings, { ...shared, ...own }, 'codex'), host) };
  },
};

function createAgent(
  { baseUrl, keyEnv = 'OPENAI_API_KEY', ...rest }: z.output<typeof settings>,
  host: AdapterHost,
): CodingAgent {
  const address = baseUrl ?? loadBaseUrl();
  return createCodexAgent({
    ...rest,
    ...(address === null ? {} : { baseUrl: address }),
    keyEnv,
    key: keyEnv === null ? null : host.secret(keyEnv),
    price: host.price,
    sandbox: host.sandbox,
    clock: host.runtime.clock,
  });
}
