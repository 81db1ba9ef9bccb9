import type { CallOptions } from '@baton/core';
import type { Git } from '../git/git.js';
import { baseStoreOf } from './layout.js';

/** What every checkout of a repository may read: the history of base commits, and nothing of any job. */
export interface BaseStore {
  /** Brings the history of a commit of the vault in, where it isn't there. */
  ensure(vault: string, commit: string, options?: CallOptions): Promise<void>;
  /** Looks for each anew: a vault is gone. */
  forget(): void;
}

/** Keeps in memory what is there already. */
export function createBaseStore(git: Git): BaseStore {
  const known = new Set<string>();
  return {
    async ensure(vault, commit, options) {
      const key = `${vault} ${commit}`;
      if (known.has(key)) return;
      const argv = ['cat-file', '-e', `${commit}^{commit}`] as const;
      const found = await git({ argv, gitDir: baseStoreOf(vault), accept: [1, 128] }, options);
      if (found.exitCode !== 0) await copyToBase(git, vault, `${commit}:refs/baton/opened`, options);
      known.add(key);
    },
    forget: () => known.clear(),
  };
}

/** Copies what a refspec names from the vault, which is asked for no more than that. */
export async function copyToBase(git: Git, vault: string, refspec: string, options?: CallOptions): Promise<void> {
  const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'] as const;
  const argv = ['fetch', ...flags, '--no-recurse-submodules', '--', vault, `+${refspec}`] as const;
  await git({ argv, gitDir: baseStoreOf(vault) }, options);
}

/** The commits that branches which jobs start from were fetched at. */
export async function listBaseHeads(git: Git, vault: string, options?: CallOptions): Promise<readonly string[]> {
  const argv = ['for-each-ref', '--format=%(objectname)', 'refs/baton/'] as const;
  const { stdout } = await git({ argv, gitDir: baseStoreOf(vault) }, options);
  return stdout.split('\n').filter((id) => id !== '');
}
