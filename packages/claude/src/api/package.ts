import { type AdapterPackage, defineAdapter, kebabCase, variableName } from '@baton/adapter-kit';
import { z } from 'zod';
import { claudeDefaults, createClaudeAgent } from './agent.js';

const settings = z.strictObject({
  id: z
    .string()
    .regex(kebabCase, 'has to be in kebab-case')
    .default(claudeDefaults.id)
    .describe('Names the agent in logs and jobs.'),
  model: z.string().min(1).describe('As the API names it.'),
  baseUrl: z
    .url()
    .exactOptional()
    .describe('Where the Messages API is spoken. Where nothing says it: https://api.anthropic.com.')
    .meta({ environmentVariable: 'ANTHROPIC_BASE_URL' }),
  keyEnv: z
    .string()
    .regex(variableName, 'has to be the name of an environment variable')
    .default(claudeDefaults.keyEnv)
    .describe('The environment variable that holds the key.'),
  maxOutputTokens: z.int().min(1_024).default(claudeDefaults.maxOutputTokens).describe('Of one reply.'),
  contextWindow: z.int().min(16_384).default(claudeDefaults.contextWindow).describe('Of the model, in tokens.'),
});

/** Serves `use: claude`: Claude by its API. */
export const claudePackage: AdapterPackage = defineAdapter({
  id: 'claude',
  settings,
  agent: (given, host) =>
    createClaudeAgent({
      ...given,
      apiKey: host.secret(given.keyEnv),
      price: host.price(given.model),
      clock: host.runtime.clock,
      mask: (text) => host.mask(text),
    }),
});
