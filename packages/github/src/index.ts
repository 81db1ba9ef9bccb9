export { default } from './adapter.js';
export type { Github, GithubOptions, GithubRepositoryOptions } from './create-github.js';
export { createGithub } from './create-github.js';
export type { GithubCredentials } from './host/client.js';
