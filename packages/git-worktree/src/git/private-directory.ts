import { chmod, mkdir, stat } from 'node:fs/promises';

/** Makes a directory that nobody else on the machine can enter, and mends one that others can. */
export async function ensurePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o700);
}
