import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes a file into a directory that is there. Whoever reads it sees what was there before or all of the new content,
 * whatever happens meanwhile: a crash, or power that is cut. Once this resolves, a cut loses it no more. A symlink of
 * that name is replaced and not followed. Rejects with the system's error, and leaves nothing behind then. Default
 * mode: 0600. What a killed process leaves is named `.baton-….tmp`.
 */
export function writeWhole(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  return placeWhole(path, content, mode, (temporary) => rename(temporary, path));
}

/** As `writeWhole`, for a caller that puts the whole file in its place itself, such as by a link. What it came to. */
export async function placeWhole<Result>(
  path: string,
  content: string | Uint8Array,
  mode: number,
  place: (temporary: string) => Promise<Result>,
): Promise<Result> {
  const directory = dirname(path);
  // A name that nobody can foresee, and that has to be free: a link that waits there leads nowhere.
  const temporary = join(directory, `.baton-${randomBytes(8).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const result = await place(temporary);
    await syncDirectory(directory);
    return result;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** What file systems say that don't sync directories, or don't let us. */
const unable: ReadonlySet<unknown> = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EACCES', 'EPERM']);

/** A name stands in its directory: it is on the disk once that is. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    await using handle = await open(directory, 'r');
    await handle.sync();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && unable.has(error.code))) throw error;
  }
}
