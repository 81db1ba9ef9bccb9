import type { Actor, CallOptions, Clock, Permission } from '@baton/core';
import { BatonError } from '@baton/core';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { findActor, type Self, type SelfLookup, userShape } from './actor.js';
import type { GithubCall, GithubClient } from './client.js';
import { adapterId, notFound } from './map-error.js';
import type { AccountProbes } from './probes/account-probes.js';
import { createObservationCache, type ObservationCache } from './probes/observation-cache.js';
import { createRepositoryWatch, type RepositoryWatch } from './probes/repository-watch.js';
import { type BareIssues, createBareIssues } from './probes/uncommented-issues.js';

const repositoryShape = z.looseObject({
  full_name: z.string(),
  private: z.boolean(),
  default_branch: z.string().nullish(),
});
const permissionShape = z.looseObject({ permission: z.string(), user: userShape.nullish() });

/** How long what is known of a repository counts. */
const knownForMs = 10 * 60_000;
const mostComments = 500;

/** One repository, and what source and forge both ask of it. */
export interface Repository {
  readonly client: GithubClient;
  readonly clock: Clock;
  readonly owner: string;
  readonly name: string;
  /** `owner/name`, as configured. */
  readonly fullName: string;
  /** Parameters of every route below `/repos/{owner}/{repo}`. */
  readonly at: { readonly owner: string; readonly repo: string };
  /** Baton's comments by number and topic, as this process wrote them last: an edit needs no list. */
  readonly comments: LRUCache<string, { readonly id: string; readonly body: string }>;
  readonly bare: BareIssues;
  /** Tells the watcher which pull requests nothing happened to. */
  readonly observationCache: ObservationCache;
  /** Tells polls that nothing changed. */
  readonly watch: RepositoryWatch;
  self(call: Omit<GithubCall, 'what'>): Promise<Self>;
  /** Its present name and whether strangers can't read it. `NOT_FOUND` where it can't be seen. */
  facts(call: Omit<GithubCall, 'what'>): Promise<{ readonly fullName: string; readonly isPrivate: boolean }>;
  /** `owner/name` as it is called now, asked each time: a rename ends at once what went by the earlier name. */
  presentName(call: Omit<GithubCall, 'what'>): Promise<string>;
  /** `NOT_FOUND` where it can't be seen any more: what is missing in it then need not be gone. */
  confirmSeen(call: Omit<GithubCall, 'what'>): Promise<void>;
  /** As it is called now. `NOT_FOUND` where there is no commit yet. */
  defaultBranch(call: Omit<GithubCall, 'what'>): Promise<string>;
  permission(actor: Actor, options?: CallOptions): Promise<Permission>;
  findActor(reference: string, options?: CallOptions): Promise<Actor | null>;
}

/** Does no input or output. */
export function createRepository(
  client: GithubClient,
  self: SelfLookup,
  probes: AccountProbes,
  place: { readonly owner: string; readonly name: string },
  clock: Clock,
): Repository {
  const { owner, name } = place;
  const at = { owner, repo: name };
  const fullName = `${owner}/${name}`;
  let known: { readonly fullName: string; readonly isPrivate: boolean; readonly at: number } | null = null;
  let hasCommits = false;
  const read = async (call: Omit<GithubCall, 'what'>): Promise<z.infer<typeof repositoryShape>> => {
    const what = `read the repository ${fullName}`;
    const found = await client.get('GET /repos/{owner}/{repo}', at, repositoryShape, { ...call, what });
    if (found) return found;
    throw notFound(`repository ${fullName}`, 'check the name, and that the token or App has access to it');
  };
  const look = async (call: Omit<GithubCall, 'what'>) => {
    const found = await read(call);
    known = { fullName: found.full_name, isPrivate: found.private, at: clock.monotonic() };
    return known;
  };
  return {
    ...{ client, clock, owner, name, fullName, at, self },
    comments: new LRUCache({ max: mostComments }),
    bare: createBareIssues(clock),
    observationCache: createObservationCache(
      fullName,
      (number, options) => probes.pulls(client, { owner, name, number }, options),
      clock,
    ),
    watch: createRepositoryWatch(fullName, (options) => probes.repositories(client, { owner, name }, options), clock),
    async facts(call) {
      if (known && clock.monotonic() - known.at < knownForMs) return known;
      return await look(call);
    },
    presentName: async (call) => (await look(call)).fullName,
    async confirmSeen(call) {
      await read(call);
    },
    async defaultBranch(call) {
      const branch = (await read(call)).default_branch;
      if (!branch) throw emptyRepository(fullName);
      if (!hasCommits) {
        // An empty repository has a name for the branch too. Once there is a commit, there always is one.
        const what = `look for the default branch of ${fullName}`;
        const route = 'GET /repos/{owner}/{repo}/branches/{branch}';
        hasCommits = (await client.get(route, { ...at, branch }, z.unknown(), { ...call, what })) !== null;
        if (!hasCommits) throw emptyRepository(fullName);
      }
      return branch;
    },
    async findActor(reference, options) {
      options?.signal?.throwIfAborted();
      if (reference.trim() === '') return null;
      return findActor(client, reference, await self({ ...options }), { ...options });
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

function emptyRepository(fullName: string): BatonError<'NOT_FOUND'> {
  return notFound(`default branch in ${fullName}: it is empty`, 'push a first commit');
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
