import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GitRemote } from '@baton/core';
import type { RealHost } from './real-host.js';

/** Branches of a remote, changed with git as a person changes them. */
export interface RealBranches extends AsyncDisposable {
  /** One more commit on a branch, which begins at the default branch; its id. */
  push(branch: string): Promise<string>;
  /** Removes every branch that was pushed. */
  [Symbol.asyncDispose](): Promise<void>;
}

const run = promisify(execFile);

/** By commits without changes, from a repository of its own. */
export async function createRealBranches(
  remote: GitRemote,
  { defaultBranch, searchPath }: Pick<RealHost, 'defaultBranch' | 'searchPath'>,
): Promise<RealBranches> {
  const directory = await mkdtemp(join(tmpdir(), 'baton-real-host-'));
  const pair = Buffer.from(`${remote.username ?? 'git'}:${remote.password ?? ''}`).toString('base64');
  const env = {
    PATH: searchPath,
    ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' },
    ...{ GIT_AUTHOR_NAME: 'Contract suite', GIT_AUTHOR_EMAIL: 'suite@baton.invalid' },
    ...{ GIT_COMMITTER_NAME: 'Contract suite', GIT_COMMITTER_EMAIL: 'suite@baton.invalid' },
    ...{
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'http.extraHeader',
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${pair}`,
    },
    ...{ GIT_CONFIG_KEY_1: 'http.followRedirects', GIT_CONFIG_VALUE_1: 'false' },
  };
  const git = async (...argv: readonly string[]): Promise<string> =>
    (await run('git', ['-C', directory, ...argv], { env })).stdout.trim();
  const pushed = new Set<string>();
  let commits = 0;
  await git('init', '--quiet', '--bare');
  return {
    async push(branch) {
      const from = pushed.has(branch) ? branch : defaultBranch;
      await git('fetch', '--quiet', '--depth=1', '--', remote.url, `+refs/heads/${from}:refs/heads/from`);
      const message = `A commit of the contract suite, ${++commits}`;
      const commit = await git('commit-tree', 'refs/heads/from^{tree}', '-p', 'refs/heads/from', '-m', message);
      await git('push', '--quiet', '--', remote.url, `${commit}:refs/heads/${branch}`);
      pushed.add(branch);
      return commit;
    },
    async [Symbol.asyncDispose]() {
      try {
        const gone = [...pushed].map((branch) => `:refs/heads/${branch}`);
        if (gone.length > 0) await git('push', '--quiet', '--', remote.url, ...gone);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}
