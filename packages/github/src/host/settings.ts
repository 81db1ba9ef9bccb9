import { checkBaseUrl, findRemoteFlaw, variableName } from '@baton/adapter-kit';
import { BatonError } from '@baton/core';
import { z } from 'zod';
import { adapterId } from './map-error.js';

const variable = z.string().regex(variableName, 'has to be the name of an environment variable, without $');

/** What stands beside `use: github`. */
export const settingsSchema = z.strictObject({
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name')
    .describe('owner/name'),
  baseUrl: z
    .string()
    .min(1)
    .default('https://api.github.com')
    .describe('Address of the REST interface; of GitHub Enterprise https://HOST/api/v3'),
  tokenEnv: variable.default('GITHUB_TOKEN').describe('Environment variable that holds a token'),
  app: z
    .strictObject({
      id: z.int().positive().describe("The App's id"),
      installation: z.int().positive().describe('Id of its installation for the owner'),
      privateKeyEnv: variable
        .default('GITHUB_APP_PRIVATE_KEY')
        .describe('Environment variable that holds its private key, PEM; \\n stands for a line break'),
    })
    .exactOptional()
    .describe('Work as a GitHub App, in the place of a token'),
  remote: z.string().min(1).exactOptional().describe('Git address, where it is not the usual one'),
  reviewers: z
    .array(z.string().min(1))
    .default([])
    .describe('Logins that are asked for a review of each new pull request'),
});

/** Settings as the schema has read them. */
export type GithubSettings = z.output<typeof settingsSchema>;

/** Which of GitHub's repositories is meant. */
export interface GithubPlace {
  readonly owner: string;
  readonly name: string;
  /** Git address, without credentials. Null: the usual one, by the name that the repository has now. */
  readonly remote: string | null;
  readonly reviewers: readonly string[];
}

/** Reads which repository is meant. `CONFIG_INVALID` where that can't be one, or its address isn't for git. */
export function readPlace({
  repository,
  remote = null,
  reviewers = [],
}: {
  readonly repository: string;
  readonly remote?: string | null;
  readonly reviewers?: readonly string[];
}): GithubPlace {
  const [owner = '', name = '', ...more] = repository.split('/');
  if (owner === '' || name === '' || more.length > 0) throw invalid('repository', 'must be owner/name');
  const flaw = remote === null ? null : findRemoteFlaw(remote);
  if (flaw !== null) throw invalid('remote', flaw);
  return { owner, name, remote, reviewers };
}

/** The address of the REST interface, without a slash at its end. `CONFIG_INVALID` where no token may be sent there. */
export function readBaseUrl(text: string): string {
  const url = checkBaseUrl(text, { adapter: adapterId, secret: 'token' });
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** Where people and git find what the interface is about. */
export function webOrigin(baseUrl: string): string {
  const { origin, hostname } = new URL(baseUrl);
  // Enterprise with data residency has its interface at api.NAME.ghe.com.
  const isCloud = hostname === 'api.github.com' || /^api\.[\w-]+\.ghe\.com$/.test(hostname);
  return isCloud ? origin.replace('//api.', '//') : origin;
}

/** Where git finds a repository, where nothing else is said. */
export function gitAddress(baseUrl: string, repository: string): string {
  return `${webOrigin(baseUrl)}/${repository}.git`;
}

/** A setting that is missing or wrong. */
export function invalid(setting: string, sentence: string, environmentVariable?: string): BatonError<'CONFIG_INVALID'> {
  return new BatonError('CONFIG_INVALID', `The setting ${setting} of ${adapterId}: ${sentence}.`, {
    adapter: adapterId,
    details: { setting, ...(environmentVariable === undefined ? {} : { environmentVariable }) },
    fix: environmentVariable === undefined ? `change ${setting}` : `set ${environmentVariable}`,
  });
}
