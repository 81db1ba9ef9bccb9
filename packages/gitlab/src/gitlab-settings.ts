import { checkBaseUrl } from '@baton/adapter-kit';
import type { AdapterSettings, JsonValue } from '@baton/core';
import { z } from 'zod';
import { adapterId, invalidSetting } from './map-error.js';

/** JSON Schema of the settings. */
export const settingsSchema: JsonValue = {
  type: 'object',
  properties: {
    repository: { type: 'string', minLength: 3, description: 'Path of the project, such as group/project.' },
    baseUrl: {
      type: 'string',
      minLength: 1,
      default: 'https://gitlab.com',
      description: 'Address of GitLab; with its path where it has one.',
    },
    tokenEnv: {
      type: 'string',
      minLength: 1,
      default: 'GITLAB_TOKEN',
      description: 'Name of the environment variable that holds the access token.',
    },
    remote: {
      type: 'string',
      minLength: 1,
      description: 'Address that git takes in place of the project’s own. Without credentials.',
    },
  },
  additionalProperties: false,
};

const text = z.string().min(1);
const shape = z.looseObject({
  repository: text.optional(),
  baseUrl: text.optional(),
  tokenEnv: text.optional(),
  remote: text.optional(),
});

/** Where a project is, and by what it is reached. */
export interface GitlabSettings {
  readonly repository: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly tokenEnv: string;
  readonly remote: string | null;
}

/** Reads the settings. `CONFIG_INVALID` where one is wrong. */
export function readSettings(settings: AdapterSettings): GitlabSettings {
  const parsed = shape.safeParse(settings);
  if (!parsed.success) {
    throw invalidSetting(String(parsed.error.issues[0]?.path[0] ?? 'settings'), 'must be text that is not empty');
  }
  const { repository, baseUrl = 'https://gitlab.com', tokenEnv = 'GITLAB_TOKEN', remote = null } = parsed.data;
  if (repository === undefined) throw invalidSetting('repository', 'is missing: the path of a project, group/project');
  if (!/^[\w.-]+(\/[\w.-]+)+$/.test(repository) || /(^|\/)\.\.?(\/|$)/.test(repository)) {
    throw invalidSetting('repository', 'must be the path of a project, such as group/project');
  }
  const url = checkBaseUrl(baseUrl, { adapter: adapterId, secret: 'token' });
  if (remote !== null) checkRemote(remote);
  return { repository, baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, tokenEnv, remote };
}

function checkRemote(remote: string): void {
  if (remote.startsWith('-'))
    throw invalidSetting('remote', 'must not begin with a dash: git would take it for an option');
  if (/\p{Cc}/u.test(remote)) throw invalidSetting('remote', 'must not hold control characters');
  if (/^[a-z][a-z0-9+.-]*::/i.test(remote))
    throw invalidSetting('remote', 'must not name a remote helper, such as ext::');
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/]*)/i.exec(remote)?.[1] ?? '';
  if (/:[^@]*@/.test(authority) || (/^https?:/i.test(remote) && authority.includes('@'))) {
    throw invalidSetting('remote', 'must not hold a user name or password');
  }
}
