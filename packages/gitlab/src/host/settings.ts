import { checkBaseUrl, findRemoteFlaw } from '@baton/adapter-kit';
import { z } from 'zod';
import { adapterId, invalidSetting } from './map-error.js';

/** What stands beside `use: gitlab`. */
export const settingsSchema = z.strictObject({
  repository: z
    .string()
    .refine(isProjectPath, 'must be the path of a project, such as group/project')
    .describe('Path of the project, such as group/project'),
  baseUrl: z
    .string()
    .min(1)
    .default('https://gitlab.com')
    .describe('Address of GitLab; with its path where it has one, and without /api/v4'),
  tokenEnv: z
    .string()
    // A token in its place is told by the adapter, which doesn't repeat it.
    .regex(/^(?:[A-Za-z_][A-Za-z0-9_]*|gl[a-z]+-.*)$/, 'has to be the name of an environment variable, without $')
    .default('GITLAB_TOKEN')
    .describe('Name of the environment variable that holds the access token'),
  remote: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Address that git takes in place of the project's own, without credentials; null: the project's own"),
});

/** Settings as the schema has read them. */
export type GitlabSettings = z.output<typeof settingsSchema>;

function isProjectPath(text: string): boolean {
  return /^[\w.-]+(\/[\w.-]+)+$/.test(text) && !/(^|\/)\.\.?(\/|$)/.test(text);
}

/** The address of GitLab, without a slash at its end. `CONFIG_INVALID` where no token may be sent there. */
export function readBaseUrl(text: string): string {
  const url = checkBaseUrl(text, { adapter: adapterId, secret: 'token' });
  const path = url.pathname.replace(/\/+$/, '');
  if (/\/api(\/v\d+)?$/.test(path)) {
    throw invalidSetting('baseUrl', 'must be the address of GitLab itself: /api/v4 is put behind it');
  }
  return `${url.origin}${path}`;
}

/** Throws `CONFIG_INVALID` where an address isn't for git. */
export function checkRemote(remote: string | null): void {
  const flaw = remote === null ? null : findRemoteFlaw(remote);
  if (flaw !== null) throw invalidSetting('remote', flaw);
}
