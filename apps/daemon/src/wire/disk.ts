import { randomBytes } from 'node:crypto';
import { chmod, open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskOptions, DiskReserve } from '@baton/engine';

/** The store needs a few megabytes for what it is told at once. */
const mostHeldBytes = 8 * 2 ** 20;
const chunkBytes = 2 ** 20;

/** The disk of a directory, and how much of it is to stay free. What is there for root alone counts as taken. */
export function createDisk(path: string, minFreeBytes: number): DiskOptions {
  return {
    path,
    minFreeBytes,
    measureFree: () => measureFree(path),
    reserve: createReserve(path, minFreeBytes),
  };
}

/** Gives back what is held in a directory where nothing is left beside it: a store can't even be opened there. */
export async function releaseWhereFull(path: string, minFreeBytes: number): Promise<void> {
  const reserve = createReserve(path, minFreeBytes);
  // What can't be measured holds nothing up.
  const free = await measureFree(path).catch(() => Number.POSITIVE_INFINITY);
  if (free < reserve.bytes) await reserve.release();
}

async function measureFree(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/** A file of bytes that no file system can pack, or take for a hole. */
function createReserve(directory: string, minFreeBytes: number): DiskReserve {
  const path = join(directory, 'held-back');
  const bytes = Math.min(mostHeldBytes, Math.floor(minFreeBytes / 8));
  return {
    bytes,
    async hold() {
      const found = await stat(path).catch(() => null);
      // As everything in a state, it is for its owner alone, whoever let others in.
      if (found !== null && (found.mode & 0o077) !== 0) await chmod(path, 0o600);
      if (found?.size === bytes) return;
      try {
        await using file = await open(path, 'w', 0o600);
        for (let left = bytes; left > 0; left -= chunkBytes) await file.write(randomBytes(Math.min(left, chunkBytes)));
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },
    release: () => rm(path, { force: true }),
  };
}
