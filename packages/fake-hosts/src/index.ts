export type { ClosedIssue } from './closing-keywords.js';
export { closedOnGithub, closedOnGitlab } from './closing-keywords.js';
export type { GitHttpFault } from './git/git-faults.js';
export type { GitHttpOptions, GitHttpServer } from './git/git-http.js';
export { createGitHttpServer } from './git/git-http.js';
export { scratchGit } from './git/scratch-git.js';
export type { FakeGithubAccess, FakeGithubPermission } from './github/access.js';
export type { FakeGithub, FakeGithubOptions } from './github/create-fake-github.js';
export { createFakeGithub } from './github/create-fake-github.js';
export type { FakeGithubApp } from './github/credentials.js';
export type { FakeGithubIssue, FakeGithubPull, FakeGithubRepository } from './github/people.js';
export type { FakeGitlab, FakeGitlabOptions } from './gitlab/create-fake-gitlab.js';
export { createFakeGitlab } from './gitlab/create-fake-gitlab.js';
export type {
  FakeGitlabIssue,
  FakeGitlabIssueChange,
  FakeGitlabMergeRequest,
  FakeGitlabProject,
} from './gitlab/fake-project.js';
export type { FakeGitlabJob } from './gitlab/run-pipeline.js';
export type { HttpServer } from './server.js';
export type { FaultMatch, HttpFault } from './server-fault.js';
export type { HttpAnswer, HttpRequest, LoggedRequest } from './server-message.js';
export type { HttpQuota } from './server-quota.js';
