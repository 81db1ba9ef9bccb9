import { rename, rm, stat } from 'node:fs/promises';
import type { CallOptions } from '@baton/core';
import type { Git } from './git.js';
import { ensurePrivateDirectory } from './private-directory.js';

/**
 * Makes sure that the bare repository is there. It is made beside its place and moved there whole, so that a
 * crash leaves none that is half made.
 */
export async function ensureVault(git: Git, path: string, unique: string, options?: CallOptions): Promise<void> {
  if (await exists(path)) return await ensurePrivateDirectory(path);
  const fresh = `${path}.${unique}.new`;
  try {
    const argv = [
      'init',
      '--bare',
      // Only its owner reads what stands in it, whatever the umask says.
      '--shared=0600',
      '--quiet',
      '--template=',
      '--object-format=sha1',
      '--initial-branch=vault',
    ] as const;
    await git({ argv: [...argv, '--', fresh] }, options);
    await ensurePrivateDirectory(fresh);
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (await exists(path)) return;
    throw error;
  }
}

/** Whether something stands at a path. */
export async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}
