import { createRandom } from '../memory-world.js';

/** What is drawn for one purpose, and touches nothing that is drawn for another. */
export interface Choices {
  /** Uniform in [0, 1). */
  unit(): number;
  /** A whole number from 0 and below `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  /** Null where there is nothing to choose from. */
  pick<Value>(values: readonly Value[]): Value | null;
  one<const Value>(values: readonly [Value, ...Value[]]): Value;
}

/** The same choices for the same numbers. */
export function createChoices(...seeds: readonly number[]): Choices {
  const unit = createRandom(seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) ^ (mixed >>> 13), 1));
  const below = (limit: number): number => Math.floor(unit() * limit);
  return {
    unit,
    below,
    chance: (probability) => unit() < probability,
    pick: (values) => values[below(values.length)] ?? null,
    one: (values) => values[below(values.length)] ?? values[0],
  };
}
