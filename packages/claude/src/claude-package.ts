import { type AdapterHost, type AdapterPackage, type AdapterSettings, BatonError } from '@baton/core';
import { z } from 'zod';
import { createClaudeAgent } from './claude-agent.js';
import { loadBaseUrl } from './load-environment.js';

const settings = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'has to be in kebab-case')
    .exactOptional()
    .describe('Names the agent in logs and jobs. Default: claude.'),
  model: z.string().min(1).describe('As the API names it.'),
  baseUrl: z.url().exactOptional().describe('Default: ANTHROPIC_BASE_URL, or else https://api.anthropic.com.'),
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'has to be the name of an environment variable')
    .exactOptional()
    .describe('The environment variable that holds the key. Default: ANTHROPIC_API_KEY.'),
  maxOutputTokens: z.int().min(1_024).exactOptional().describe('Of one reply. Default: 16384.'),
  contextWindow: z.int().min(16_384).exactOptional().describe('Of the model, in tokens. Default: 200000.'),
});

/** Serves `use: claude`: Claude by its API. */
export const claudePackage: AdapterPackage = {
  id: 'claude',
  settingsSchema: JSON.parse(JSON.stringify(z.toJSONSchema(settings))),
  connect: (shared, host) => {
    mapSettings(settings.partial(), shared);
    return { agent: (own) => createAgent(mapSettings(settings, { ...shared, ...own }), host) };
  },
};

function createAgent({ baseUrl, keyEnv = 'ANTHROPIC_API_KEY', ...rest }: z.output<typeof settings>, host: AdapterHost) {
  const address = baseUrl ?? loadBaseUrl();
  return createClaudeAgent({
    ...rest,
    ...(address === null ? {} : { baseUrl: address }),
    keyEnv,
    apiKey: host.secret(keyEnv),
    price: host.price(rest.model),
    clock: host.runtime.clock,
    mask: (text) => host.mask(text),
  });
}

function mapSettings<Settings>(schema: z.ZodType<Settings>, value: AdapterSettings): Settings {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const flaws = result.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`);
  throw new BatonError('CONFIG_INVALID', `The settings of the agent claude are wrong: ${flaws.join('; ')}.`, {
    details: { setting: result.error.issues[0]?.path.join('.') ?? '' },
    adapter: 'claude',
  });
}
