import { defineAdapter } from '@baton/adapter-kit';
import { createGitWorktrees } from './git-worktrees.js';
import { mapSettings, settingsSchema } from './settings/settings.js';

/** What configuration names by `use: git-worktree`. */
export default defineAdapter({
  id: 'git-worktree',
  settings: settingsSchema,
  workspaces: (settings, host) => createGitWorktrees(mapSettings(settings, host.configDirectory), host),
});
