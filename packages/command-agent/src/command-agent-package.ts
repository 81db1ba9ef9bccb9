import type { AdapterPackage } from '@baton/core';
import { z } from 'zod';
import { agentId, mapSettings, mapSettingsSchema } from './agent-settings.js';
import { createCommandAgent } from './command-agent.js';

const settings = z.strictObject({
  id: agentId,
  run: z.string().min(1).describe('Run as `sh -c` in the sandbox, the prompt on standard input.'),
  env: z.record(z.string(), z.string()).exactOptional().describe('Added to the environment of the program.'),
});

/** Serves `use: command`: any program as an agent. */
export const commandAgentPackage: AdapterPackage = {
  id: 'command',
  settingsSchema: mapSettingsSchema(settings),
  connect: (shared, host) => {
    mapSettings(settings.partial(), shared, 'command');
    return {
      agent: (own) =>
        createCommandAgent({
          ...mapSettings(settings, { ...shared, ...own }, 'command'),
          clock: host.runtime.clock,
          sandbox: host.sandbox,
        }),
    };
  },
};
