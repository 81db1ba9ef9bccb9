import { createHash } from 'node:crypto';

/** Files by path. Equal content is an equal tree. */
export type MemoryTree = ReadonlyMap<string, string>;

/** A commit of a `MemoryRemote`. Its id is a function of these fields. */
export interface MemoryCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

/** A Git remote that isn't there: branches, commits and trees in memory, shared by an in-memory forge and workspace. */
export interface MemoryRemote {
  readonly url: string;
  readonly defaultBranch: string;
  /** Commit id by branch name, without `refs/heads/`. */
  readonly branches: Map<string, string>;
  /** Other refs by full name, such as claim refs. */
  readonly refs: Map<string, string>;
  readonly commits: Map<string, MemoryCommit>;
  readonly trees: Map<string, MemoryTree>;
  /** Why pushes are turned away, in the remote's words. Null: they aren't. */
  declines: string | null;
  /** Stores a tree; its id. */
  addTree(files: MemoryTree): string;
  /** Stores a commit; its id. The same commit again is the same id. */
  addCommit(commit: MemoryCommit): string;
  /** Renames a branch, the default one too, as people do. Throws where there is none of that name. */
  renameBranch(branch: string, to: string): void;
}

/** A remote whose default branch holds one commit of these files. */
export function createMemoryRemote(files: Readonly<Record<string, string>>, name = 'origin'): MemoryRemote {
  let defaultBranch = 'main';
  const remote: MemoryRemote = {
    url: `memory:${name}`,
    get defaultBranch() {
      return defaultBranch;
    },
    branches: new Map(),
    refs: new Map(),
    commits: new Map(),
    trees: new Map(),
    declines: null,
    addTree(tree) {
      const sorted = [...tree].sort(([left], [right]) => (left < right ? -1 : 1));
      const id = hash('tree', sorted);
      remote.trees.set(id, new Map(sorted));
      return id;
    },
    addCommit(commit) {
      const id = hash('commit', [commit.tree, commit.parents, commit.message]);
      remote.commits.set(id, commit);
      return id;
    },
    renameBranch(branch, to) {
      const commit = remote.branches.get(branch);
      if (commit === undefined) throw new Error(`There is no branch ${branch}.`);
      remote.branches.delete(branch);
      remote.branches.set(to, commit);
      if (defaultBranch === branch) defaultBranch = to;
    },
  };
  const tree = remote.addTree(new Map(Object.entries(files)));
  remote.branches.set(remote.defaultBranch, remote.addCommit({ tree, parents: [], message: 'first' }));
  return remote;
}

function hash(kind: string, value: unknown): string {
  return createHash('sha1')
    .update(`${kind} ${JSON.stringify(value)}`)
    .digest('hex');
}
