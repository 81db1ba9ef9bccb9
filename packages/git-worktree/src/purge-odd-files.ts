import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes what git would take for an unchanged file although it isn't as a new checkout would have it: files
 * that share their content with another name, odd permissions, devices and pipes. Git then writes them anew.
 */
export async function purgeOddFiles(root: string): Promise<void> {
  const umask = process.umask();
  await chmod(root, 0o777 & ~umask);
  const entries = await readdir(root, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await purgeOddFiles(join(root, entry.name));
  const files = entries.filter((entry) => !entry.isDirectory() && !entry.isSymbolicLink());
  for (let at = 0; at < files.length; at += atOnce) {
    await Promise.all(files.slice(at, at + atOnce).map((entry) => purgeFile(join(root, entry.name), umask)));
  }
}

const atOnce = 64;

async function purgeFile(path: string, umask: number): Promise<void> {
  const found = await lstat(path);
  const permissions = found.mode & 0o7777;
  const usual = permissions === (0o666 & ~umask) || permissions === (0o777 & ~umask);
  if (!found.isFile() || found.nlink > 1 || !usual) await rm(path, { force: true });
}
