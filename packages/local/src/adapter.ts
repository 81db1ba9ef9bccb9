import type { AdapterHost, AdapterPackage, AdapterSettings } from '@baton/core';
import { createLocal, type Local } from './create-local.js';
import { readSettings, settingsSchema } from './local-settings.js';
import { adapterId } from './map-error.js';

/** What configuration names by `use: local`. */
const local: AdapterPackage = {
  id: adapterId,
  settingsSchema,
  connect(settings, host) {
    readSettings(settings, host.configDirectory);
    const made = new Map<string, Local>();
    // Both roles of one folder share its cache.
    const of = (role: AdapterSettings): Local => {
      const merged = { ...settings, ...role };
      const { root, remote } = readSettings(merged, host.configDirectory);
      const key = JSON.stringify([root, remote]);
      const found = made.get(key) ?? createFor(root, remote, host);
      made.set(key, found);
      return found;
    };
    return { source: (role) => of(role).source, forge: (role) => of(role).forge };
  },
};

function createFor(path: string, remote: string, host: AdapterHost): Local {
  const { runtime, stateDirectory, configDirectory } = host;
  const log: AdapterHost['log'] = (...line) => host.log(...line);
  const mask = (text: string): string => host.mask(text);
  return createLocal({ runtime, stateDirectory, configDirectory, path, remote, log, mask });
}

export default local;
