import type { JobStore } from '@baton/core';
import { createMemoryStore } from './memory-world.js';
import { createRelay, fix, type Turns } from './relay.js';

export const hour = 60 * 60_000;
export type Relay = ReturnType<typeof createRelay>;

export function counted(turns: Turns = fix): { readonly relay: Relay; readonly count: () => number } {
  let count = 0;
  const relay = createRelay(async (turn, key) => {
    count += 1;
    return turns(turn, key);
  });
  return { relay, count: () => count };
}
export const otherStore = (relay: Relay) => createMemoryStore({ runtime: relay.runtime });
export const newest = async (store: JobStore) => (await Array.fromAsync(store.list({ limit: 1 })))[0];

export async function runOn(relay: Relay, store: JobStore, owner?: string): Promise<void> {
  const baton = relay.create({ store, ...(owner === undefined ? {} : { owner }) });
  await baton.runOnce();
  await baton.stop();
}
