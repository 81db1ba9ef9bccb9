export { default } from './adapter.js';
export type { Gitlab, GitlabOptions } from './create-gitlab.js';
export { createGitlab } from './create-gitlab.js';
