import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from '../load-environment.js';

/** `~` is the home directory; a relative path is relative to the directory. Absolute. */
export function resolvePath(path: string, directory: string, environment: Environment): string {
  const home = environment['HOME'] ?? homedir();
  if (path === '~') return home;
  return resolve(directory, path.startsWith('~/') ? join(home, path.slice(2)) : path);
}

/** Where Baton keeps its state if the file says nothing: the XDG base directory specification's state home. */
export function defaultState(environment: Environment): string {
  const stateHome = environment['XDG_STATE_HOME'];
  const base = stateHome?.startsWith('/') === true ? stateHome : resolvePath('~/.local/state', '/', environment);
  return join(base, 'baton');
}

/** The file of an adapter that `use` names by path, or null where it names a package. Absolute. */
export function adapterPath(use: string, directory: string): string | null {
  return /^\.{0,2}\//.test(use) ? resolve(directory, use) : null;
}
