import type { CallOptions, CommitRequest, WorkspaceKey } from '@baton/core';
import type { Git } from './git.js';
import { nameOfKey } from './layout.js';
import { createRecent } from './recent.js';
import { checkedId, identity } from './remotes.js';
import { type Attempt, headRef } from './rescue.js';

/** The commits of attempts, each kept by a ref until it is pushed or rescued. */
export interface Commits {
  /** As `Workspace.commit`. */
  make(vault: string, key: WorkspaceKey, request: CommitRequest, options?: CallOptions): Promise<string>;
  /** Lets go of an attempt's commits, once they are pushed or rescued: refs must not pile up with the jobs. */
  forget(vault: string, key: WorkspaceKey, attempt: Attempt, options?: CallOptions): Promise<void>;
}

/** Makes commits by a git. */
export function createCommits(git: Git): Commits {
  /** The newest commit of an attempt, and what it was asked for by. */
  const newest = createRecent<{ readonly asked: string; readonly commit: string }>(100);
  return {
    async make(vault, key, request, options) {
      const { tree, parents, message, author, at } = request;
      const asked = JSON.stringify([vault, tree, parents, message, author.name, author.email, at]);
      const made = newest.get(nameOfKey(key));
      if (made?.asked === asked) return made.commit;
      const lineage = parents.flatMap((each) => ['-p', checkedId(each)]);
      const argv = ['commit-tree', checkedId(tree), ...lineage, '-F', '-'] as const;
      // Git would take an empty input for none at all.
      const input = message === '' ? '\n' : message;
      const env = identity(author.name, author.email, at);
      const commit = (await git({ argv, gitDir: vault, input, env }, options)).stdout.trim();
      await git({ argv: ['update-ref', headRef(key), commit], gitDir: vault }, options);
      newest.set(nameOfKey(key), { asked, commit });
      return commit;
    },
    async forget(vault, key, attempt, options) {
      newest.delete(nameOfKey(key));
      const refs = [...(attempt.head === null ? [] : [headRef(key)]), ...attempt.pushed.keys()];
      if (refs.length === 0) return;
      const input = refs.map((each) => `delete ${each}\n`).join('');
      await git({ argv: ['update-ref', '--stdin'], gitDir: vault, input }, options);
    },
  };
}
