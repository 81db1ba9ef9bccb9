export { default } from './adapter.js';
export type { GitWorktreeParts, GitWorktrees } from './git-worktrees.js';
export { createGitWorktrees } from './git-worktrees.js';
export { listFileCommits } from './person/file-commits.js';
export type { FileCommit } from './person/read-file-commits.js';
export type { GitWorktreeSettings, SetupSettings } from './settings/settings.js';
