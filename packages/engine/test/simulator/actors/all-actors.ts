import type { Actor } from './actor.js';
import { author } from './author.js';
import { developer } from './developer.js';
import { hostChecks } from './host-checks.js';
import { machine } from './machine.js';
import { network } from './network.js';
import { operator } from './operator.js';
import { reviewer } from './reviewer.js';
import { setup } from './setup.js';

/** Everybody who does something, by name. */
export const actors = {
  setup,
  author,
  reviewer,
  developer,
  'host-checks': hostChecks,
  operator,
  machine,
  network,
} as const satisfies Readonly<Record<string, Actor>>;

/** The name of one of them. */
export type ActorName = keyof typeof actors;
