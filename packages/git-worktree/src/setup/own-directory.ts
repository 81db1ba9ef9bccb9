import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOfPath } from '@baton/adapter-kit';

/**
 * Whether a path below `root` is a directory to which no link leads on the way from there: code of a change may have
 * run in it, and made links to anywhere.
 */
export async function isOwnDirectory(root: string, path: string): Promise<boolean> {
  let current = root;
  for (const name of path.split('/')) {
    current = join(current, name);
    if ((await lstat(bytesOfPath(current)).catch(() => null))?.isDirectory() !== true) return false;
  }
  return true;
}
