import { statfs } from 'node:fs/promises';
import type { DiskOptions } from '@baton/engine';

/** The disk of a directory, and how much of it is to stay free. What is there for root alone counts as taken. */
export function createDisk(path: string, minFreeBytes: number): DiskOptions {
  return {
    path,
    minFreeBytes,
    async measureFree() {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    },
  };
}
