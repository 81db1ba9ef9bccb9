import { type AdapterPackage, defineAdapter, kebabCase, variableName } from '@baton/adapter-kit';
import { z } from 'zod';
import { codexDefaults, createCodexAgent } from './agent.js';

const settings = z.strictObject({
  id: z
    .string()
    .regex(kebabCase, 'has to be in kebab-case')
    .default(codexDefaults.id)
    .describe('Names the agent in logs and jobs.'),
  program: z
    .string()
    .min(1)
    .default(codexDefaults.program)
    .describe('Name or absolute path of Codex, as the sandbox sees it.'),
  model: z.string().min(1).exactOptional().describe('One that Codex knows. Default: what Codex chooses.'),
  baseUrl: z
    .url()
    .exactOptional()
    .describe(`Ends before /responses. Where nothing says it: ${codexDefaults.baseUrl}.`)
    .meta({ environmentVariable: 'OPENAI_BASE_URL' }),
  keyEnv: z
    .string()
    .regex(variableName, 'has to be the name of an environment variable')
    .nullable()
    .default(codexDefaults.keyEnv)
    .describe('The environment variable that holds the key; null: none is asked for.'),
  allow: z
    .array(z.string().min(1))
    .default([])
    .describe('What the agent may ask of its model beyond what Baton knows, by the names that refusals tell.'),
});

/** Serves `use: codex`: Codex in the sandbox, its model behind a proxy. */
export const codexPackage: AdapterPackage = defineAdapter({
  id: 'codex',
  settings,
  agent: (given, host) =>
    createCodexAgent({
      ...given,
      key: given.keyEnv === null ? null : host.secret(given.keyEnv),
      price: (model) => host.price(model),
      sandbox: host.sandbox,
      clock: host.runtime.clock,
    }),
});
