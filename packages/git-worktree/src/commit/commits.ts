import type { CallOptions, CommitRequest, WorkspaceKey } from '@baton/core';
import { LRUCache } from 'lru-cache';
import type { Git } from '../git/git.js';
import { nameOfKey } from '../vault/layout.js';
import { identity } from '../vault/remotes.js';
import { type Attempt, headRef } from '../vault/rescue.js';
import type { CommitTree } from './commit-tree.js';

/** The commits of attempts, each kept by a ref until it is pushed or rescued. */
export interface Commits {
  /** As `Workspace.commit`. */
  make(vault: string, key: WorkspaceKey, request: CommitRequest, options?: CallOptions): Promise<string>;
  /** Lets go of an attempt's commits, once they are pushed or rescued: refs must not pile up with the jobs. */
  forget(vault: string, key: WorkspaceKey, attempt: Attempt, options?: CallOptions): Promise<void>;
}

/** Keeps the commits that a `CommitTree` makes. */
export function createCommits(git: Git, commitTree: CommitTree): Commits {
  /** The newest commit of an attempt, and what it was asked for by. */
  const newest = new LRUCache<string, { readonly asked: string; readonly commit: string }>({ max: 100 });
  return {
    async make(vault, key, request, options) {
      const { tree, parents, message, author, at } = request;
      const asked = JSON.stringify([vault, tree, parents, message, author.name, author.email, at]);
      const made = newest.get(nameOfKey(key));
      if (made?.asked === asked) return made.commit;
      const env = identity(author.name, author.email, at);
      const commit = await commitTree({ vault, key }, { tree, parents, message, env }, options);
      await git({ argv: ['update-ref', headRef(key), commit], gitDir: vault }, options);
      newest.set(nameOfKey(key), { asked, commit });
      return commit;
    },
    async forget(vault, key, attempt, options) {
      newest.delete(nameOfKey(key));
      const refs = [...(attempt.head === null ? [] : [headRef(key)]), ...attempt.pushed.keys(), ...attempt.signed];
      if (refs.length === 0) return;
      const input = refs.map((each) => `delete ${each}\n`).join('');
      await git({ argv: ['update-ref', '--stdin'], gitDir: vault, input }, options);
    },
  };
}
