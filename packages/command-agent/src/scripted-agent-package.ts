import { resolve } from 'node:path';
import type { AdapterPackage } from '@baton/core';
import { z } from 'zod';
import { agentId, mapSettings, mapSettingsSchema } from './agent-settings.js';
import { createScriptedAgent } from './scripted-agent.js';

const settings = z.strictObject({
  id: agentId,
  file: z.string().min(1).describe('A YAML file of steps, relative to the configuration.'),
});

/** Serves `use: scripted`: a file of steps as an agent. */
export const scriptedAgentPackage: AdapterPackage = {
  id: 'scripted',
  settingsSchema: mapSettingsSchema(settings),
  connect: (shared, host) => {
    mapSettings(settings.partial(), shared, 'scripted');
    return {
      agent: (own) => {
        const { file, ...rest } = mapSettings(settings, { ...shared, ...own }, 'scripted');
        return createScriptedAgent({ ...rest, file: resolve(host.configDirectory, file), clock: host.runtime.clock });
      },
    };
  },
};
