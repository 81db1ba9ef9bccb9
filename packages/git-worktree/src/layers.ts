import { execFile } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BatonError, type CallOptions } from '@baton/core';
import type { Place } from './checkout.js';
import type { Git } from './git.js';
import type { Layout } from './layout.js';

/** What setups made, kept beside the checkouts that it is for: no command of a check ever writes there. */
export interface Layers {
  /** Whether what the setup makes for `key` is kept for this checkout. */
  has(place: Place, key: string): Promise<boolean>;
  /**
   * Moves everything that is not tracked out of a checkout in which only the setup ran, and keeps it for `key`.
   * A crash in between leaves nothing that `has` would take for whole. At most two are kept for a checkout, the
   * one for `base` among them.
   */
  capture(place: Place, key: string, base: string, options?: CallOptions): Promise<void>;
  /** Copies it into a checkout of a tree that holds no more than the tree. Where both have a file, the tree's stays. */
  spread(place: Place, key: string, options?: CallOptions): Promise<void>;
  /** Deletes all that is kept for a checkout. */
  forget(place: Place): Promise<void>;
}

/** Keeps layers below a layout. */
export function createLayers(git: Git, layout: Layout): Layers {
  const directoryOf = ({ slot }: Place, key: string): string => join(layout.layers(slot), key.replace(/[^\w.-]/g, '_'));
  return {
    has: (place, key) => isThere(join(directoryOf(place, key), names)),
    async capture(place, key, base, options) {
      const { slot, repository } = place;
      const root = layout.worktree(slot);
      const kept = directoryOf(place, key);
      const fresh = `${kept}.new`;
      for (const each of await readdir(layout.layers(slot)).catch(() => [])) {
        const path = join(layout.layers(slot), each);
        if (path !== directoryOf(place, base)) await rm(path, { recursive: true, force: true });
      }
      const argv = ['ls-files', '-z', '--others', '--directory'] as const;
      const index = layout.index(slot);
      const { stdout } = await git({ argv, gitDir: layout.vault(repository), workTree: root, index }, options);
      const paths = stdout.split('\0').flatMap((path) => (path === '' ? [] : [path.replace(/\/$/, '')]));
      await rm(fresh, { recursive: true, force: true });
      await mkdir(join(fresh, files), { recursive: true });
      for (const path of paths) {
        options?.signal?.throwIfAborted();
        await mkdir(dirname(join(fresh, files, path)), { recursive: true });
        await rename(join(root, path), join(fresh, files, path));
      }
      await writeFile(join(fresh, names), JSON.stringify(paths));
      await rename(fresh, kept);
    },
    async spread(place, key, options) {
      const kept = directoryOf(place, key);
      const root = layout.worktree(place.slot);
      const paths = JSON.parse(await readFile(join(kept, names), 'utf8')) as readonly string[];
      for (const path of paths) {
        options?.signal?.throwIfAborted();
        if (await isTaken(root, path)) continue;
        await mkdir(dirname(join(root, path)), { recursive: true });
        await copy(join(kept, files, path), join(root, path), options);
      }
    },
    forget: (place) => rm(layout.layers(place.slot), { recursive: true, force: true }),
  };
}

/** In a layer: what was moved, and the list of it. */
const files = 'files';
const names = 'names.json';

/** Whether the tree has something at a path, or above it, into which nothing can be copied. */
async function isTaken(root: string, path: string): Promise<boolean> {
  let current = root;
  for (const name of path.split('/')) {
    current = join(current, name);
    const found = await lstat(current).catch(() => null);
    if (found === null) return false;
    if (!found.isDirectory()) return true;
  }
  return false;
}

/** By coreutils, which copy at the disk's speed and share blocks where the file system can. */
async function copy(from: string, to: string, options?: CallOptions): Promise<void> {
  try {
    const argv = ['-a', '--no-clobber', '--reflink=auto', '-T', '--', from, to];
    await promisify(execFile)('cp', argv, { env: { PATH: process.env['PATH'], LC_ALL: 'C' }, ...options });
  } catch (error) {
    options?.signal?.throwIfAborted();
    throw new BatonError('COMMAND_FAILED', `What the setup made could not be copied to ${to}: ${String(error)}`, {
      details: { command: 'cp' },
      adapter: 'git-worktree',
      cause: error,
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}
