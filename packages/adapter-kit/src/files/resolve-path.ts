import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * A path as an operator writes it: `~` and `~/` are the home directory, a relative one is relative to the directory.
 * Absolute.
 */
export function resolvePath(path: string, directory: string, home: string = homedir()): string {
  if (path === '~') return home;
  return resolve(directory, path.startsWith('~/') ? join(home, path.slice(2)) : path);
}
