import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '@baton/adapter-kit';
import type { CallOptions } from '@baton/core';
import type { Git } from '../git/git.js';
import { ensurePrivateDirectory } from '../git/private-directory.js';
import { baseStoreOf } from './layout.js';

/**
 * Makes sure that the bare repository is there, and in it the one of what checkouts may read. Each is made beside
 * its place and moved there whole, so that a crash leaves none that is half made.
 */
export async function ensureVault(git: Git, path: string, unique: string, options?: CallOptions): Promise<void> {
  await ensureRepository(path, unique, async (fresh) => {
    await init(git, fresh, options);
  });
  const base = baseStoreOf(path);
  await ensureRepository(base, unique, async (fresh) => {
    await init(git, fresh, options);
    // What was rewritten on the remote is still the base of work in the vault: `git gc` must leave it.
    await git({ argv: ['config', 'gc.pruneExpire', 'never'], gitDir: fresh }, options);
  });
  const borrowed = join(path, 'objects', 'info', 'alternates');
  if (await exists(borrowed)) return;
  await mkdir(join(path, 'objects', 'info'), { recursive: true });
  // Relative to the objects that borrow, so that the state directory can be moved.
  await writeWhole(borrowed, '../base.git/objects\n');
}

async function ensureRepository(path: string, unique: string, make: (fresh: string) => Promise<void>): Promise<void> {
  if (await exists(path)) return await ensurePrivateDirectory(path);
  const fresh = `${path}.${unique}.new`;
  try {
    await make(fresh);
    await ensurePrivateDirectory(fresh);
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (await exists(path)) return;
    throw error;
  }
}

async function init(git: Git, path: string, options?: CallOptions): Promise<void> {
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
  await git({ argv: [...argv, '--', path] }, options);
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
