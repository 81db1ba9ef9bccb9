import type { Actor, CallOptions, JobStore, Permission } from '@baton/core';
import type { Project, Trust } from '../project/project.js';
import type { BotPin } from '../store/facts.js';
import { readBotPins } from './bot-pins.js';

/** Whom a project trusts on one of its hosts, with its bots as what they were pinned to. */
export interface KnownTrust extends Omit<Trust, 'bots'> {
  /** Ids on this host. */
  readonly botIds: ReadonlySet<string>;
  /** Entries as the configuration has them. */
  readonly entries: readonly string[];
  /** Of this host. */
  readonly pins: readonly BotPin[];
}

/** Whom a project trusts where issues are (`source`), or pull requests (`forge`). Asks no host. */
export async function readTrust(
  { project, store }: { readonly project: Project; readonly store: JobStore },
  side: 'source' | 'forge',
  options: CallOptions = {},
): Promise<KnownTrust> {
  const { bots, ...trust } = project.trust;
  const all = bots.length === 0 ? [] : await readBotPins(store, project.name, options);
  const pins = all.filter(({ host, entry }) => host === project[side].id && bots.includes(entry));
  const ids = bots.flatMap((entry) => {
    const pin = pins.find((each) => each.entry === entry);
    if (pin) return pin.takenBy === null ? [pin.id] : [];
    // An id that is somebody's on the other host alone is nobody's here.
    return all.some((each) => each.entry === entry) ? [] : [entry];
  });
  return { ...trust, botIds: new Set(ids), entries: bots, pins };
}

const permissions: readonly Permission[] = ['none', 'read', 'write', 'admin'];

/** Whether one permission includes another. */
function permits(found: Permission, needed: Permission): boolean {
  return permissions.indexOf(found) >= permissions.indexOf(needed);
}

/** Whether an actor may set work going. A bot must be listed; Baton never answers itself. */
export function isTrusted(actor: Actor, permission: Permission, trust: KnownTrust): boolean {
  if (actor.kind === 'self') return false;
  if (actor.kind === 'bot') return trust.botIds.has(actor.id);
  return permits(permission, trust.permission);
}

/** Why a bot isn't trusted, and what would turn it. */
export function whyNoTrustedBot(
  { id, login }: Actor,
  { pins, entries }: KnownTrust,
): { readonly why: string; readonly wouldRunIf: string } {
  const sameLogin = (name: string): boolean => name.toLowerCase() === login.toLowerCase();
  const pin = pins.find((each) => sameLogin(each.entry) || each.id === id);
  if (pin) {
    const now = pin.takenBy ?? id;
    return {
      why: `trust.bots names ${pin.entry}, which was pinned to id ${pin.id} and belongs to id ${now} now: neither is trusted`,
      wouldRunIf: 'trust.bots names the id that is meant, or a person sets the label',
    };
  }
  if (entries.some(sameLogin)) {
    return {
      why: 'trust.bots names it by its login, whose id nobody has looked up yet',
      wouldRunIf: 'baton start or baton doctor reaches the host, or a person sets the label',
    };
  }
  return {
    why: `it is a bot, id ${id}, that trust.bots doesn't name`,
    wouldRunIf: `a person sets the label, or trust.bots names ${login} or ${id}`,
  };
}
