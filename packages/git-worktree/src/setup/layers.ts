import { execFile } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { bytesOfPath, pathOfBytes } from '@baton/adapter-kit';
import { BatonError, type CallOptions, type Overlay, type Sandbox } from '@baton/core';
import { z } from 'zod';
import type { Place } from '../checkout/checkout.js';
import type { Git } from '../git/git.js';
import { parseRecord } from '../records/parse-record.js';
import type { Layout } from '../vault/layout.js';
import type { Submodules } from '../vault/submodules.js';
import { isDependency } from './dependency-paths.js';
import { isOwnDirectory } from './own-directory.js';

/** What a setup ran on. */
export interface LayerSource {
  /** The key of what the base asks for. */
  readonly base: string;
  /** The commit or tree that the checkout held. */
  readonly tree: string;
}

/** What setups made, kept beside the checkouts that it is for: no command of a check ever writes there. */
export interface Layers {
  /** Whether what the setup makes for `key` is kept for this checkout. */
  has(place: Place, key: string): Promise<boolean>;
  /**
   * Moves the dependencies out of a checkout in which only the setup ran, and keeps them for `key`: what is not tracked
   * and is such by its name or a setting, and of a submodule that it brought in, the files. What else it made is noted.
   * A crash in between leaves nothing that `has` would take for whole. At most two are kept for a checkout, the
   * one for `base` among them.
   */
  capture(place: Place, key: string, from: LayerSource, options?: CallOptions): Promise<void>;
  /**
   * Brings it into a checkout of a tree that holds no more than the tree; where both have a file, the tree's stays.
   * Directories come as overlays for commands where the sandbox makes such, at no cost; what is left is copied.
   */
  lay(place: Place, key: string, options?: CallOptions): Promise<readonly Overlay[]>;
  /** What the setup made beside dependencies and nothing keeps. Paths in order, at most 100. */
  unseen(place: Place, key: string): Promise<readonly string[]>;
  /** Where the dependencies lie, by their paths in the checkout. */
  directory(place: Place, key: string): string;
}

/** What stands in a layer's list. */
const keptShape = z.looseObject({ paths: z.array(z.string()), unseen: z.array(z.string()) });
type Kept = z.infer<typeof keptShape>;

/** What `createLayers` works with. */
export interface LayersParts {
  readonly git: Git;
  readonly layout: Layout;
  readonly submodules: Submodules;
  readonly sandbox: Pick<Sandbox, 'canOverlay'>;
  /** Paths of what else the setup makes that is to be kept. */
  readonly keep: readonly string[];
  /** Of coreutils. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Keeps layers below a layout. */
export function createLayers({ git, layout, submodules, sandbox, keep, environment }: LayersParts): Layers {
  const directoryOf = ({ slot }: Place, key: string): string => join(layout.layers(slot), key.replace(/[^\w.-]/g, '_'));
  const listOf = async (place: Place, key: string): Promise<Kept> => {
    const path = join(directoryOf(place, key), names);
    return parseRecord(keptShape, await readFile(path, 'utf8'), { path, what: 'The list of what a setup made' });
  };
  return {
    unseen: async (place, key) => (await listOf(place, key)).unseen,
    directory: (place, key) => join(directoryOf(place, key), files),
    has: (place, key) => isThere(join(directoryOf(place, key), names)),
    async capture(place, key, { base, tree }, options) {
      const { slot, repository } = place;
      const root = layout.worktree(slot);
      const target = directoryOf(place, key);
      const fresh = `${target}.new`;
      for (const each of await readdir(layout.layers(slot)).catch(() => [])) {
        const path = join(layout.layers(slot), each);
        if (path !== directoryOf(place, base)) await rm(path, { recursive: true, force: true });
      }
      const argv = ['ls-files', '-z', '--others', '--directory'] as const;
      const where = { gitDir: layout.vault(repository), workTree: root, index: layout.index(slot) };
      const { stdout } = await git({ argv, ...where, encoding: 'latin1' }, options);
      const untracked = stdout
        .split('\0')
        .flatMap((path) => (path === '' ? [] : [pathOfBytes(path.replace(/\/$/, ''))]));
      const pinned: string[] = [];
      for (const path of await submodules.of(layout.vault(repository), tree, options)) {
        if ((await isOwnDirectory(root, path)) && (await isFilled(join(root, path)))) pinned.push(path);
      }
      const kept = [...(await keptOf(root, untracked, keep)), ...pinned];
      await mkdir(join(fresh, files), { recursive: true });
      for (const path of kept) {
        options?.signal?.throwIfAborted();
        await mkdir(bytesOfPath(dirname(join(fresh, files, path))), { recursive: true });
        await rename(bytesOfPath(join(root, path)), bytesOfPath(join(fresh, files, path)));
      }
      // It leads to the git directory of the checkout that the setup ran in.
      for (const path of pinned)
        await rm(bytesOfPath(join(fresh, files, path, '.git')), { recursive: true, force: true });
      const isKept = (path: string): boolean => kept.some((each) => path === each || each.startsWith(`${path}/`));
      const unseen = untracked.filter((path) => !isKept(path)).toSorted();
      await writeFile(join(fresh, names), JSON.stringify({ paths: kept, unseen: unseen.slice(0, 100) } satisfies Kept));
      await rename(fresh, target);
    },
    async lay(place, key, options) {
      const kept = directoryOf(place, key);
      const root = layout.worktree(place.slot);
      const { paths } = await listOf(place, key);
      const canOverlay = (await sandbox.canOverlay?.(layout.root, options)) ?? false;
      const overlays: Overlay[] = [];
      for (const path of paths) {
        options?.signal?.throwIfAborted();
        if (await isTaken(root, path)) continue;
        const [from, to] = [join(kept, files, path), join(root, path)];
        await mkdir(bytesOfPath(dirname(to)), { recursive: true });
        if (
          canOverlay &&
          overlays.length < mostOverlays &&
          /^[^:,\\\ud800-\udfff]*$/.test(to) &&
          (await isAlone(from, to))
        ) {
          const own = join(layout.overlays(place.slot), String(overlays.length));
          const overlay = { path: to, lower: from, upper: join(own, 'upper'), work: join(own, 'work') };
          const { mode } = await lstat(from);
          for (const each of [overlay.path, overlay.upper]) await mkdir(each, { recursive: true, mode });
          await mkdir(overlay.work);
          overlays.push(overlay);
        } else await copy(from, to, environment, options);
      }
      return overlays;
    },
  };
}

/** In a layer: what was moved, and the list of it. */
const files = 'files';
const names = 'kept.json';

/** What of the untracked is dependencies or named by a setting: of a directory the parts that are named. */
async function keptOf(root: string, untracked: readonly string[], keep: readonly string[]): Promise<readonly string[]> {
  const isNamed = (path: string): boolean => keep.some((each) => path === each || path.startsWith(`${each}/`));
  const whole = untracked.filter((path) => isDependency(path) || isNamed(path));
  const parts: string[] = [];
  for (const each of keep) {
    const isPart = untracked.some((path) => each.startsWith(`${path}/`) && !whole.includes(path));
    if (isPart && (await isOwnDirectory(root, dirname(each))) && (await isThere(join(root, each)))) parts.push(each);
  }
  return [...whole, ...parts];
}

/** Each is mounted before each command. */
const mostOverlays = 64;

/** Whether the setup made a directory where the tree has nothing, or no more than a submodule's place. */
async function isAlone(from: string, to: string): Promise<boolean> {
  return (await lstat(from)).isDirectory() && (!(await isThere(to)) || !(await isFilled(to)));
}

async function isFilled(directory: string): Promise<boolean> {
  return (await readdir(bytesOfPath(directory)).catch(() => [])).length > 0;
}

/** Whether the tree has something at a path, or above it, into which nothing can be copied. */
async function isTaken(root: string, path: string): Promise<boolean> {
  let current = root;
  for (const name of path.split('/')) {
    current = join(current, name);
    const found = await lstat(bytesOfPath(current)).catch(() => null);
    if (found === null) return false;
    if (!found.isDirectory()) return true;
  }
  return false;
}

/** By coreutils, which copy at the disk's speed and share blocks where the file system can. */
async function copy(from: string, to: string, env: LayersParts['environment'], options?: CallOptions): Promise<void> {
  try {
    // Arguments of a program are text: such a name can't be one.
    if (!to.isWellFormed()) throw new Error('its name is not UTF-8');
    const argv = ['-a', '--no-clobber', '--reflink=auto', '-T', '--', from, to];
    await promisify(execFile)('cp', argv, { env, ...options });
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
