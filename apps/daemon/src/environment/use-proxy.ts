import type http from 'node:http';
import type { Environment } from './load-environment.js';

const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'] as const;
/**
 * Has everything that this process asks of others go through the proxy that the environment names, as git does: the host's
 * interface, models, logs. Returns what takes it back; null where no proxy is named.
 */
export function useProxyOf(environment: Environment): (() => void) | null {
  const named = Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
  const isNamed = Object.keys(named).some((name) => !/^no_/i.test(name));
  if (!isNamed) return null;
  // Not by an import: that reads every export of it, and so loads all of `fetch`, for a sixth of what `baton --version` takes.
  const { setGlobalProxyFromEnv }: { readonly setGlobalProxyFromEnv?: typeof http.setGlobalProxyFromEnv } =
    process.getBuiltinModule('node:http');
  // Of Node 24.14 and newer.
  return setGlobalProxyFromEnv?.(named) ?? null;
}
