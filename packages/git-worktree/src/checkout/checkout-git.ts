import { copyFile, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions } from '@baton/core';
import type { Git } from '../git/git.js';
import type { SlotRecord } from '../records/slot-record.js';
import type { BaseStore } from '../vault/base-store.js';
import type { KnownTrees } from '../vault/known-trees.js';
import { baseStoreOf, type Layout } from '../vault/layout.js';
import type { Trash } from './trash.js';

/** A checkout, and the commit that its commands see as `HEAD`. */
export type Based = Pick<SlotRecord, 'slot' | 'repository' | 'baseCommit'>;

/**
 * The git directory that commands in a checkout find: of its own configuration, refs and index, on the objects of the
 * base. They may write there what they like (hooks, commits, stashes): the daemon's git never reads it, and it goes
 * with the checkout. What a command may have written is never written to: it is exchanged for a new one.
 */
export interface CheckoutGit {
  /** Makes it anew: `HEAD` at the base, the index at `tree`, which the daemon's index of the checkout holds. */
  make(place: Based, tree: string, options?: CallOptions): Promise<void>;
  /** Makes it, and the checkout's link to it, where something else stands in the place of one of them. */
  ensure(place: Based, options?: CallOptions): Promise<void>;
  /** Makes it anew at the base, and the link to it right, whatever stands there. */
  remake(place: Based, options?: CallOptions): Promise<void>;
  /** Writes the link to it where something else stands there. */
  link(place: Based): Promise<void>;
  discard(place: Pick<Based, 'slot' | 'repository'>): Promise<void>;
}

/** What `createCheckoutGit` works with. */
export interface CheckoutGitParts {
  readonly git: Git;
  readonly layout: Layout;
  readonly trees: KnownTrees;
  readonly trash: Trash;
  readonly base: BaseStore;
}

/** Works below a layout. */
export function createCheckoutGit({ git, layout, trees, trash, base }: CheckoutGitParts): CheckoutGit {
  const replace = async (
    { slot, repository, baseCommit }: Based,
    fill: (fresh: string) => Promise<unknown>,
    options?: CallOptions,
  ): Promise<void> => {
    const vault = layout.vault(repository);
    await base.ensure(vault, baseCommit, options);
    const path = layout.gitDir(repository, slot);
    const fresh = `${path}.new`;
    await rm(fresh, { recursive: true, force: true });
    for (const each of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info']) {
      await mkdir(join(fresh, each), { recursive: true, mode: 0o700 });
    }
    await writeFile(join(fresh, 'HEAD'), `${baseCommit}\n`, { mode: 0o600 });
    await writeFile(join(fresh, 'config'), configuration, { mode: 0o600 });
    await writeFile(join(fresh, 'objects/info/alternates'), `${join(baseStoreOf(vault), 'objects')}\n`, {
      mode: 0o600,
    });
    const tags = join(baseStoreOf(vault), 'packed-refs');
    await copyFile(tags, join(fresh, 'packed-refs')).catch(ignoreMissing);
    await fill(fresh);
    await trash.discard(path);
    await rename(fresh, path);
  };

  const make = (place: Based, tree: string, options?: CallOptions): Promise<void> =>
    replace(
      place,
      async (fresh) => {
        const vault = layout.vault(place.repository);
        await copyFile(layout.index(place.slot), join(fresh, 'index'));
        const [shown, known] = [await trees.of(vault, tree, options), await trees.of(vault, place.baseCommit, options)];
        if (shown === null || shown === known) return;
        // What the index names must be there, as of a checkout of work; nothing else of the vault is.
        const argv = ['pack-objects', '--quiet', '--revs', '--window=0', join(fresh, 'objects/pack/pack')] as const;
        await git({ argv, gitDir: vault, input: `${shown}\n^${place.baseCommit}\n` }, options);
      },
      options,
    );

  /** With an index of the base: what was changed since shows as changed. */
  const makeAtBase = async (place: Based, options?: CallOptions): Promise<void> => {
    const read = (fresh: string) =>
      git(
        { argv: ['read-tree', place.baseCommit], gitDir: layout.vault(place.repository), index: join(fresh, 'index') },
        options,
      );
    await replace(place, read, options);
  };

  const link = async ({ slot, repository }: Based): Promise<void> => {
    const path = join(layout.worktree(slot), '.git');
    const text = `gitdir: ${layout.gitDir(repository, slot)}\n`;
    const found = await lstat(path).catch(() => null);
    if (found?.isFile() && found.nlink === 1 && (await readFile(path, 'utf8')) === text) return;
    await rm(path, { recursive: true, force: true });
    await writeFile(path, text, { flag: 'wx' });
  };

  return {
    make,
    link,
    async ensure(place, options) {
      await link(place);
      const found = await lstat(join(layout.gitDir(place.repository, place.slot), 'HEAD')).catch(() => null);
      if (!found?.isFile()) await makeAtBase(place, options);
    },
    async remake(place, options) {
      await link(place);
      await makeAtBase(place, options);
    },
    async discard({ slot, repository }) {
      const path = layout.gitDir(repository, slot);
      // The last one: of a version in which checkouts were worktrees of the vault.
      for (const each of [path, `${path}.new`, join(layout.vault(repository), 'worktrees', slot)]) {
        await trash.discard(each);
      }
    },
  };
}

/** What `git init` writes; and nothing is tidied up that is thrown away whole. */
const configuration = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
\tlogallrefupdates = true
[gc]
\tauto = 0
[maintenance]
\tauto = false
`;

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
