export type { GitHttpFault } from './git-http/git-faults.js';
export type { ClosedIssue } from './http/closing-keywords.js';
export { closedOnGithub, closedOnGitlab } from './http/closing-keywords.js';
export type { FakeGithubAccess, FakeGithubPermission } from './http/github/access.js';
export type { FakeGithub, FakeGithubOptions } from './http/github/create-fake-github.js';
export { createFakeGithub } from './http/github/create-fake-github.js';
export type { FakeGithubApp } from './http/github/credentials.js';
export type { FakeGithubIssue, FakeGithubPull, FakeGithubRepository } from './http/github/people.js';
export type { FakeGitlab, FakeGitlabOptions } from './http/gitlab/create-fake-gitlab.js';
export { createFakeGitlab } from './http/gitlab/create-fake-gitlab.js';
export type {
  FakeGitlabIssue,
  FakeGitlabIssueChange,
  FakeGitlabMergeRequest,
  FakeGitlabProject,
} from './http/gitlab/people.js';
export type { FakeGitlabJob } from './http/gitlab/run-pipeline.js';
export type { HttpServer } from './http/server.js';
export type { FaultMatch, HttpFault } from './http/server-fault.js';
export type { HttpAnswer, HttpRequest, LoggedRequest } from './http/server-message.js';
export type { HttpQuota } from './http/server-quota.js';
