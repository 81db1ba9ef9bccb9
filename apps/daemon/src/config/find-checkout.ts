import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of the git checkout that a directory lies in, or null where it lies in none. Looks at names only. */
export function findCheckout(directory: string): string | null {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return null;
  }
}
