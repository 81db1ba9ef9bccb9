import type { Actor, CallOptions, Clock, Permission } from '@baton/core';
import { BatonError } from '@baton/core';
import { z } from 'zod';
import { type Self, type SelfLookup, userShape } from './actor.js';
import { type BoundedMap, createBoundedMap } from './bounded-map.js';
import type { GithubCall, GithubClient } from './github-client.js';
import { adapterId, notFound } from './map-error.js';

const repositoryShape = z.looseObject({ full_name: z.string(), private: z.boolean() });
const permissionShape = z.looseObject({ permission: z.string(), user: userShape.nullish() });

/** How long what is known of a repository counts. */
const knownForMs = 10 * 60_000;
const mostComments = 500;

/** One repository, and what source and forge both ask of it. */
export interface Repository {
  readonly client: GithubClient;
  readonly owner: string;
  readonly name: string;
  /** `owner/name`, as configured. */
  readonly fullName: string;
  /** Parameters of every route below `/repos/{owner}/{repo}`. */
  readonly at: { readonly owner: string; readonly repo: string };
  /** Baton's comments by number and topic, as this process wrote them last: an edit needs no list. */
  readonly comments: BoundedMap<string, { readonly id: string; readonly body: string }>;
  self(call: Omit<GithubCall, 'what'>): Promise<Self>;
  /** Its present name and whether strangers can't read it. `NOT_FOUND` where it can't be seen. */
  facts(call: Omit<GithubCall, 'what'>): Promise<{ readonly fullName: string; readonly isPrivate: boolean }>;
  permission(actor: Actor, options?: CallOptions): Promise<Permission>;
}

/** Does no input or output. */
export function createRepository(
  client: GithubClient,
  self: SelfLookup,
  place: { readonly owner: string; readonly name: string },
  clock: Clock,
): Repository {
  const { owner, name } = place;
  const at = { owner, repo: name };
  const fullName = `${owner}/${name}`;
  let known: { readonly fullName: string; readonly isPrivate: boolean; readonly at: number } | null = null;
  return {
    ...{ client, owner, name, fullName, at, self },
    comments: createBoundedMap(mostComments),
    async facts(call) {
      if (known && clock.monotonic() - known.at < knownForMs) return known;
      const what = `read the repository ${fullName}`;
      const found = await client.get('GET /repos/{owner}/{repo}', at, repositoryShape, { ...call, what });
      if (!found) {
        throw notFound(`repository ${fullName}`, 'check the name, and that the token or App has access to it');
      }
      known = { fullName: found.full_name, isPrivate: found.private, at: clock.monotonic() };
      return known;
    },
    async permission(actor, options) {
      const what = `look up what ${actor.login} may do in ${fullName}`;
      const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
      const { status, data } = await client.request(
        route,
        { ...at, username: actor.login },
        { ...options, what, accept: [404] },
      );
      // A login that is nobody's may do nothing. Any other 404 says that we may not ask.
      if (status === 404 && /is not a user/i.test(String(data))) return 'none';
      const parsed = permissionShape.safeParse(data);
      if (status === 404 || !parsed.success) throw refused(what);
      // The login may be somebody else's by now.
      if (parsed.data.user && parsed.data.user.id !== actor.id) return 'none';
      return toPermission(parsed.data.permission);
    },
  };
}

/** GitHub folds its finer roles into these: maintain is told as write, triage as read. */
function toPermission(word: string): Permission {
  return word === 'admin' || word === 'write' || word === 'read' ? word : 'none';
}

function refused(what: string): BatonError<'PERMISSION_DENIED'> {
  return new BatonError('PERMISSION_DENIED', `GitHub doesn't let us ${what}.`, {
    adapter: adapterId,
    details: { resource: what },
    fix: 'give the token write access to the repository: only with it permissions can be read',
  });
}
