import type { AdapterHost } from '@baton/core';
import { createMemorySandbox } from './sandbox.js';

/** What a test's host is made of: what isn't named knows nothing, masks nothing and tells nobody. */
export interface MemoryHostOptions extends Partial<Omit<AdapterHost, 'secret' | 'environment' | 'shared'>> {
  readonly runtime: AdapterHost['runtime'];
  /** By the names of their variables. Default: none. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Variables that are no secrets. Default: none. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The host of one adapter, in memory: what it shares is kept as long as the host. Its directories are not there. */
export function createMemoryHost({ secrets = {}, variables = {}, ...given }: MemoryHostOptions): AdapterHost {
  const shared = new Map<string, unknown>();
  return {
    sandbox: createMemorySandbox({ programs: {} }),
    stateDirectory: '/nowhere/state',
    configDirectory: '/nowhere',
    mask: (text) => text,
    price: () => null,
    log: () => {},
    ...given,
    secret: (name) => secrets[name] ?? null,
    environment: (name) => variables[name]?.trim() || null,
    shared<Value>(key: string, make: () => Value): Value {
      if (!shared.has(key)) shared.set(key, make());
      // What stands at a key was made by a function for that key.
      return shared.get(key) as Value;
    },
  };
}
