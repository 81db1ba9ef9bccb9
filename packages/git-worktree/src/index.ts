export { default } from './adapter.js';
export type { GitWorktreeParts, GitWorktrees } from './git-worktrees.js';
export { createGitWorktrees } from './git-worktrees.js';
export type { FileCommit } from './person/file-commits.js';
export { listFileCommits } from './person/file-commits.js';
export type { GitWorktreeSettings, SetupSettings } from './settings/settings.js';
