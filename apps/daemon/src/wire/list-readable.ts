import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import type { Environment } from '../environment/load-environment.js';
import type { ShowsPrivate } from './private-paths.js';

/**
 * Where commands in a sandbox look for programs: as outside, and last where the daemon's own Node stands. What
 * `npx baton` puts in front of PATH is left out: a project's checks run on the project's tools, not on Baton's.
 */
export function listProgramDirectories(environment: Environment, nodeFile: string): readonly string[] {
  const path = (environment['PATH'] ?? '')
    .split(delimiter)
    .filter((directory) => isAbsolute(directory) && !isOwnPackages(directory));
  return [...new Set([...path, dirname(nodeFile)])].filter((directory) => existsSync(directory));
}

function isOwnPackages(directory: string): boolean {
  return directory.endsWith(join('node_modules', '.bin')) && existsSync(join(directory, 'baton'));
}

/**
 * What every sandbox may read so that the operator's programs are found inside as they are outside: the
 * directories of PATH, and those of the Node that runs the daemon, its own npm included, less those that would
 * show something private beside programs. Absolute, existing, without doubles.
 */
export function listReadable(
  environment: Environment,
  nodeFile: string,
  showsPrivate: ShowsPrivate,
): readonly string[] {
  const npm = join(dirname(nodeFile), '..', 'lib', 'node_modules');
  const wanted = [...listProgramDirectories(environment, nodeFile), ...(existsSync(npm) ? [npm] : [])];
  const shown = wanted.filter((directory) => !showsPrivate(directory));
  // A directory that is a link is needed under both names.
  return [...new Set(shown.flatMap((directory) => [directory, realpathSync(directory)]))];
}
