import type { CallOptions, JobStore, Runtime } from '@baton/core';
import { readFact, updateFact } from './fact.js';
import { facts, type StoreIdentity } from './facts.js';

/** Who a store is. Null where nobody has worked on it yet. Reads only. */
export async function peekStoreIdentity(store: JobStore, options: CallOptions = {}): Promise<StoreIdentity | null> {
  return (await readFact(store, facts.identity(), options)).value;
}

/** Reads who a store is; its first reader makes it somebody. */
export async function readStoreIdentity(
  store: JobStore,
  { id, clock }: Pick<Runtime, 'id' | 'clock'>,
  options: CallOptions = {},
): Promise<StoreIdentity> {
  return updateFact(
    store,
    facts.identity(),
    (known) => {
      if (known !== null) return { answer: known };
      const identity: StoreIdentity = { owner: id('daemon'), bornAt: clock.now() };
      return { answer: identity, write: identity };
    },
    options,
  );
}
