import type { CallOptions } from '@baton/core';
import type { Project } from '../project/project.js';
import { type FoundPolicy, type PolicyBase, readPolicy } from './read-policy.js';

/** What the base branch of a project's repository asks now. */
export interface BasePolicy extends PolicyBase {
  readonly found: FoundPolicy;
}

/** Fetches the base branch and reads it there. Rejects where the repository can't be reached. */
export async function readBasePolicy(project: Project, options: CallOptions = {}): Promise<BasePolicy> {
  const { forge, workspaces } = project;
  const branch = await forge.defaultBranch(options);
  const remote = await forge.remote(options);
  const { repository } = forge;
  const commit = await workspaces.fetch({ repository, remote, branch, readableBy: 'commands' }, options);
  return { branch, commit, found: await readPolicy(project, { branch, commit }, options) };
}
