import { realpathSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join, normalize, relative } from 'node:path';
import type { Environment } from '../environment/load-environment.js';

/** Beside programs, should they stand right in them, these hold what is nobody's in a sandbox. */
const neverPrograms = ['/home', '/root', '/etc', '/run', '/var', '/tmp', '/srv', '/mnt', '/media'];

/** Whether a directory, with all that lies below it, would show something private. */
export type ShowsPrivate = (directory: string) => boolean;

/**
 * Judges directories by what they are, whatever links lead there: none shows a home, all of `/home`, `/etc` and
 * their like, temporary files, or Baton's state. A directory of programs below a home shows none of it.
 */
export function createShowsPrivate(environment: Environment, state: string | null): ShowsPrivate {
  const states = state === null ? [] : [canonical(state)];
  const homes = [environment['HOME'] ?? '', homedir(), readAccountHome()].filter(isAbsolute).map(canonical);
  const kept = [...neverPrograms, tmpdir()].map(canonical).concat(homes, states);
  return (directory) => {
    const path = canonical(directory);
    const isSomeHome = dirname(path) === canonical('/home');
    return isSomeHome || kept.some((each) => isInside(each, path)) || states.some((each) => isInside(path, each));
  };
}

/** By the account, whatever HOME says. */
function readAccountHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    return '';
  }
}

/** Without links, also where a path isn't there yet. */
function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const normal = normalize(path).replace(/(?<=.)\/$/, '');
    const parent = dirname(normal);
    return parent === normal ? normal : join(canonical(parent), basename(normal));
  }
}

function isInside(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}
