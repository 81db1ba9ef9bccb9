import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the commits of a repository are. */
export interface Branches {
  get(branch: string): Promise<string | null>;
  /** One more commit on a branch, which begins at the default branch; its id. */
  push(branch: string): Promise<string>;
  clear(): Promise<void>;
}

/** Branches that exist in memory only: commit ids are hashes of a counter. */
export function createMemoryBranches(defaultBranch: string): Branches {
  const heads = new Map<string, string>();
  let commits = 0;
  const commit = (): string => {
    commits += 1;
    return createHash('sha1').update(`commit ${commits}`).digest('hex');
  };
  heads.set(defaultBranch, commit());
  return {
    get: async (branch) => heads.get(branch) ?? null,
    async push(branch) {
      const id = commit();
      heads.set(branch, id);
      return id;
    },
    clear: async () => heads.clear(),
  };
}

/** Branches of a bare repository on disk. People push to it with git. */
export function createGitBranches(repository: string): Branches {
  const refuse = async (): Promise<never> => {
    throw new Error('this repository is on disk: change it with git');
  };
  return {
    async get(branch) {
      const loose = await readFile(join(repository, 'refs', 'heads', branch), 'utf8').catch(() => null);
      if (loose !== null) return loose.trim();
      const packed = await readFile(join(repository, 'packed-refs'), 'utf8').catch(() => '');
      return (
        packed
          .split('\n')
          .find((line) => line.endsWith(` refs/heads/${branch}`))
          ?.split(' ')[0] ?? null
      );
    },
    push: refuse,
    clear: refuse,
  };
}
