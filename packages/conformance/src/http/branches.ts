import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadSearchPath } from '../git-http/load-search-path.js';

/** Where the commits of a repository are. */
export interface Branches {
  get(branch: string): Promise<string | null>;
  /** One more commit on a branch, which begins at the default branch; its id. */
  push(branch: string): Promise<string>;
  clear(): Promise<void>;
  /** Null: there is no such commit. */
  parentsOf(commit: string): Promise<readonly string[] | null>;
}

const run = promisify(execFile);

/** Branches that exist in memory only: commit ids are hashes of a counter. */
export function createMemoryBranches(defaultBranch: string): Branches {
  const heads = new Map<string, string>();
  const parents = new Map<string, readonly string[]>();
  let commits = 0;
  const commit = (): string => {
    commits += 1;
    return createHash('sha1').update(`commit ${commits}`).digest('hex');
  };
  const root = commit();
  heads.set(defaultBranch, root);
  parents.set(root, []);
  return {
    get: async (branch) => heads.get(branch) ?? null,
    async push(branch) {
      const id = commit();
      const before = heads.get(branch) ?? heads.get(defaultBranch);
      parents.set(id, before === undefined ? [] : [before]);
      heads.set(branch, id);
      return id;
    },
    clear: async () => heads.clear(),
    parentsOf: async (id) => parents.get(id) ?? null,
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
    async parentsOf(commit) {
      const argv = ['--git-dir', repository, 'rev-list', '--parents', '--max-count=1', `${commit}^{commit}`, '--'];
      const environment = { PATH: loadSearchPath(), GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
      const told = await run('git', argv, { env: environment }).catch(() => null);
      return told?.stdout.trim().split(' ').slice(1) ?? null;
    },
  };
}
