import { createGateway, type Gateway } from '@baton/adapter-kit';
import type { AdapterHost, Forge, IssueSource, Runtime } from '@baton/core';
import { createGithubForge } from './forge/forge.js';
import { createSelfLookup } from './host/actor.js';
import { createGithubClient, type GithubClient, type GithubCredentials } from './host/client.js';
import { adapterId } from './host/map-error.js';
import { createAccountProbes } from './host/probes/account-probes.js';
import { createRepository, type Repository } from './host/repository.js';
import { type GithubPlace, readBaseUrl, readPlace } from './host/settings.js';
import { createGithubSource } from './source/issue-source.js';

/** What one account on one host is reached with. */
export interface GithubOptions {
  readonly credentials: GithubCredentials;
  /** Of the REST interface. Default `https://api.github.com`. */
  readonly baseUrl?: string;
  readonly runtime: Runtime;
  /** Shared by everything that asks this host as this account. Default: one of its own. */
  readonly gateway?: Gateway;
  /** For one answer, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Milliseconds before the second try of a read; four times as long before the third and last. Default 250. */
  readonly retryPauseMs?: number;
  /** Default: nobody is told. */
  readonly log?: AdapterHost['log'];
  /** What checks tell passes it before it is cut. Default: nothing is masked. */
  readonly mask?: AdapterHost['mask'];
}

/** Which repository is meant. */
export interface GithubRepositoryOptions {
  /** `owner/name`. */
  readonly repository: string;
  /** Git address, where it is not the usual one. */
  readonly remote?: string;
  /** Logins that are asked for a review of each new pull request. Default: nobody. */
  readonly reviewers?: readonly string[];
}

/** GitHub as one account sees it. */
export interface Github {
  readonly gateway: Gateway;
  source(options: GithubRepositoryOptions): IssueSource;
  forge(options: GithubRepositoryOptions): Forge;
}

/** Does no input or output. Throws `CONFIG_INVALID`. */
export function createGithub(options: GithubOptions): Github {
  const { credentials, runtime, timeoutMs = 30_000, retryPauseMs = 250, log = () => undefined } = options;
  const { mask = (text) => text } = options;
  const baseUrl = readBaseUrl(options.baseUrl ?? 'https://api.github.com');
  const { host } = new URL(baseUrl);
  const gateway = options.gateway ?? createGateway({ host, adapter: adapterId, runtime, log });
  const client: GithubClient = createGithubClient({
    ...{ baseUrl, credentials, gateway, runtime, log, timeoutMs, retryPauseMs },
  });
  const canBeAssigned = credentials.kind === 'token';
  const self = createSelfLookup(client, credentials);
  const probes = createAccountProbes(runtime.clock, log);
  const repositories = new Map<string, Repository>();
  // Source and forge share what is known of their repository.
  const repositoryOf = (place: GithubPlace): Repository => {
    const key = `${place.owner}/${place.name}`;
    const known = repositories.get(key) ?? createRepository(client, self, probes, place, runtime.clock);
    repositories.set(key, known);
    return known;
  };
  return {
    gateway,
    source: (given) => createGithubSource({ repository: repositoryOf(readPlace(given)), baseUrl, canBeAssigned, log }),
    forge(given) {
      const place = readPlace(given);
      const { remote, reviewers } = place;
      return createGithubForge({ repository: repositoryOf(place), baseUrl, remote, reviewers, log, mask });
    },
  };
}
