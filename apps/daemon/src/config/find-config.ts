import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { BatonError } from '@baton/core';

/** In the order in which they are looked for in each directory. */
export const configNames = ['baton.config.yaml', 'baton.config.yml', 'baton.config.json', 'baton.config.ts'] as const;

/** The named file, or the first `baton.config.*` from `cwd` upwards. Absolute. */
export function findConfig(cwd: string, named: string | undefined): string {
  if (named !== undefined) return resolve(cwd, named);
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    const found = configNames.map((name) => join(directory, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (dirname(directory) === directory) break;
  }
  throw new BatonError('CONFIG_INVALID', `There is no baton.config.yaml in ${resolve(cwd)} or above it.`, {
    details: { setting: 'config' },
    fix: 'run baton init to write one, or name one with -c FILE',
  });
}
