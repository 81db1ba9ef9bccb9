import { copyFile, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError, type CallOptions } from '@baton/core';
import type { Git } from './git.js';
import type { KnownTrees } from './known-trees.js';
import type { Layout } from './layout.js';
import type { Limit } from './lock.js';
import { purgeOddFiles } from './purge-odd-files.js';
import type { Trash } from './trash.js';
import { exists } from './vault.js';

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
  replace(place: Place, tree: string, options?: CallOptions): Promise<void>;
  /** Tracked files that are not as the tree has them that was read last. At most 1,000, in order. */
  altered(place: Place, options?: CallOptions): Promise<readonly string[]>;
  /** Makes tracked files equal a tree, and touches no other. */
  reset(place: Place, tree: string, options?: CallOptions): Promise<void>;
  /** Makes tracked files equal a tree; untracked ones go, ignored ones stay. */
  load(place: Place, tree: string, options?: CallOptions): Promise<void>;
  /** Writes the link to the vault anew where something else stands in its place. */
  repair(place: Place): Promise<void>;
  /** Takes everything of it away, the vault's own notes included. Nothing happens where there is nothing. */
  discard(place: Place): Promise<void>;
}

/** Works below a layout. `limit` is how many checkouts are written at once: one per core is best. */
export function createCheckouts(git: Git, layout: Layout, trash: Trash, trees: KnownTrees, limit: Limit): Checkouts {
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
  };
  /** The agent's `git status` reads an index of its own: the daemon's is out of its reach. */
  const showIndex = async ({ slot, repository }: Place): Promise<void> => {
    const shown = join(layout.gitDir(repository, slot), 'index');
    await copyFile(layout.index(slot), `${shown}.new`);
    await rename(`${shown}.new`, shown);
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
  const linkOf = ({ slot, repository }: Place): string => `gitdir: ${layout.gitDir(repository, slot)}\n`;

  const confirm = async (repository: string, commit: string, options?: CallOptions): Promise<void> => {
    if ((await trees.of(layout.vault(repository), commit, options)) === null) throw unknownCommit(repository, commit);
  };

  /**
   * What `git worktree add` writes (gitrepository-layout(5)), but whole at once: between its steps every other
   * git in the vault fails over the half-made worktree, and after a crash in between goes on failing.
   */
  const register = async ({ slot, repository }: Place, commit: string): Promise<void> => {
    const vault = layout.vault(repository);
    const fresh = join(vault, `baton-${slot}`);
    await mkdir(fresh, { mode: 0o700 });
    await writeFile(join(fresh, 'HEAD'), `${commit}\n`);
    await writeFile(join(fresh, 'commondir'), '../..\n');
    await writeFile(join(fresh, 'gitdir'), `${join(layout.worktree(slot), '.git')}\n`);
    await mkdir(join(vault, 'worktrees'), { recursive: true, mode: 0o700 });
    await rename(fresh, layout.gitDir(repository, slot));
  };

  const repair = async (place: Place): Promise<void> => {
    const path = join(layout.worktree(place.slot), '.git');
    const found = await lstat(path).catch(() => null);
    if (found?.isFile() && found.nlink === 1 && (await readFile(path, 'utf8')) === linkOf(place)) return;
    await rm(path, { recursive: true, force: true });
    await writeFile(path, linkOf(place), { flag: 'wx' });
  };

  /** An empty checkout, scratch directory and index; what stood there is deleted by and by. */
  const beginAnew = async (place: Place): Promise<void> => {
    const { slot } = place;
    for (const path of [layout.worktree(slot), layout.scratch(slot), layout.overlays(slot)]) await trash.discard(path);
    await mkdir(layout.worktree(slot));
    await mkdir(layout.scratch(slot), { mode: 0o700 });
    await rm(layout.index(slot), { force: true });
    await repair(place);
  };

  return {
    confirm,
    async create(place, commit, options) {
      const { slot, repository } = place;
      await confirm(repository, commit, options);
      await mkdir(layout.worktree(slot));
      await mkdir(layout.scratch(slot), { recursive: true, mode: 0o700 });
      await register(place, commit);
      await repair(place);
      await readTree(place, commit, options);
      await showIndex(place);
    },
    async renew(place, commit, options) {
      const { slot, repository } = place;
      for (const path of [layout.excludes(slot), layout.made(slot)]) await rm(path, { force: true });
      for (const path of [layout.layers(slot), layout.overlays(slot), layout.scratch(slot)]) await trash.discard(path);
      await mkdir(layout.scratch(slot), { mode: 0o700 });
      try {
        await repair(place);
        await purgeOddFiles(layout.worktree(slot));
        await readTree(place, commit, options);
        await clean(place, '-ffdx', options);
      } catch {
        // Whatever in it can't be walked or written: a new directory has nothing of it.
        options?.signal?.throwIfAborted();
        await beginAnew(place);
        await readTree(place, commit, options);
      }
      const gitDir = layout.gitDir(repository, slot);
      for (const name of await readdir(gitDir)) {
        if (!own.has(name)) await rm(join(gitDir, name), { recursive: true, force: true });
      }
      if ((await readFile(join(gitDir, 'HEAD'), 'utf8')) !== `${commit}\n`) {
        await git({ argv: ['update-ref', '--no-deref', 'HEAD', commit], gitDir }, options);
      }
      await showIndex(place);
    },
    async replace(place, tree, options) {
      if ((await trees.of(layout.vault(place.repository), tree, options)) === null) throw unknownTree(place, tree);
      await beginAnew(place);
      await readTree(place, tree, options);
      await showIndex(place);
    },
    async altered({ slot, repository }, options) {
      const { stdout } = await git(
        {
          argv: ['diff-files', '-z', '--name-only', '--no-renames', '--ignore-submodules=none'],
          gitDir: layout.vault(repository),
          workTree: layout.worktree(slot),
          index: layout.index(slot),
        },
        options,
      );
      return stdout
        .split('\0')
        .filter((path) => path !== '')
        .slice(0, mostAltered);
    },
    reset: readTree,
    async load(place, tree, options) {
      await readTree(place, tree, options);
      await clean(place, '-ffd', options);
      await showIndex(place);
    },
    repair,
    async discard({ slot, repository }) {
      // Each goes at one stroke: half of it would trip up others.
      const own = [layout.worktree(slot), layout.gitDir(repository, slot), layout.scratch(slot)];
      for (const path of [...own, layout.layers(slot), layout.overlays(slot)]) await trash.discard(path);
      await rm(join(layout.vault(repository), `baton-${slot}`), { recursive: true, force: true });
      await trees.noteIndex(layout.index(slot), null);
      const index = layout.index(slot);
      for (const path of [index, `${index}.lock`, layout.excludes(slot), layout.made(slot)]) {
        await rm(path, { force: true });
      }
    },
  };
}

const mostAltered = 1_000;

/** What `git worktree add` itself writes in a worktree's directory of the vault. */
const own: ReadonlySet<string> = new Set(['HEAD', 'commondir', 'gitdir', 'index']);

function unknownCommit(repository: string, commit: string): BatonError<'NOT_FOUND'> {
  return new BatonError('NOT_FOUND', `The commit ${commit} isn't in the vault of ${repository}.`, {
    details: { resource: commit },
    adapter: 'git-worktree',
    fix: 'Fetch the branch that has it first.',
  });
}

function unknownTree({ repository }: Place, tree: string): BatonError<'NOT_FOUND'> {
  return new BatonError('NOT_FOUND', `The tree ${tree} isn't in the vault of ${repository}.`, {
    details: { resource: tree },
    adapter: 'git-worktree',
  });
}
