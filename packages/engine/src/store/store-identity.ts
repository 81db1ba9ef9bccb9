import type { CallOptions, Instant, JobStore, JsonValue, Runtime } from '@baton/core';
import { updateSetting } from './update-setting.js';

const key = 'identity';

/** What a store is known by. Made once for each. */
export interface StoreIdentity {
  /** By what name daemons on it claim issues, where nobody gave one. */
  readonly owner: string;
  /** By our clock. */
  readonly bornAt: Instant;
}

/** Who a store is. Null where nobody has worked on it yet. Reads only. */
export async function peekStoreIdentity(store: JobStore, options: CallOptions = {}): Promise<StoreIdentity | null> {
  const setting = await store.readSetting(key, options);
  return setting === null ? null : (setting.value as unknown as StoreIdentity);
}

/** Reads who a store is; its first reader makes it somebody. */
export async function readStoreIdentity(
  store: JobStore,
  { id, clock }: Pick<Runtime, 'id' | 'clock'>,
  options: CallOptions = {},
): Promise<StoreIdentity> {
  return updateSetting(
    store,
    key,
    (value) => {
      // Only this file writes the key.
      if (value !== null) return { answer: value as unknown as StoreIdentity };
      const identity = { owner: id('daemon'), bornAt: clock.now() } satisfies StoreIdentity;
      return { answer: identity, write: identity satisfies JsonValue };
    },
    options,
  );
}
