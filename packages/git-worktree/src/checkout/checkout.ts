import { mkdir, rm, stat } from 'node:fs/promises';
import { type Limit, pathOfBytes } from '@baton/adapter-kit';
import { BatonError, type CallOptions } from '@baton/core';
import { LRUCache } from 'lru-cache';
import type { Git } from '../git/git.js';
import type { KnownTrees } from '../vault/known-trees.js';
import type { Layout } from '../vault/layout.js';
import type { Submodules } from '../vault/submodules.js';
import { exists } from '../vault/vault.js';
import type { Based, CheckoutGit } from './checkout-git.js';
import { listTouched } from './list-touched.js';
import { purgeOddFiles } from './purge-untracked.js';
import type { Trash } from './trash.js';

/** A checkout on disk: which slot, of which repository. */
export interface Place {
  readonly slot: string;
  readonly repository: string;
}

/** Makes checkouts and brings them to a commit or a tree. */
export interface Checkouts {
  /** Rejects with `NOT_FOUND` where the vault lacks a commit. */
  confirm(repository: string, commit: string, options?: CallOptions): Promise<void>;
  /** A new checkout at a commit. `NOT_FOUND` where the vault lacks it. */
  create(place: Place, commit: string, options?: CallOptions): Promise<void>;
  /** Makes everything in it as it would be in a new one, ignored files, modes and hard links included. */
  renew(place: Place, commit: string, options?: CallOptions): Promise<void>;
  /** Makes it anew, in a new directory, with an empty scratch directory: exactly a tree and nothing else. */
  replace(place: Based, tree: string, options?: CallOptions): Promise<void>;
  /** Tracked files that are not as the tree has them that was read last. At most 1,000, in order. */
  altered(place: Place, options?: CallOptions): Promise<readonly string[]>;
  /** Tracked files that were touched since that tree was read, and are as it has them. At most 1,000, in order. */
  restored(place: Place, options?: CallOptions): Promise<readonly string[]>;
  /** Makes tracked files equal a tree, and touches no other. */
  reset(place: Place, tree: string, options?: CallOptions): Promise<void>;
  /** Makes tracked files equal a tree; untracked ones go, ignored ones stay. */
  load(place: Based, tree: string, options?: CallOptions): Promise<void>;
  /** Makes what its commands find as git's own directory where something else stands in its place. */
  repair(place: Based, options?: CallOptions): Promise<void>;
  /** Makes that directory anew, whatever commands made of it. */
  disarm(place: Based, options?: CallOptions): Promise<void>;
  /** Takes everything of it away. Nothing happens where there is nothing. */
  discard(place: Place): Promise<void>;
}

/** What `createCheckouts` works with. */
export interface CheckoutParts {
  readonly git: Git;
  readonly layout: Layout;
  readonly trash: Trash;
  readonly trees: KnownTrees;
  readonly submodules: Submodules;
  readonly shown: CheckoutGit;
  /** How many checkouts are written at once: one per core is best. */
  readonly limit: Limit;
}

/** Works below a layout. */
export function createCheckouts(parts: CheckoutParts): Checkouts {
  const { git, layout, trash, trees, submodules, shown, limit } = parts;
  /** When the tree stood in a checkout that was brought last, by its index: its file system's clock, in nanoseconds. */
  const brought = new LRUCache<string, bigint>({ max: 1_000 });
  const readTree = async (place: Place, tree: string, options?: CallOptions): Promise<void> => {
    const { slot, repository } = place;
    // Nobody else writes this index: a lock is what a killed git left.
    await rm(`${layout.index(slot)}.lock`, { force: true });
    await trees.noteIndex(layout.index(slot), null);
    await limit(
      () =>
        git(
          {
            argv: ['read-tree', '--reset', '-u', '--no-recurse-submodules', tree],
            gitDir: layout.vault(repository),
            workTree: layout.worktree(slot),
            index: layout.index(slot),
          },
          options,
        ),
      options,
    );
    await trees.noteIndex(layout.index(slot), trees.recall(tree));
    // Git writes it once the files stand there.
    brought.set(layout.index(slot), (await stat(layout.index(slot), { bigint: true })).mtimeNs);
  };
  const clean = async (place: Place, depth: '-ffd' | '-ffdx', options?: CallOptions): Promise<void> => {
    const { slot, repository } = place;
    await git(
      {
        argv: ['clean', '--quiet', depth],
        gitDir: layout.vault(repository),
        workTree: layout.worktree(slot),
        index: layout.index(slot),
        ...(depth === '-ffd' && (await exists(layout.excludes(slot))) ? { excludes: layout.excludes(slot) } : {}),
      },
      options,
    );
  };

  const confirm = async (repository: string, commit: string, options?: CallOptions): Promise<void> => {
    if ((await trees.of(layout.vault(repository), commit, options)) === null) throw unknownCommit(repository, commit);
  };

  /** An empty checkout, scratch directory and index; what stood there is deleted by and by. */
  const beginAnew = async (place: Based): Promise<void> => {
    const { slot } = place;
    for (const path of [layout.worktree(slot), layout.scratch(slot), layout.overlays(slot)]) await trash.discard(path);
    await mkdir(layout.worktree(slot));
    await mkdir(layout.scratch(slot), { mode: 0o700 });
    await rm(layout.index(slot), { force: true });
    await shown.link(place);
  };

  const altered = async ({ slot, repository }: Place, options?: CallOptions): Promise<readonly string[]> => {
    const { stdout } = await git(
      {
        // `diff-files` would name what was touched and is the same. More than `dirty` would run git in a repository
        // that stands where the tree has a submodule, under that repository's configuration.
        argv: ['diff', '-z', '--name-only', '--no-renames', '--no-ext-diff', '--ignore-submodules=dirty'],
        gitDir: layout.vault(repository),
        workTree: layout.worktree(slot),
        index: layout.index(slot),
        encoding: 'latin1',
      },
      options,
    );
    return stdout
      .split('\0')
      .filter((path) => path !== '')
      .slice(0, mostAltered)
      .map(pathOfBytes);
  };

  return {
    confirm,
    async create(place, commit, options) {
      const { slot, repository } = place;
      const based = { ...place, baseCommit: commit };
      await confirm(repository, commit, options);
      await mkdir(layout.worktree(slot));
      await mkdir(layout.scratch(slot), { recursive: true, mode: 0o700 });
      await shown.link(based);
      await readTree(place, commit, options);
      await shown.make(based, commit, options);
    },
    async renew(place, commit, options) {
      const { slot } = place;
      const based = { ...place, baseCommit: commit };
      for (const path of [layout.excludes(slot), layout.made(slot)]) await rm(path, { force: true });
      for (const path of [layout.layers(slot), layout.overlays(slot), layout.scratch(slot)]) await trash.discard(path);
      await mkdir(layout.scratch(slot), { mode: 0o700 });
      try {
        const pinned = await submodules.of(layout.vault(place.repository), commit, options);
        if (pinned.length > 0) throw new Error('Git leaves what stands in the directory of a submodule.');
        await shown.link(based);
        await purgeOddFiles(layout.worktree(slot));
        await readTree(place, commit, options);
        await clean(place, '-ffdx', options);
      } catch {
        // Whatever in it can't be walked, written or cleaned: a new directory has nothing of it.
        options?.signal?.throwIfAborted();
        await beginAnew(based);
        await readTree(place, commit, options);
      }
      await shown.make(based, commit, options);
    },
    async replace(place, tree, options) {
      if ((await trees.of(layout.vault(place.repository), tree, options)) === null) throw unknownTree(place, tree);
      await beginAnew(place);
      await readTree(place, tree, options);
      await shown.make(place, tree, options);
    },
    altered,
    async restored(place, options) {
      const { slot, repository } = place;
      const broughtAt = brought.get(layout.index(slot));
      if (broughtAt === undefined) return [];
      const { stdout } = await git(
        {
          argv: ['ls-files', '-z', '--cached'],
          gitDir: layout.vault(repository),
          workTree: layout.worktree(slot),
          index: layout.index(slot),
          encoding: 'latin1',
        },
        options,
      );
      const paths = stdout.split('\0').flatMap((path) => (path === '' ? [] : [pathOfBytes(path)]));
      const touched = await listTouched(layout.worktree(slot), paths, broughtAt);
      const changed = new Set(touched.length === 0 ? [] : await altered(place, options));
      return touched.filter((path) => !changed.has(path)).slice(0, mostAltered);
    },
    reset: readTree,
    async load(place, tree, options) {
      await readTree(place, tree, options);
      await clean(place, '-ffd', options);
      await shown.make(place, tree, options);
    },
    repair: shown.ensure,
    disarm: shown.remake,
    async discard(place) {
      const { slot } = place;
      // Each goes at one stroke: half of it would trip up others.
      const own = [layout.worktree(slot), layout.scratch(slot), layout.layers(slot), layout.overlays(slot)];
      for (const path of own) await trash.discard(path);
      await shown.discard(place);
      await trees.noteIndex(layout.index(slot), null);
      brought.delete(layout.index(slot));
      const index = layout.index(slot);
      for (const path of [
        index,
        `${index}.lock`,
        `${index}.look`,
        `${index}.look.lock`,
        layout.excludes(slot),
        layout.made(slot),
      ]) {
        await rm(path, { force: true });
      }
    },
  };
}

const mostAltered = 1_000;

function unknownCommit(repository: string, commit: string): BatonError<'NOT_FOUND'> {
  return new BatonError('NOT_FOUND', `The commit ${commit} isn't in the vault of ${repository}.`, {
    details: { resource: commit },
    adapter: 'git-worktree',
    fix: 'Fetch the branch that has it first.',
  });
}

/** For a tree that nobody made here. */
export function unknownTree({ repository }: Place, tree: string): BatonError<'NOT_FOUND'> {
  return new BatonError('NOT_FOUND', `The tree ${tree} isn't in the vault of ${repository}.`, {
    details: { resource: tree },
    adapter: 'git-worktree',
  });
}
