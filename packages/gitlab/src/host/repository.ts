import { BatonError } from '@baton/core';
import type { GitlabApi } from './api.js';
import { adapterId, noAccess, unreadable } from './map-error.js';
import { type GitlabProject, projectShape, read } from './shapes.js';

/** One project of GitLab. */
export interface Project {
  /** As configured: names issues even after a rename. */
  readonly repository: string;
  /** Its number, looked up once: a renamed project keeps it. */
  id(api: GitlabApi): Promise<number>;
  /** As it is now. */
  read(api: GitlabApi): Promise<GitlabProject>;
  /** Whether strangers can read it, as it was told last. */
  isPublic(api: GitlabApi): Promise<boolean>;
  /** Its path now, asked each time: a rename ends at once what went by the earlier one. */
  path(api: GitlabApi): Promise<string>;
}

export function createProject(repository: string): Project {
  let known: GitlabProject | null = null;
  const fetchProject = async (api: GitlabApi): Promise<GitlabProject> => {
    try {
      // By its number once that is known: GitLab answers a write by an old path 405.
      const found = read(projectShape, await api.projects.show(known?.id ?? repository), 'a project');
      if (!/^[\w.-]+(\/[\w.-]+)+$/.test(found.path_with_namespace)) {
        throw unreadable('a path of a project', found.path_with_namespace);
      }
      known = found;
      return found;
    } catch (error) {
      if (!BatonError.is(error, 'NOT_FOUND')) throw error;
      throw noAccess(`${adapterId}: the project ${repository} isn't there, or the token may not see it.`, repository);
    }
  };
  return {
    repository,
    id: async (api) => (known ?? (await fetchProject(api))).id,
    read: fetchProject,
    isPublic: async (api) => (known ?? (await fetchProject(api))).visibility === 'public',
    path: async (api) => (await fetchProject(api)).path_with_namespace,
  };
}
