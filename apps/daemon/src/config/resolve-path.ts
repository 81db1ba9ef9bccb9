import { join, resolve } from 'node:path';
import { resolvePath } from '@baton/adapter-kit';
import type { Environment } from '../environment/load-environment.js';

/** As `resolvePath` of the adapter kit, with the home directory that the environment names. */
export function resolvePathIn(path: string, directory: string, environment: Environment): string {
  return resolvePath(path, directory, environment['HOME']);
}

/** Where Baton keeps its state if the file says nothing: the XDG base directory specification's state home. */
export function defaultState(environment: Environment): string {
  const stateHome = environment['XDG_STATE_HOME'];
  const base = stateHome?.startsWith('/') === true ? stateHome : resolvePathIn('~/.local/state', '/', environment);
  return join(base, 'baton');
}

/** The file of an adapter that `use` names by path, or null where it names a package. Absolute. */
export function adapterPath(use: string, directory: string): string | null {
  return /^(?:\.{0,2}\/|\.{1,2}$)/.test(use) ? resolve(directory, use) : null;
}
