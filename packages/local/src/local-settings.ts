import { resolvePath } from '@baton/adapter-kit';
import type { AdapterSettings, JsonValue } from '@baton/core';
import { BatonError } from '@baton/core';
import { z } from 'zod';
import { adapterId } from './map-error.js';

/** JSON Schema of the settings. */
export const settingsSchema: JsonValue = {
  type: 'object',
  properties: {
    path: {
      type: 'string',
      minLength: 1,
      default: '.baton/local',
      description: 'The folder with issues and pull requests, relative to the configuration file.',
    },
    remote: {
      type: 'string',
      minLength: 1,
      default: '.',
      description: 'Any git URL, or a path relative to the configuration file. Without credentials.',
    },
  },
  additionalProperties: false,
};

const shape = z.looseObject({ path: z.string().min(1).optional(), remote: z.string().min(1).optional() });

/** Where things are, absolute. */
export interface LocalPlaces {
  readonly root: string;
  readonly remote: string;
}

/** Reads the settings. `CONFIG_INVALID` where one is wrong. */
export function readSettings(settings: AdapterSettings, configDirectory: string): LocalPlaces {
  const parsed = shape.safeParse(settings);
  if (!parsed.success) {
    const setting = String(parsed.error.issues[0]?.path[0] ?? 'settings');
    throw invalid(setting, 'must be text that is not empty');
  }
  const { path = '.baton/local', remote = '.' } = parsed.data;
  return { root: resolvePath(path, configDirectory), remote: toRemote(remote, configDirectory) };
}

function toRemote(remote: string, configDirectory: string): string {
  if (remote.startsWith('-')) throw invalid('remote', 'must not begin with a dash: git would take it for an option');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(remote)) throw invalid('remote', 'must not hold control characters');
  if (/^[a-z][a-z0-9+.-]*::/i.test(remote)) throw invalid('remote', 'must not name a remote helper, such as ext::');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(remote)) {
    const authority = /^[^:]+:\/\/([^/]*)/.exec(remote)?.[1] ?? '';
    if (/:[^@]*@/.test(authority) || (/^https?:/i.test(remote) && authority.includes('@'))) {
      throw invalid('remote', 'must not hold a user name or password; let git reach it by an SSH key');
    }
    return remote;
  }
  // As git tells host:path from a path: a colon before the first slash.
  const isHostPath = /^[^/\\]+:/.test(remote) && !/^[a-z]:[\\/]/i.test(remote);
  return isHostPath ? remote : resolvePath(remote, configDirectory);
}

function invalid(setting: string, sentence: string): BatonError<'CONFIG_INVALID'> {
  return new BatonError('CONFIG_INVALID', `The setting ${setting} of ${adapterId} ${sentence}.`, {
    adapter: adapterId,
    details: { setting },
    fix: `change ${setting}`,
  });
}
