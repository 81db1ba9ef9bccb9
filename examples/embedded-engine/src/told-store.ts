import type { JobStore } from '@baton/core';

/**
 * Passes every call on to another store, and tells its name before. What that one has is there, and nothing else: an
 * optional method that it lacks stays absent.
 */
export function createToldStore(store: JobStore, tell: (call: string) => void): JobStore {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: readonly unknown[]): unknown => {
        tell(String(name));
        return Reflect.apply(value, target, given);
      };
    },
  });
}
