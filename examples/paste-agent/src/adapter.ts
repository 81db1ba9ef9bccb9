import { defineAdapter } from '@baton/adapter-kit';
import { z } from 'zod';
import { createPasteAgent } from './paste-agent.ts';

/** Serves `use: "@example/paste-agent"`. */
export default defineAdapter({
  id: 'paste',
  settings: z.strictObject({
    maxFiles: z.int().min(1).default(20).describe('How many files one task may hold'),
  }),
  agent: ({ maxFiles }) => createPasteAgent(maxFiles),
});
