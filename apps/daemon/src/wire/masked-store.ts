import { maskDeep } from '@baton/adapter-kit';
import type { JobStore } from '@baton/core';

/**
 * A store into which no known secret gets: one that somebody pasted into an issue, that an agent printed or a host's
 * error told, is masked before it is kept. What is read back is masked as well, so that nothing goes on from it.
 */
export function createMaskedStore(store: JobStore, mask: (text: string) => string): JobStore {
  return {
    ...store,
    enqueue: (request, options) => store.enqueue({ ...request, data: maskDeep(request.data, mask) }, options),
    record: (lease, { entries, state, ...change }, options) =>
      store.record(
        lease,
        {
          ...change,
          entries: entries.map((entry) => ({ ...entry, data: maskDeep(entry.data, mask) })),
          state: { ...state, data: maskDeep(state.data, mask) },
        },
        options,
      ),
    signal: (jobId, { type, data }, options) => store.signal(jobId, { type, data: maskDeep(data, mask) }, options),
    writeFact: (key, value, expectedVersion, options) =>
      store.writeFact(key, maskDeep(value, mask), expectedVersion, options),
  };
}
