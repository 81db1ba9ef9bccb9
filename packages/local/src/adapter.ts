import { defineAdapter } from '@baton/adapter-kit';
import type { AdapterHost } from '@baton/core';
import { createLocal, type Local } from './create-local.js';
import { adapterId } from './host/map-error.js';
import { type LocalSettings, settingsSchema } from './host/settings.js';

/** What configuration names by `use: local`. */
export default defineAdapter({
  id: adapterId,
  settings: settingsSchema,
  source: (settings, host) => folderOf(settings, host).source,
  forge: (settings, host) => folderOf(settings, host).forge,
});

/** Both roles of one folder share what is known of it. */
function folderOf(settings: LocalSettings, host: AdapterHost): Local {
  const { runtime, stateDirectory, configDirectory } = host;
  return host.shared(JSON.stringify([configDirectory, settings]), () =>
    createLocal({
      ...{ ...settings, runtime, stateDirectory, configDirectory },
      environment: (name) => host.environment(name),
      log: (...line) => host.log(...line),
      mask: (text) => host.mask(text),
    }),
  );
}
