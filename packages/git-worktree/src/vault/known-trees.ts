import { stat } from 'node:fs/promises';
import type { CallOptions } from '@baton/core';
import { LRUCache } from 'lru-cache';
import type { Git } from '../git/git.js';

/** Which tree a commit has, and an index holds: asked of git once. An object's id is all that it is, so it holds for ever. */
export interface KnownTrees {
  /** The tree of a commit, and of a tree itself. Null where the vault lacks it. */
  of(vault: string, id: string, options?: CallOptions): Promise<string | null>;
  /** The same where that is known already. */
  recall(id: string): string | null;
  /** The tree that stands in an index file; null where something else than a noted step wrote it last. */
  inIndex(path: string): Promise<string | null>;
  /** Notes which tree an index holds from now on. Null: nobody knows. */
  noteIndex(path: string, tree: string | null): Promise<void>;
  /** Asks for each anew: a vault is gone, and what it had may not be there. */
  forget(): void;
}

/** Makes an empty memory, in front of a git. */
export function createKnownTrees(git: Git): KnownTrees {
  const trees = new LRUCache<string, string>({ max: 1_000 });
  const indexes = new LRUCache<string, { readonly tree: string; readonly identity: string }>({ max: 1_000 });
  return {
    async of(vault, id, options) {
      const known = trees.get(id);
      if (known !== undefined) return known;
      const argv = ['rev-parse', '--verify', '--quiet', `${id}^{tree}`] as const;
      const { exitCode, stdout } = await git({ argv, gitDir: vault, accept: [1, 128] }, options);
      if (exitCode !== 0) return null;
      trees.set(id, stdout.trim());
      return stdout.trim();
    },
    recall: (id) => trees.get(id) ?? null,
    async inIndex(path) {
      const noted = indexes.get(path);
      return noted !== undefined && noted.identity === (await identify(path)) ? noted.tree : null;
    },
    async noteIndex(path, tree) {
      const identity = tree === null ? null : await identify(path);
      if (tree === null || identity === null) indexes.delete(path);
      else {
        indexes.set(path, { tree, identity });
        trees.set(tree, tree);
      }
    },
    forget() {
      trees.clear();
      indexes.clear();
    },
  };
}

async function identify(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found === null ? null : `${found.ino} ${found.size} ${found.mtimeNs}`;
}
