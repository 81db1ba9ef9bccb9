import { type AdapterPackage, defineAdapter, kebabCase } from '@baton/adapter-kit';
import { z } from 'zod';
import { createCommandAgent } from './command-agent.js';

const settings = z.strictObject({
  id: z
    .string()
    .regex(kebabCase, 'has to be in kebab-case')
    .default('command')
    .describe('Names the agent in logs and jobs.'),
  run: z.string().min(1).describe('Run as `sh -c` in the sandbox, the prompt on standard input.'),
  env: z.record(z.string(), z.string()).default({}).describe('Added to the environment of the program.'),
});

/** Serves `use: command`: any program as an agent. */
export const commandAgentPackage: AdapterPackage = defineAdapter({
  id: 'command',
  settings,
  agent: (given, { runtime, sandbox }) => createCommandAgent({ ...given, clock: runtime.clock, sandbox }),
});
