import { pathOfBytes } from '@baton/adapter-kit';
import { BatonError, type CallOptions } from '@baton/core';
import { LRUCache } from 'lru-cache';
import type { Git } from '../git/git.js';

/** Where a commit pins other repositories. */
export interface Submodules {
  /** Their paths, in order. */
  of(gitDir: string, commit: string, options?: CallOptions): Promise<readonly string[]>;
}

/** Asks git once for each commit. */
export function createSubmodules(git: Git): Submodules {
  const known = new LRUCache<string, readonly string[]>({ max: 1_000 });
  return {
    async of(gitDir, commit, options) {
      const found = known.get(commit);
      if (found !== undefined) return found;
      const argv = ['ls-tree', '-r', '-z', '--full-tree', commit, '--'] as const;
      const { stdout } = await git({ argv, gitDir, encoding: 'latin1' }, options);
      // Each entry is `<mode> <type> <id>` TAB `<path>` (git-ls-tree(1)).
      const pinned = stdout.split('\0').filter((entry) => entry.startsWith('160000 '));
      const paths = pinned.map((entry) => pathOfBytes(entry.slice(entry.indexOf('\t') + 1)));
      known.set(commit, paths);
      return paths;
    },
  };
}

/** That a repository with submodules is not worked, since checks would run without them and tell nothing. */
export function refuseSubmodules(repository: string, paths: readonly string[]): BatonError<'CAPABILITY_UNSUPPORTED'> {
  const named = paths.slice(0, 3).map((path) => JSON.stringify(path));
  const more = paths.length > named.length ? `, and ${paths.length - named.length} more` : '';
  return new BatonError(
    'CAPABILITY_UNSUPPORTED',
    `The base of ${repository} has submodules (${named.join(', ')}${more}), which Baton does not bring in.`,
    { details: { capability: 'submodules' }, adapter: 'git-worktree', fix: submodulesFix },
  );
}

const submodulesFix =
  'Set `submodules: leave` under workspace where no check needs them, or where workspace.setup brings them in.';
