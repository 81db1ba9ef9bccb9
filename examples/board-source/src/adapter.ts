import { isAbsolute, join } from 'node:path';
import { defineAdapter } from '@baton/adapter-kit';
import { z } from 'zod';
import { createBoardSource } from './board-source.ts';

/** Serves `use: "@example/board-source"`. */
export default defineAdapter({
  id: 'board',
  settings: z.strictObject({
    directory: z.string().min(1).describe('Holds board.jsonl and people.json; relative to the configuration'),
    account: z.string().default('baton').describe("Login of Baton's own on the board"),
  }),
  source: ({ directory, account }, { configDirectory, runtime }) =>
    createBoardSource({
      directory: isAbsolute(directory) ? directory : join(configDirectory, directory),
      account,
      clock: runtime.clock,
    }),
});
