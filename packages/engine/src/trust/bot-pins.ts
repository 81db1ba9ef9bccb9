import {
  type Actor,
  BatonError,
  type CallOptions,
  type Diagnosis,
  type Forge,
  type Instant,
  type IssueSource,
  type JobStore,
  messageOf,
  type Runtime,
} from '@baton/core';
import type { Project } from '../project/project.js';
import { readFact, writeFact } from '../store/fact.js';
import { type BotPin, facts } from '../store/facts.js';

/** What a look-up of an entry came to. */
export type BotLookup = { readonly entry: string; readonly host: string } & (
  | { readonly kind: 'pinned' | 'taken' | 'gone'; readonly pin: BotPin }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'no-bot'; readonly actor: Actor }
  | { readonly kind: 'failed'; readonly message: string }
);

/** Where bots are looked up and remembered. */
export interface BotSources {
  readonly project: Project;
  readonly store: JobStore;
  readonly runtime: Runtime;
}

const mostTries = 10;

/**
 * Looks up every bot that a project trusts, and pins those that weren't yet. A look-up that fails changes nothing.
 * Hosts where accounts can't be looked up tell of none: there a bot is named by its id.
 */
export async function pinBots(
  { project, store, runtime }: BotSources,
  options: CallOptions = {},
): Promise<readonly BotLookup[]> {
  const { bots } = project.trust;
  const hosts = hostsOf(project).filter(({ findActor }) => findActor !== undefined);
  if (bots.length === 0 || hosts.length === 0) return [];
  const found: (readonly [host: string, entry: string, Found])[] = [];
  for (const host of hosts) {
    for (const entry of bots) found.push([host.id, entry, await find(host, entry, options)]);
  }
  const fact = facts.botPins(project.name);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { value, version } = await readFact(store, fact, options);
    const pins = value ?? [];
    const at = runtime.clock.now();
    const lookups = found.map(([host, entry, each]) => decide(pins, { entry, host, at }, each));
    const next = merge(pins, lookups);
    if (JSON.stringify(next) === JSON.stringify(pins)) return lookups;
    if (await writeFact(store, fact, { value: next, version }, options)) return lookups;
  }
  throw new BatonError('CONFLICT', `The bots of ${project.name} could not be pinned: others kept pinning them.`, {
    details: {},
  });
}

/** Every pin of a project, also of entries that the configuration no longer has. */
export async function readBotPins(
  store: JobStore,
  project: string,
  options: CallOptions = {},
): Promise<readonly BotPin[]> {
  return (await readFact(store, facts.botPins(project), options)).value ?? [];
}

/** One line of a diagnosis about an entry. */
export function describeBot(lookup: BotLookup): Diagnosis {
  const { entry, host } = lookup;
  const told = (ok: boolean, detail: string, fix: string | null): Diagnosis => ({
    check: `trust.bots ${entry}`,
    ok,
    detail,
    fix,
  });
  switch (lookup.kind) {
    case 'pinned':
      return told(true, `${lookup.pin.login} on ${host} is id ${lookup.pin.id}, pinned ${day(lookup.pin.at)}`, null);
    case 'gone':
      return told(
        false,
        `nobody on ${host} is called ${entry} any more; id ${lookup.pin.id}, pinned ${day(lookup.pin.at)}, stays trusted`,
        `name the id ${lookup.pin.id} in its place, or take the entry out`,
      );
    case 'taken':
      return told(
        false,
        `${entry} on ${host} was id ${lookup.pin.id} when it was pinned ${day(lookup.pin.at)}, and is id ${lookup.pin.takenBy} now: neither is trusted`,
        'name the id that is meant in place of the login',
      );
    case 'unknown':
      return told(false, `nobody on ${host} is called ${entry}`, 'name the bot by its login or id as the host has it');
    case 'no-bot':
      return told(
        false,
        `${entry} on ${host} is ${lookup.actor.kind === 'self' ? "Baton's own account" : 'a person'}, and no bot`,
        'take the entry out: people are trusted by their permission',
      );
    case 'failed':
      return told(
        false,
        `${entry} can't be looked up on ${host}: ${lookup.message}`,
        'try again once the host answers',
      );
  }
}

type Found = Actor | null | { readonly failed: string };

/** Source and forge of one adapter are one host. */
function hostsOf({ source, forge }: Project): readonly (IssueSource | Forge)[] {
  return forge.id === source.id ? [source] : [source, forge];
}

async function find(host: IssueSource | Forge, entry: string, options: CallOptions): Promise<Found> {
  try {
    return (await host.findActor?.(entry, options)) ?? null;
  } catch (error) {
    options.signal?.throwIfAborted();
    return { failed: messageOf(error) };
  }
}

function decide(
  pins: readonly BotPin[],
  asked: { readonly entry: string; readonly host: string; readonly at: Instant },
  found: Found,
): BotLookup {
  const { entry, host, at } = asked;
  const pin = pins.find((each) => each.entry === entry && each.host === host);
  if (found !== null && 'failed' in found) return { entry, host, kind: 'failed', message: found.failed };
  if (found === null) return pin ? { entry, host, kind: 'gone', pin } : { entry, host, kind: 'unknown' };
  const { id, login, kind } = found;
  if (pin && pin.id !== id) return { entry, host, kind: 'taken', pin: { ...pin, takenBy: id } };
  if (kind !== 'bot') return { entry, host, kind: 'no-bot', actor: found };
  return { entry, host, kind: 'pinned', pin: { entry, host, id, login, at: pin?.at ?? at, takenBy: null } };
}

function merge(pins: readonly BotPin[], lookups: readonly BotLookup[]): readonly BotPin[] {
  const fresh = lookups.flatMap((each) => ('pin' in each ? [each.pin] : []));
  const isFresh = ({ entry, host }: BotPin): boolean =>
    fresh.some((each) => each.entry === entry && each.host === host);
  return [...pins.filter((pin) => !isFresh(pin)), ...fresh].toSorted((left, right) =>
    `${left.host} ${left.entry}` < `${right.host} ${right.entry}` ? -1 : 1,
  );
}

function day(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}
