import { createPrivateKey } from 'node:crypto';
import { defineAdapter } from '@baton/adapter-kit';
import type { AdapterHost } from '@baton/core';
import { createGithub, type Github, type GithubRepositoryOptions } from './create-github.js';
import type { GithubCredentials } from './host/client.js';
import { adapterId } from './host/map-error.js';
import { type GithubSettings, invalid, settingsSchema } from './host/settings.js';

/** What configuration names by `use: github`. */
export default defineAdapter({
  id: adapterId,
  settings: settingsSchema,
  source: (settings, host) => accountOf(settings, host).source(repositoryOf(settings)),
  forge: (settings, host) => accountOf(settings, host).forge(repositoryOf(settings)),
});

/** One account of a host has one quota, whatever the projects are that it works for, and one client. */
function accountOf(settings: GithubSettings, host: AdapterHost): Github {
  const { baseUrl, app, tokenEnv } = settings;
  return host.shared(JSON.stringify([baseUrl, app ?? tokenEnv]), () =>
    createGithub({
      baseUrl,
      credentials: readCredentials(settings, host),
      runtime: host.runtime,
      log: (...line) => host.log(...line),
      mask: (text) => host.mask(text),
    }),
  );
}

function repositoryOf({ repository, remote, reviewers }: GithubSettings): GithubRepositoryOptions {
  return { repository, reviewers, ...(remote === undefined ? {} : { remote }) };
}

function readCredentials({ app, tokenEnv }: GithubSettings, host: AdapterHost): GithubCredentials {
  const variable = app === undefined ? tokenEnv : app.privateKeyEnv;
  const secret = host.secret(variable);
  if (secret === null) {
    const setting = app === undefined ? 'tokenEnv' : 'app.privateKeyEnv';
    // A secret in the place of a name is not repeated.
    if (/^(?:gh[a-z]_|github_pat_|-----)/.test(variable)) {
      throw invalid(setting, 'takes the name of an environment variable, not what it holds');
    }
    throw invalid(setting, `the environment variable ${variable} is not set`, variable);
  }
  if (app === undefined) {
    const token = secret.trim();
    // Else it would be told as a host that can't be reached.
    if (/^[\x21-\x7e]+$/.test(token)) return { kind: 'token', token };
    throw invalid('tokenEnv', `what the environment variable ${variable} holds is no token`, variable);
  }
  const { id, installation } = app;
  const privateKey = secret.replaceAll('\\n', '\n');
  if (isPrivateKey(privateKey)) return { kind: 'app', id, installation, privateKey };
  throw invalid(
    'app.privateKeyEnv',
    `what the environment variable ${variable} holds is no private key in PEM`,
    variable,
  );
}

function isPrivateKey(text: string): boolean {
  try {
    createPrivateKey(text);
    return true;
  } catch {
    // What is wrong with it isn't told, for it could tell of the key.
    return false;
  }
}
