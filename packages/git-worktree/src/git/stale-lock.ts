import { lstat, rm } from 'node:fs/promises';
import { dirname, sep } from 'node:path';

/** Git holds its lock files for milliseconds: an older one was left by a process that was killed. */
const staleAfterMs = 30_000;

/** Removes a lock file below the state directory that nobody can hold any more. */
export async function removeStaleLock(path: string, directory: string, now: number): Promise<void> {
  if (!path.endsWith('.lock') || !`${dirname(path)}${sep}`.startsWith(`${directory}${sep}`)) return;
  const found = await lstat(path).catch(() => null);
  if (found?.isFile() && now - found.mtimeMs > staleAfterMs) await rm(path, { force: true });
}
