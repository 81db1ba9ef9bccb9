import type { Actor, CallOptions } from '@baton/core';
import { BatonError } from '@baton/core';

/** What in-memory adapters let tests count and break. */
export interface CallFaults {
  /** How often each method of the contract was called. */
  readonly calls: Map<string, number>;
  /** While a method stands here, its calls reject with this. */
  readonly failures: Map<string, Error>;
}

/** Counts a call; throws where it was aborted before it began, or was made to fail. */
export function beginCall(faults: CallFaults, method: string, options: CallOptions | undefined): void {
  faults.calls.set(method, (faults.calls.get(method) ?? 0) + 1);
  options?.signal?.throwIfAborted();
  const failure = faults.failures.get(method);
  if (failure) throw failure;
}

/** The actor of a login. `baton` is Baton's own account, everybody else a person. */
export function toActor(actor: string | Actor): Actor {
  if (typeof actor !== 'string') return actor;
  return { id: actor, login: actor, kind: actor === 'baton' ? 'self' : 'person' };
}

/** The actors of a world, by login: whoever isn't there is a person, and Baton's own account is there. */
export function createActorOf(accounts: ReadonlyMap<string, Actor>): (actor: string | Actor) => Actor {
  return (actor) => (typeof actor === 'string' ? (accounts.get(actor) ?? toActor(actor)) : actor);
}

/** Who goes by an id or a login: of the accounts, of whoever has a permission, or Baton itself. */
export function findActorIn(
  accounts: ReadonlyMap<string, Actor>,
  people: ReadonlyMap<string, unknown>,
  reference: string,
): Actor | null {
  const found = accounts.get(reference) ?? [...accounts.values()].find(({ id }) => id === reference);
  if (found) return found;
  return people.has(reference) || reference === 'baton' ? toActor(reference) : null;
}

/** What a write to something that isn't there rejects with. */
export function notFound(what: string): BatonError<'NOT_FOUND'> {
  return new BatonError('NOT_FOUND', `There is no ${what}.`, { details: { resource: what }, adapter: 'memory' });
}
