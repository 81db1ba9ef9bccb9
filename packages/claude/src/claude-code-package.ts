import { type AdapterHost, type AdapterPackage, type AdapterSettings, BatonError } from '@baton/core';
import { z } from 'zod';
import { createClaudeCodeAgent } from './claude-code-agent.js';
import { loadBaseUrl } from './load-environment.js';

const settings = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'has to be in kebab-case')
    .exactOptional()
    .describe('Names the agent in logs and jobs. Default: claude-code.'),
  program: z.string().min(1).exactOptional().describe('Name or absolute path of Claude Code. Default: claude.'),
  model: z.string().min(1).exactOptional().describe('As the API names it. Default: what Claude Code chooses.'),
  baseUrl: z.url().exactOptional().describe('Default: ANTHROPIC_BASE_URL, or else https://api.anthropic.com.'),
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'has to be the name of an environment variable')
    .exactOptional()
    .describe('The environment variable that holds the key. Default: ANTHROPIC_API_KEY.'),
  allow: z
    .array(z.string().min(1))
    .exactOptional()
    .describe(
      'What the agent may ask of its model beyond what Baton knows, by the names that refusals tell. Default: nothing.',
    ),
});

/** Serves `use: claude-code`: Claude Code in the sandbox, its model behind a proxy. */
export const claudeCodePackage: AdapterPackage = {
  id: 'claude-code',
  settingsSchema: JSON.parse(JSON.stringify(z.toJSONSchema(settings))),
  connect: (shared, host) => {
    mapSettings(shared);
    return { agent: (own) => createAgent(mapSettings({ ...shared, ...own }), host) };
  },
};

function createAgent({ baseUrl, keyEnv = 'ANTHROPIC_API_KEY', ...rest }: z.output<typeof settings>, host: AdapterHost) {
  const address = baseUrl ?? loadBaseUrl();
  return createClaudeCodeAgent({
    ...rest,
    ...(address === null ? {} : { baseUrl: address }),
    keyEnv,
    key: host.secret(keyEnv),
    price: (model) => host.price(model),
    sandbox: host.sandbox,
    clock: host.runtime.clock,
  });
}

function mapSettings(value: AdapterSettings): z.output<typeof settings> {
  const result = settings.safeParse(value);
  if (result.success) return result.data;
  const flaws = result.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`);
  throw new BatonError('CONFIG_INVALID', `The settings of the agent claude-code are wrong: ${flaws.join('; ')}.`, {
    details: { setting: result.error.issues[0]?.path.join('.') ?? '' },
    adapter: 'claude-code',
  });
}
