import type { CallOptions, Diagnosis } from '@baton/core';
import { BatonError } from '@baton/core';
import type { GithubAnswer } from './answer.js';
import {
  accessName,
  type GithubPart,
  type GithubPermission,
  neededPermissions,
  serves,
} from './diagnose-permissions.js';
import { canPush } from './diagnose-push.js';
import { quote } from './map-error.js';
import type { Repository } from './repository.js';

/** What is known of the repository that a token is tried on. */
export interface TokenScene {
  readonly repository: Repository;
  readonly parts: readonly GithubPart[];
  readonly defaultBranch: string;
  /** Where git finds it; null where that isn't GitHub's own host, or the account may not push anyway. */
  readonly cloneUrl: string | null;
  /** Whether the account may write, whatever its token may. */
  readonly hasRole: boolean;
}

/** Reads that GitHub lets through with one permission each. */
const probes: Readonly<Record<string, (scene: TokenScene) => readonly [route: string, parameters: object]>> = {
  contents: ({ repository }) => ['GET /repos/{owner}/{repo}/branches', { ...repository.at, per_page: 1 }],
  issues: ({ repository }) => ['GET /repos/{owner}/{repo}/issues', { ...repository.at, per_page: 1 }],
  pull_requests: ({ repository }) => ['GET /repos/{owner}/{repo}/pulls', { ...repository.at, per_page: 1 }],
  checks: ({ repository, defaultBranch }) => [
    'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
    { ...repository.at, ref: defaultBranch, per_page: 1 },
  ],
  statuses: ({ repository, defaultBranch }) => [
    'GET /repos/{owner}/{repo}/commits/{ref}/status',
    { ...repository.at, ref: defaultBranch, per_page: 1 },
  ],
  actions: ({ repository }) => ['GET /repos/{owner}/{repo}/actions/runs', { ...repository.at, per_page: 1 }],
};

/**
 * What a fine-grained token may do. GitHub doesn't tell, so each permission is tried by a read, and pushing by
 * what git asks before it sends anything. Whether issues and pull requests may be written shows at the first write.
 */
export async function* diagnoseToken(scene: TokenScene, options?: CallOptions): AsyncIterable<Diagnosis> {
  for (const needed of neededPermissions.filter(serves(scene.parts))) {
    const { name, key } = needed;
    try {
      if (key === 'metadata') yield await probeMetadata(scene, needed, options);
      else if (key === 'contents') yield await probeContents(scene, needed, options);
      else if (probes[key]) yield await probe(scene, needed, options);
      else yield { check: name, ok: true, detail: `GitHub doesn't tell of ${name} before a push.`, fix: null };
    } catch (error) {
      options?.signal?.throwIfAborted();
      // Nothing more would be learned.
      if (!BatonError.is(error) || error.code === 'AUTH_FAILED' || error.code === 'RATE_LIMITED') throw error;
      yield { check: name, ok: false, detail: error.message, fix: error.fix ?? 'run baton doctor again' };
    }
  }
}

async function probe(scene: TokenScene, needed: GithubPermission, options?: CallOptions): Promise<Diagnosis> {
  const [route, parameters] = probes[needed.key]?.(scene) ?? ['', {}];
  return ask(scene, needed, { route, parameters, ...options });
}

/** Whose permission is asked matters nothing: Baton's own account exists. */
async function probeMetadata(scene: TokenScene, needed: GithubPermission, options?: CallOptions): Promise<Diagnosis> {
  // GitHub tells nobody's permission to an account that may only read.
  if (!scene.hasRole) return { check: needed.name, ok: true, detail: detailOf(needed), fix: null };
  const { at, self } = scene.repository;
  const { login: username } = await self({ ...options });
  const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
  return ask(scene, needed, { route, parameters: { ...at, username }, ...options });
}

async function ask(
  { repository }: TokenScene,
  needed: GithubPermission,
  { route, parameters, ...options }: CallOptions & { readonly route: string; readonly parameters: object },
): Promise<Diagnosis> {
  const { name } = needed;
  const call = { ...options, what: `try the permission ${name} on ${repository.fullName}` };
  const { status, data, headers } = await repository.client.request(route, parameters, {
    ...call,
    accept: [403, 404, 409, 410, 422],
  });
  if (status === 200 || status === 304) return { check: name, ok: true, detail: detailOf(needed), fix: null };
  if (status === 409 || status === 422) {
    const detail = `${name} can't be tried: ${repository.fullName} holds no commit yet.`;
    return { check: name, ok: false, detail, fix: 'push a first commit' };
  }
  // Said on its own line.
  if (status === 410)
    return { check: name, ok: true, detail: `${name} can't be tried: it is switched off.`, fix: null };
  if (status === 404 || isRefusal({ status, data })) {
    const accepted = headers['x-accepted-github-permissions'];
    return refused(needed, typeof accepted === 'string' ? accepted : null);
  }
  // Another reason: a limit, single sign-on, an address that isn't allowed. Asked again, it is told as an error.
  await repository.client.request(route, parameters, call);
  return { check: name, ok: true, detail: detailOf(needed), fix: null };
}

async function probeContents(scene: TokenScene, needed: GithubPermission, options?: CallOptions): Promise<Diagnosis> {
  const { repository, cloneUrl } = scene;
  if (cloneUrl === null) return probe(scene, needed, options);
  const isAllowed = await canPush(repository, cloneUrl, options);
  return isAllowed ? { check: needed.name, ok: true, detail: 'Branches can be pushed.', fix: null } : refused(needed);
}

function detailOf({ name, access }: GithubPermission): string {
  const read = `${name} can be read`;
  return access === 'read' ? `${read}.` : `${read}; whether it can be written GitHub tells at the first write only.`;
}

/**
 * Whether a 403 is for want of a permission, by GitHub's words: what it would accept it says with every answer, of
 * a limit and of single sign-on too.
 * https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible
 */
export function isRefusal({ status, data }: Pick<GithubAnswer, 'status' | 'data'>): boolean {
  return status === 403 && /not accessible by/i.test(String(data));
}

/** The line of a permission that isn't given. `accepted` is what GitHub would let through, in its own words. */
export function refused({ name, key, access, loss }: GithubPermission, accepted: string | null = null): Diagnosis {
  const fix =
    key === 'checks'
      ? `use a GitHub App with ${name}: ${accessName(access)}, or a classic token with the scope repo: GitHub offers no ${name} for fine-grained tokens`
      : `set ${name} to ${accessName(access)} under Repository permissions of the token`;
  const asked = accepted === null ? '' : ` GitHub asks for ${quote(accepted)}.`;
  return { check: name, ok: false, detail: `The token doesn't have ${name}: ${loss}.${asked}`, fix };
}
