import type { Actor } from '@baton/core';
import { z } from 'zod';
import type { GithubCall, GithubClient, GithubCredentials } from './client.js';
import { misshapen } from './map-error.js';

/** A number of any size. */
export const idShape = z.union([z.number(), z.bigint(), z.string()]).transform(String);

/** An account, as REST tells it. */
export const userShape = z.looseObject({ id: idShape, login: z.string(), type: z.string().nullish() });

/** An account, as GraphQL tells it: by the fragment `who`. */
export const whoShape = z
  .looseObject({ __typename: z.string(), login: z.string(), databaseId: idShape.nullish() })
  .nullish();

/** What `whoShape` reads. */
export const whoFragment = `fragment who on Actor {
  __typename login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Mannequin { databaseId }
  ... on Organization { databaseId }
}`;

/** Baton's own account. */
export interface Self {
  readonly id: string;
  readonly login: string;
}

/** An account as the contracts have it. Null for one that was deleted. */
export function toActor(user: z.infer<typeof userShape> | null | undefined, self: Self): Actor | null {
  if (!user) return null;
  const kind = user.id === self.id ? 'self' : user.type === 'Bot' ? 'bot' : 'person';
  return { id: user.id, login: user.login, kind };
}

/** The same from GraphQL, which leaves `[bot]` off the logins of bots. Null where it doesn't tell who. */
export function whoToActor(who: z.infer<typeof whoShape>, self: Self): Actor | null {
  if (!who || who.databaseId === null || who.databaseId === undefined) return null;
  const isBot = who.__typename === 'Bot';
  const login = isBot && !who.login.endsWith('[bot]') ? `${who.login}[bot]` : who.login;
  return toActor({ id: who.databaseId, login, type: isBot ? 'Bot' : 'User' }, self);
}

/** Who goes by an id, or by a login that isn't of digits alone. Null where nobody does. */
export async function findActor(
  client: GithubClient,
  reference: string,
  self: Self,
  call: Omit<GithubCall, 'what'>,
): Promise<Actor | null> {
  const what = `look up the account ${reference}`;
  const isId = /^\d+$/.test(reference);
  // GitHub's route by id takes nothing that is no number.
  const [route, parameters] = isId
    ? ['GET /user/{account_id}', { account_id: reference }]
    : ['GET /users/{username}', { username: reference }];
  return toActor(await client.get(route, parameters, userShape, { ...call, what }), self);
}

/** Tells Baton's own account. */
export type SelfLookup = (call: Omit<GithubCall, 'what'>) => Promise<Self>;

/** Looks the account up once. */
export function createSelfLookup(client: GithubClient, credentials: GithubCredentials): SelfLookup {
  let known: Self | null = null;
  const look = async (call: Omit<GithubCall, 'what'>): Promise<Self> => {
    const what = "look up Baton's own account";
    const read = async (route: string, parameters: object): Promise<Self> =>
      (await client.get(route, parameters, userShape, { ...call, what })) ?? Promise.reject(misshapen(what, '404'));
    if (credentials.kind === 'token') return read('GET /user', {});
    const app = await client.get('GET /app', {}, z.looseObject({ slug: z.string() }), { ...call, what });
    if (!app) throw misshapen(what, '404');
    return read('GET /users/{username}', { username: `${app.slug}[bot]` });
  };
  return async (call) => {
    const { id, login } = known ?? (await look(call));
    known = { id, login };
    return known;
  };
}
