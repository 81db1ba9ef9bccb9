import { createPrivateKey } from 'node:crypto';
import { createGateway, type Gateway } from '@baton/adapter-kit';
import type { AdapterHost, AdapterPackage, AdapterSettings, Runtime } from '@baton/core';
import { createGithub, type Github } from './create-github.js';
import type { GithubCredentials } from './github-client.js';
import { type GithubCredentialNames, invalid, readSettings, settingsSchema } from './github-settings.js';
import { adapterId } from './map-error.js';

/**
 * Projects are connected one by one, and yet one account of a host has one quota. So gateways belong to the
 * runtime that all of a daemon's adapters share, and go with it.
 */
const gateways = new WeakMap<Runtime, Map<string, Gateway>>();

/** What configuration names by `use: github`. */
const github: AdapterPackage = {
  id: adapterId,
  settingsSchema,
  connect(settings, host) {
    readSettings(settings);
    const made = new Map<string, Github>();
    // Both roles share one client.
    const of = (role: AdapterSettings) => {
      const { place, credentials } = readSettings({ ...settings, ...role });
      const key = JSON.stringify([place.baseUrl, credentials]);
      const account = made.get(key) ?? connectAccount(key, place.baseUrl, credentials, host);
      made.set(key, account);
      const { owner, name, remote, reviewers } = place;
      return {
        account,
        repository: { repository: `${owner}/${name}`, reviewers, ...(remote === null ? {} : { remote }) },
      };
    };
    return {
      source(role) {
        const { account, repository } = of(role);
        return account.source(repository);
      },
      forge(role) {
        const { account, repository } = of(role);
        return account.forge(repository);
      },
    };
  },
};

function connectAccount(key: string, baseUrl: string, names: GithubCredentialNames, host: AdapterHost): Github {
  const { runtime } = host;
  const log: AdapterHost['log'] = (...line) => host.log(...line);
  const shared = gateways.get(runtime) ?? new Map<string, Gateway>();
  gateways.set(runtime, shared);
  const gateway = shared.get(key) ?? createGateway({ host: new URL(baseUrl).host, adapter: adapterId, runtime, log });
  shared.set(key, gateway);
  const mask: AdapterHost['mask'] = (text) => host.mask(text);
  return createGithub({ credentials: readCredentials(names, host), baseUrl, runtime, gateway, log, mask });
}

function readCredentials(names: GithubCredentialNames, host: AdapterHost): GithubCredentials {
  const variable = names.kind === 'token' ? names.tokenEnv : names.privateKeyEnv;
  const secret = host.secret(variable);
  if (secret === null) {
    const setting = names.kind === 'token' ? 'tokenEnv' : 'app.privateKeyEnv';
    // A secret in the place of a name is not repeated.
    if (/^(?:gh[a-z]_|github_pat_|-----)/.test(variable)) {
      throw invalid(setting, 'takes the name of an environment variable, not what it holds');
    }
    throw invalid(setting, `the environment variable ${variable} is not set`, variable);
  }
  if (names.kind === 'token') {
    const token = secret.trim();
    // Else it would be told as a host that can't be reached.
    if (/^[\x21-\x7e]+$/.test(token)) return { kind: 'token', token };
    throw invalid('tokenEnv', `what the environment variable ${variable} holds is no token`, variable);
  }
  const { id, installation } = names;
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

export default github;
