import type { AdapterPackage, JsonValue } from '@baton/core';
import { z } from 'zod';
import { createGitWorktrees } from './git-worktrees.js';
import { mapSettings, settingsSchema } from './settings.js';

/** `use: git-worktree`. */
const adapter: AdapterPackage = {
  id: 'git-worktree',
  settingsSchema: z.toJSONSchema(settingsSchema) as JsonValue,
  connect: (settings, host) => {
    mapSettings(settings, host.configDirectory);
    return { workspaces: (own) => createGitWorktrees(mapSettings(own, host.configDirectory), host) };
  },
};

export default adapter;
