import { createGateway, type Gateway } from '@baton/adapter-kit';
import type { AdapterHost, AdapterPackage, AdapterSettings, Runtime } from '@baton/core';
import { createGitlab, type Gitlab, writeIntervalMs } from './create-gitlab.js';
import { type GitlabSettings, readSettings, settingsSchema } from './gitlab-settings.js';
import { adapterId, invalidSetting } from './map-error.js';

/**
 * Projects are connected one by one, and yet one account of a host has one quota. So gateways belong to the
 * runtime that all of a daemon's adapters share, and go with it.
 */
const gateways = new WeakMap<Runtime, Map<string, Gateway>>();

/** What configuration names by `use: gitlab`. */
const gitlab: AdapterPackage = {
  id: adapterId,
  settingsSchema,
  connect(settings, host) {
    const made = new Map<string, Gitlab>();
    // Both roles of one project share its client.
    const of = (role: AdapterSettings): Gitlab => {
      const places = readSettings({ ...settings, ...role });
      const key = JSON.stringify(places);
      const found = made.get(key) ?? createFor(places, host);
      made.set(key, found);
      return found;
    };
    return { source: (role) => of(role).source, forge: (role) => of(role).forge };
  },
};

function createFor({ tokenEnv, ...places }: GitlabSettings, host: AdapterHost): Gitlab {
  const { runtime, stateDirectory } = host;
  const token = host.secret(tokenEnv)?.trim() ?? '';
  // A secret in the place of a name is not repeated.
  if (/^gl[a-z]+-/.test(tokenEnv)) {
    throw invalidSetting('tokenEnv', 'takes the name of an environment variable, not what it holds');
  }
  if (!/^[\x21-\x7e]*$/.test(token)) {
    throw invalidSetting('tokenEnv', `names ${tokenEnv}, and what that holds is no token`, tokenEnv);
  }
  if (token === '') throw invalidSetting('tokenEnv', `names ${tokenEnv}, which is not set`, tokenEnv);
  const log: AdapterHost['log'] = (...line) => host.log(...line);
  const shared = gateways.get(runtime) ?? new Map<string, Gateway>();
  gateways.set(runtime, shared);
  const key = JSON.stringify([places.baseUrl, tokenEnv]);
  const { host: name } = new URL(places.baseUrl);
  const gateway = shared.get(key) ?? createGateway({ host: name, adapter: adapterId, runtime, writeIntervalMs, log });
  shared.set(key, gateway);
  const mask = (text: string): string => host.mask(text);
  return createGitlab({ ...places, runtime, stateDirectory, token, log, mask, gateway });
}

export default gitlab;
