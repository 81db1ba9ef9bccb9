import { join } from 'node:path';
import { defineAdapter, resolvePath } from '@baton/adapter-kit';
import { z } from 'zod';
import { createSqliteStore } from './sqlite-store.js';

/** What configuration names by `use: sqlite`. */
export default defineAdapter({
  id: 'sqlite',
  settings: z.strictObject({
    path: z
      .string()
      .min(1)
      .exactOptional()
      .describe('The file of the store, relative to the configuration. Default: store.db in the state directory'),
  }),
  store: ({ path }, { stateDirectory, configDirectory, runtime, log }) =>
    createSqliteStore({
      path: path === undefined ? join(stateDirectory, 'store.db') : resolvePath(path, configDirectory),
      runtime,
      log,
    }),
});
