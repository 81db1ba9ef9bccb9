import { join } from 'node:path';
import { resolvePath } from '@baton/adapter-kit';
import { type AdapterHost, type AdapterPackage, type AdapterSettings, BatonError } from '@baton/core';
import { z } from 'zod';
import { createSqliteStore } from './sqlite-store.js';

const settingsShape = z.looseObject({ path: z.string().min(1).optional() });

function readPath(settings: AdapterSettings, host: AdapterHost): string {
  const parsed = settingsShape.safeParse(settings);
  if (!parsed.success) {
    throw new BatonError('CONFIG_INVALID', 'The setting `path` of the store must be the path of a file.', {
      details: { setting: 'path' },
      adapter: 'sqlite',
      fix: 'Write a path, or leave it out: the store then stands in the state directory.',
      cause: parsed.error,
    });
  }
  const { path } = parsed.data;
  if (path === undefined) return join(host.stateDirectory, 'store.db');
  return resolvePath(path, host.configDirectory);
}

const adapter: AdapterPackage = {
  id: 'sqlite',
  settingsSchema: {
    type: 'object',
    properties: {
      path: {
        type: 'string',
        minLength: 1,
        description: 'The file of the store, relative to the configuration. Default: store.db in the state directory.',
      },
    },
  },
  connect: (connection, host) => {
    const path = readPath(connection, host);
    return {
      store: (settings) =>
        createSqliteStore({
          path: settings['path'] === undefined ? path : readPath(settings, host),
          runtime: host.runtime,
          log: host.log,
        }),
    };
  },
};

export default adapter;
