import { lstat, readdir } from 'node:fs/promises';

/**
 * Whether a checkout stands at a path: a directory that holds something. What took its place, be it a file, a link or
 * an empty directory, is none, and is never followed. Rejects where it can't be looked at: that is no absence.
 */
export async function isStanding(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory() && (await readdir(path)).length > 0;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
