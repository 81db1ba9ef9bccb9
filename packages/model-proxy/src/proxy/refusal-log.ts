import type { RefusedRequest } from '@baton/core';

/** What was refused in a turn, counted by name. */
export interface RefusalLog {
  add(name: string): void;
  list(): readonly RefusedRequest[];
}

/** So many names are told apart. */
const names = 20;
/** Stands for all further ones. */
const others = 'others';

/** A log that holds a bounded number of names, however many an agent thinks up. */
export function createRefusalLog(): RefusalLog {
  const counts = new Map<string, number>();
  return {
    add(name) {
      const told = counts.has(name) || counts.size < names ? name : others;
      counts.set(told, (counts.get(told) ?? 0) + 1);
    },
    list: () => Array.from(counts, ([what, count]) => ({ what, count })),
  };
}
