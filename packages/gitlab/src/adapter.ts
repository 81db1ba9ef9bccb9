import { createGateway, defineAdapter } from '@baton/adapter-kit';
import type { AdapterHost } from '@baton/core';
import { createGitlab, type Gitlab, writeIntervalMs } from './create-gitlab.js';
import { adapterId, invalidSetting } from './host/map-error.js';
import { type GitlabSettings, readBaseUrl, settingsSchema } from './host/settings.js';

/** What configuration names by `use: gitlab`. */
export default defineAdapter({
  id: adapterId,
  settings: settingsSchema,
  source: (settings, host) => projectOf(settings, host).source,
  forge: (settings, host) => projectOf(settings, host).forge,
});

/** Both roles of one project share its client, and all projects of one account its quota. */
function projectOf(settings: GitlabSettings, host: AdapterHost): Gitlab {
  return host.shared(JSON.stringify(['project', settings]), () => {
    const { tokenEnv, ...places } = settings;
    const baseUrl = readBaseUrl(places.baseUrl);
    const token = readToken(tokenEnv, host);
    const { runtime, stateDirectory } = host;
    const log: AdapterHost['log'] = (...line) => host.log(...line);
    return createGitlab({
      ...{ ...places, runtime, stateDirectory, token, log },
      mask: (text) => host.mask(text),
      gateway: host.shared(JSON.stringify(['gateway', baseUrl, tokenEnv]), () => {
        const { host: name } = new URL(baseUrl);
        return createGateway({ host: name, adapter: adapterId, runtime, writeIntervalMs, log });
      }),
    });
  });
}

function readToken(tokenEnv: string, host: AdapterHost): string {
  // A secret in the place of a name is not repeated.
  if (/^gl[a-z]+-/.test(tokenEnv)) {
    throw invalidSetting('tokenEnv', 'takes the name of an environment variable, not what it holds');
  }
  const token = host.secret(tokenEnv)?.trim() ?? '';
  if (!/^[\x21-\x7e]*$/.test(token)) {
    throw invalidSetting('tokenEnv', `names ${tokenEnv}, and what that holds is no token`, tokenEnv);
  }
  if (token === '') throw invalidSetting('tokenEnv', `names ${tokenEnv}, which is not set`, tokenEnv);
  return token;
}
