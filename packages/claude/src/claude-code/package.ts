import { type AdapterPackage, defineAdapter, kebabCase, variableName } from '@baton/adapter-kit';
import { z } from 'zod';
import { claudeCodeDefaults, createClaudeCodeAgent } from './agent.js';

const settings = z.strictObject({
  id: z
    .string()
    .regex(kebabCase, 'has to be in kebab-case')
    .default(claudeCodeDefaults.id)
    .describe('Names the agent in logs and jobs.'),
  program: z
    .string()
    .min(1)
    .default(claudeCodeDefaults.program)
    .describe('Name or absolute path of Claude Code, as the sandbox sees it.'),
  model: z
    .string()
    .min(1)
    .exactOptional()
    .describe('Its full name, as the API has it. Default: what Claude Code chooses.'),
  baseUrl: z
    .url()
    .exactOptional()
    .describe(`Where the Messages API is spoken. Where nothing says it: ${claudeCodeDefaults.baseUrl}.`)
    .meta({ environmentVariable: 'ANTHROPIC_BASE_URL' }),
  keyEnv: z
    .string()
    .regex(variableName, 'has to be the name of an environment variable')
    .default(claudeCodeDefaults.keyEnv)
    .describe('The environment variable that holds the key.'),
  allow: z
    .array(z.string().min(1))
    .default([])
    .describe('What the agent may ask of its model beyond what Baton knows, by the names that refusals tell.'),
});

/** Serves `use: claude-code`: Claude Code in the sandbox, its model behind a proxy. */
export const claudeCodePackage: AdapterPackage = defineAdapter({
  id: 'claude-code',
  settings,
  agent: (given, host) =>
    createClaudeCodeAgent({
      ...given,
      key: host.secret(given.keyEnv),
      price: (model) => host.price(model),
      sandbox: host.sandbox,
      clock: host.runtime.clock,
    }),
});
