import { join } from 'node:path';
import { createGateway, type Gateway } from '@baton/adapter-kit';
import type { AdapterHost, Forge, IssueSource, Runtime } from '@baton/core';
import { createApiFactory } from './api.js';
import { createGitlabForge } from './gitlab-forge.js';
import { checkRemote, type GitlabSettings, readBaseUrl } from './gitlab-settings.js';
import { createGitlabSource } from './gitlab-source.js';
import { createHttpClient } from './http-client.js';
import { createKeptTexts } from './kept-texts.js';
import { adapterId } from './map-error.js';
import { hashOf } from './map-issue.js';
import { createOwnNotes } from './own-notes.js';
import { createPeople } from './people.js';
import { createProject } from './project.js';
import { createRecentIssues } from './recent-issues.js';

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
    source: createGitlabSource({ ...shared, kept, recent: createRecentIssues(clock), log }),
    forge: createGitlabForge({ ...shared, token, remote, mask }),
  };
}
