import { join } from 'node:path';
import { createGateway, type Gateway } from '@baton/adapter-kit';
import type { AdapterHost, Forge, IssueSource, Runtime } from '@baton/core';
import { createGitlabForge } from './forge/forge.js';
import { createPeople } from './host/actor.js';
import { createApiFactory } from './host/api.js';
import { createHttpClient } from './host/client.js';
import { adapterId } from './host/map-error.js';
import { createOwnNotes } from './host/own-notes.js';
import { createProject } from './host/repository.js';
import { checkRemote, type GitlabSettings, readBaseUrl } from './host/settings.js';
import { createGitlabSource } from './source/issue-source.js';
import { hashOf } from './source/map-issue.js';
import { createRecentIssues } from './source/recent-issues.js';
import { createKeptTexts } from './source/text-snapshots.js';

/** A source and a forge over one project, sharing their client. */
export interface Gitlab {
  readonly source: IssueSource;
  readonly forge: Forge;
}

/** Milliseconds between two writes: GitLab.com takes 60 notes a minute of one account, and more of the rest. */
export const writeIntervalMs = 200;

/** What they are made with. */
export interface GitlabOptions extends Omit<GitlabSettings, 'tokenEnv'> {
  readonly runtime: Pick<Runtime, 'clock'>;
  /** Access token of an account, a project or a group. */
  readonly token: string;
  /** Where texts are kept as they stood when an issue was handed over. Default: in memory alone. */
  readonly stateDirectory?: string;
  readonly log?: AdapterHost['log'];
  /** What texts of issues pass before they are kept, and logs of jobs before they are cut. Default: nothing is masked. */
  readonly mask?: AdapterHost['mask'];
  /** Shared with others that ask the same host. Default: one of its own, with a write every 200 ms. */
  readonly gateway?: Gateway;
}

/** Does no input or output. Throws `CONFIG_INVALID`. */
export function createGitlab(options: GitlabOptions): Gitlab {
  const { remote, repository, runtime, token, log = () => undefined, mask = (text) => text } = options;
  const baseUrl = readBaseUrl(options.baseUrl);
  checkRemote(remote);
  const { clock } = runtime;
  const { host } = new URL(baseUrl);
  const gateway = options.gateway ?? createGateway({ host, adapter: adapterId, runtime, writeIntervalMs, log });
  const http = createHttpClient({ baseUrl, gateway, runtime });
  const createApi = createApiFactory({ baseUrl, http, token });
  const project = createProject(repository);
  const people = createPeople(project, clock);
  const { stateDirectory } = options;
  const place = stateDirectory === undefined ? null : join(stateDirectory, hashOf([baseUrl, repository]));
  const kept = createKeptTexts(place, mask);
  const shared = { baseUrl, createApi, project, people, clock, own: createOwnNotes(clock) };
  return {
    source: createGitlabSource({ ...shared, gateway, kept, recent: createRecentIssues(clock), log }),
    forge: createGitlabForge({ ...shared, token, remote, mask }),
  };
}
