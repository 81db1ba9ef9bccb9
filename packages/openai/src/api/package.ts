import { type AdapterPackage, defineAdapter, kebabCase, variableName } from '@baton/adapter-kit';
import { z } from 'zod';
import { createOpenAiAgent, openAiDefaults, tokenDefaults } from './agent.js';

const { responses, chat } = tokenDefaults;

const settings = z.strictObject({
  id: z
    .string()
    .regex(kebabCase, 'has to be in kebab-case')
    .default(openAiDefaults.id)
    .describe('Names the agent in logs and jobs.'),
  model: z.string().min(1).describe('As the server names it.'),
  api: z
    .enum(['responses', 'chat'])
    .default(openAiDefaults.api)
    .describe('responses: OpenAI. chat: servers that speak Chat Completions.'),
  baseUrl: z
    .url()
    .exactOptional()
    .describe(`Ends before /responses and /chat/completions. Where nothing says it: ${openAiDefaults.baseUrl}.`)
    .meta({ environmentVariable: 'OPENAI_BASE_URL' }),
  keyEnv: z
    .string()
    .regex(variableName, 'has to be the name of an environment variable')
    .nullable()
    .default(openAiDefaults.keyEnv)
    .describe('The environment variable that holds the key; null: none is asked for.'),
  maxOutputTokens: z
    .int()
    .min(256)
    .exactOptional()
    .describe(`Of one reply. Default: ${responses.maxOutputTokens}, with chat ${chat.maxOutputTokens}.`),
  contextWindow: z
    .int()
    .min(4_096)
    .exactOptional()
    .describe(`In tokens. Default: ${responses.contextWindow}, with chat ${chat.contextWindow}.`),
});

/** Serves `use: openai`: a model behind OpenAI's API or a compatible one. */
export const openaiPackage: AdapterPackage = defineAdapter({
  id: 'openai',
  settings,
  agent: (given, host) =>
    createOpenAiAgent({
      ...given,
      apiKey: given.keyEnv === null ? null : host.secret(given.keyEnv),
      price: host.price(given.model),
      clock: host.runtime.clock,
      mask: (text) => host.mask(text),
    }),
});
