import type { Diagnosis } from '@baton/core';
import { BatonError, messageOf } from '@baton/core';
import { z } from 'zod';
import type { People } from './actor.js';
import type { GitlabApi } from './api.js';
import type { Project } from './repository.js';
import { read } from './shapes.js';

/** Something that Baton needs on GitLab. */
export interface GitlabNeed {
  readonly kind: 'scope' | 'role' | 'feature';
  /** As GitLab's settings call it. */
  readonly name: string;
}

/** The same list stands in docs/gitlab.md; a test compares them. */
export const gitlabNeeds: readonly GitlabNeed[] = [
  { kind: 'scope', name: 'api' },
  { kind: 'role', name: 'Developer' },
  { kind: 'feature', name: 'Issues' },
  { kind: 'feature', name: 'Merge requests' },
];

const tokenShape = z.looseObject({ scopes: z.array(z.string()), expires_at: z.string().nullish() });
const featuresShape = z.looseObject({
  archived: z.boolean().nullish(),
  issues_access_level: z.string().nullish(),
  issues_enabled: z.boolean().nullish(),
  merge_requests_access_level: z.string().nullish(),
  merge_requests_enabled: z.boolean().nullish(),
});

const roles = {
  none: 'no member',
  read: 'Guest, Planner or Reporter',
  write: 'Developer',
  admin: 'Maintainer or Owner',
} as const;

/** What the token is, and what it may do in the project. Reads only. */
export async function* diagnoseToken(parts: {
  readonly api: GitlabApi;
  readonly people: People;
  readonly project: Project;
  /** What of the project is used. */
  readonly feature: 'Issues' | 'Merge requests';
  readonly signal: AbortSignal | undefined;
}): AsyncIterable<Diagnosis> {
  const { api, people, project, feature, signal } = parts;
  const line = async (check: string, look: () => Promise<Diagnosis>): Promise<Diagnosis> => {
    try {
      return await look();
    } catch (error) {
      signal?.throwIfAborted();
      const detail = messageOf(error);
      const fix = BatonError.is(error) && error.fix !== undefined ? error.fix : 'check token, baseUrl and repository';
      return { check, ok: false, detail, fix };
    }
  };
  const scope = await line('scope api', async () => diagnoseScope(await api.personalAccessTokens.show()));
  yield scope;
  // Everything else would be refused for the same reason.
  if (!scope.ok) return;
  yield await line('token', async () => {
    const { login } = await people.self(api);
    return { check: 'token', ok: true, detail: `It is that of @${login}.`, fix: null };
  });
  yield await line('project', async () => diagnoseProject(await project.read(api), project.repository));
  yield await line('role Developer', async () => {
    const permission = await people.permission(await people.self(api), api);
    const ok = permission === 'write' || permission === 'admin';
    return {
      check: 'role Developer',
      ok,
      detail: `Baton's account is ${roles[permission]} in ${project.repository}.`,
      fix: ok ? null : 'give it the role Developer under Manage, Members: it pushes branches and opens merge requests',
    };
  });
  yield await line(feature, async () => diagnoseFeature(feature, await project.read(api)));
}

function diagnoseScope(answer: unknown): Diagnosis {
  const { scopes, expires_at: expiry } = read(tokenShape, answer, 'the token');
  const ok = scopes.includes('api');
  const until = expiry ? ` It is good until ${expiry.slice(0, 10)}.` : '';
  return {
    check: 'scope api',
    ok,
    detail: ok
      ? `The token has the scope api.${until}`
      : `The token doesn't have the scope api: issues and merge requests can't be written.${until}`,
    fix: ok ? null : 'make a new access token with the scope api',
  };
}

function diagnoseProject(found: { readonly path_with_namespace: string }, repository: string): Diagnosis {
  const { path_with_namespace: path } = found;
  const { archived } = read(featuresShape, found, 'a project');
  if (archived === true) {
    const fix = 'unarchive it under Settings, General, Advanced';
    return { check: 'project', ok: false, detail: `${path} is archived: nobody can write it.`, fix };
  }
  const isRenamed = path.toLowerCase() !== repository.toLowerCase();
  return {
    check: 'project',
    ok: !isRenamed,
    detail: isRenamed ? `${repository} is called ${path} now.` : `${path} can be read.`,
    fix: isRenamed ? `set repository to ${path}` : null,
  };
}

function diagnoseFeature(name: 'Issues' | 'Merge requests', project: unknown): Diagnosis {
  const found = read(featuresShape, project, 'a project');
  const [level, isEnabled] =
    name === 'Issues'
      ? [found.issues_access_level, found.issues_enabled]
      : [found.merge_requests_access_level, found.merge_requests_enabled];
  const isOff = level === 'disabled' || isEnabled === false;
  return {
    check: name,
    ok: !isOff,
    detail: `${name} are switched ${isOff ? 'off' : 'on'} in the project.`,
    fix: isOff ? `switch ${name} on under Settings, General, Visibility, project features, permissions` : null,
  };
}
