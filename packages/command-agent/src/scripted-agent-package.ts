import { type AdapterPackage, defineAdapter, kebabCase, resolvePath } from '@baton/adapter-kit';
import { z } from 'zod';
import { createScriptedAgent } from './scripted-agent.js';

const settings = z.strictObject({
  id: z
    .string()
    .regex(kebabCase, 'has to be in kebab-case')
    .default('scripted')
    .describe('Names the agent in logs and jobs.'),
  file: z.string().min(1).describe('A YAML file of steps, relative to the configuration.'),
});

/** Serves `use: scripted`: a file of steps as an agent. */
export const scriptedAgentPackage: AdapterPackage = defineAdapter({
  id: 'scripted',
  settings,
  agent: ({ id, file }, { configDirectory, runtime }) =>
    createScriptedAgent({ id, file: resolvePath(file, configDirectory), clock: runtime.clock }),
});
