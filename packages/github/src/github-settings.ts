import { checkBaseUrl } from '@baton/adapter-kit';
import type { AdapterSettings, JsonValue } from '@baton/core';
import { BatonError } from '@baton/core';
import { z } from 'zod';
import { adapterId } from './map-error.js';

/** JSON Schema of the settings. */
export const settingsSchema: JsonValue = {
  type: 'object',
  properties: {
    repository: { type: 'string', pattern: '^[^/\\s]+/[^/\\s]+$', description: 'owner/name.' },
    baseUrl: {
      type: 'string',
      default: 'https://api.github.com',
      description: 'Address of the REST interface; of GitHub Enterprise https://HOST/api/v3.',
    },
    tokenEnv: {
      type: 'string',
      minLength: 1,
      default: 'GITHUB_TOKEN',
      description: 'Environment variable that holds a token.',
    },
    app: {
      type: 'object',
      properties: {
        id: { type: 'integer', minimum: 1, description: "The App's id." },
        installation: { type: 'integer', minimum: 1, description: 'Id of its installation for the owner.' },
        privateKeyEnv: {
          type: 'string',
          minLength: 1,
          default: 'GITHUB_APP_PRIVATE_KEY',
          description: 'Environment variable that holds its private key, PEM; \\n stands for a line break.',
        },
      },
      required: ['id', 'installation'],
      additionalProperties: false,
      description: 'Work as a GitHub App, in the place of a token.',
    },
    remote: { type: 'string', minLength: 1, description: 'Git address, where it is not the usual one.' },
    reviewers: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: [],
      description: 'Logins that are asked for a review of each new pull request.',
    },
  },
  required: ['repository'],
  additionalProperties: false,
};

const shape = z.looseObject({
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name'),
  baseUrl: z.string().optional(),
  tokenEnv: z.string().min(1).optional(),
  app: z
    .looseObject({
      id: z.int().positive(),
      installation: z.int().positive(),
      privateKeyEnv: z.string().min(1).optional(),
    })
    .optional(),
  remote: z.string().min(1).optional(),
  reviewers: z.array(z.string().min(1)).optional(),
});

/** Where GitHub is, and which of its repositories is meant. */
export interface GithubPlace {
  readonly owner: string;
  readonly name: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Git address, without credentials. Null: the usual one, by the name that the repository has now. */
  readonly remote: string | null;
  readonly reviewers: readonly string[];
}

/** Names of the variables that hold the credentials. */
export type GithubCredentialNames =
  | { readonly kind: 'token'; readonly tokenEnv: string }
  | { readonly kind: 'app'; readonly id: number; readonly installation: number; readonly privateKeyEnv: string };

/** Reads the settings. `CONFIG_INVALID` where one is wrong. */
export function readSettings(settings: AdapterSettings): {
  readonly place: GithubPlace;
  readonly credentials: GithubCredentialNames;
} {
  const parsed = shape.safeParse(settings);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(issue?.path.join('.') ?? 'settings', issue?.message ?? 'is wrong');
  }
  const { repository, app, tokenEnv = 'GITHUB_TOKEN', reviewers = [] } = parsed.data;
  const baseUrl = readBaseUrl(parsed.data.baseUrl ?? 'https://api.github.com');
  const [owner = '', name = ''] = repository.split('/');
  return {
    place: {
      ...{ owner, name, baseUrl, reviewers },
      remote: parsed.data.remote === undefined ? null : readRemote(parsed.data.remote),
    },
    credentials: app
      ? {
          kind: 'app',
          id: app.id,
          installation: app.installation,
          privateKeyEnv: app.privateKeyEnv ?? 'GITHUB_APP_PRIVATE_KEY',
        }
      : { kind: 'token', tokenEnv },
  };
}

function readBaseUrl(text: string): string {
  const url = checkBaseUrl(text, { adapter: adapterId, secret: 'token' });
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function readRemote(text: string): string {
  if (text.startsWith('-')) throw invalid('remote', 'must not begin with a dash: git would take it for an option');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(text)) throw invalid('remote', 'must not hold control characters');
  if (/^[a-z][a-z0-9+.-]*::/i.test(text)) throw invalid('remote', 'must not name a remote helper, such as ext::');
  const url = URL.canParse(text) ? new URL(text) : null;
  const isWeb = url !== null && /^https?:$/.test(url.protocol);
  if (url && (url.password !== '' || (isWeb && url.username !== ''))) {
    throw invalid('remote', 'must not hold a user name or password');
  }
  return text;
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
