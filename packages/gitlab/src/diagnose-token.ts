import type { Diagnosis } from '@baton/core';
import { BatonError } from '@baton/core';
import type { GitlabApi } from './api.js';
import type { People } from './people.js';
import type { Project } from './project.js';

/** What the token is, and what it may do in the project. */
export async function* diagnoseToken(parts: {
  readonly api: GitlabApi;
  readonly people: People;
  readonly project: Project;
  readonly signal: AbortSignal | undefined;
}): AsyncIterable<Diagnosis> {
  const { api, people, project, signal } = parts;
  const line = async (check: string, look: () => Promise<Diagnosis>): Promise<Diagnosis> => {
    try {
      return await look();
    } catch (error) {
      signal?.throwIfAborted();
      const detail = error instanceof Error ? error.message : String(error);
      const fix = BatonError.is(error) && error.fix !== undefined ? error.fix : 'check token, baseUrl and repository';
      return { check, ok: false, detail, fix };
    }
  };
  yield await line('token', async () => {
    const { login } = await people.self(api);
    return { check: 'token', ok: true, detail: `It is that of @${login}.`, fix: null };
  });
  yield await line('project', async () => {
    const { path_with_namespace: path } = await project.read(api);
    const isRenamed = path.toLowerCase() !== project.repository.toLowerCase();
    return {
      check: 'project',
      ok: !isRenamed,
      detail: isRenamed ? `${project.repository} is called ${path} now.` : `${path} can be read.`,
      fix: isRenamed ? `set repository to ${path}` : null,
    };
  });
  yield await line('role', async () => {
    const permission = await people.permission(await people.self(api), api);
    const ok = permission === 'write' || permission === 'admin';
    const role = { none: 'no member', read: 'Guest or Reporter', write: 'Developer', admin: 'Maintainer or Owner' }[
      permission
    ];
    return {
      check: 'role',
      ok,
      detail: `Baton's account is ${role} in ${project.repository}.`,
      fix: ok ? null : 'give it the role Developer or Maintainer: it pushes branches and opens merge requests',
    };
  });
}
