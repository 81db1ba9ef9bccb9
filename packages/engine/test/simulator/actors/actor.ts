import type { Choices } from '../choices.js';
import type { World } from '../world.js';

/** Does something to the world at this very instant. What was done, in words; null where there is nothing to do it to. */
export type Deed = (world: World, choose: Choices) => string | null;

/** Somebody, or something, that does what no daemon decides. */
export interface Actor {
  readonly who: string;
  /** By what they are called in a plan. */
  readonly deeds: Readonly<Record<string, Deed>>;
}
