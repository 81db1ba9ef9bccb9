import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BatonError, type CallOptions, messageOf, type RestoreRequest } from '@baton/core';
import type { VaultRescue } from '../vault/kept-work.js';
import { fullRef } from '../vault/remotes.js';

const run = promisify(execFile);

/** Git of whoever asks, in their repository; what it printed, or null where it said no without a word. */
type PersonsGit = (argv: readonly string[]) => Promise<string | null>;

/**
 * Brings kept work into a repository of a person's, by that person's own git and configuration and not by the daemon's,
 * and runs nothing of it: it is as if they had typed it, but for hooks. A branch that is there and holds something else stays as it is.
 */
export async function restoreWork(
  { vault, ref, commit }: VaultRescue,
  request: RestoreRequest,
  options: CallOptions = {},
): Promise<string> {
  const { branch, checkout } = request;
  const git = personsGit(request, options);
  const target = fullRef(branch);
  const standing = (): Promise<string | null> => git(['rev-parse', '--verify', '--quiet', target]);
  // What stands there already needs no fetch, which git refuses into a branch that is checked out.
  if ((await standing()) !== commit) {
    await git(['fetch', '--no-tags', '--no-write-fetch-head', '--', vault, `${ref}:${target}`]);
  }
  // A person's hooks may stand in the repository, and so come with what an agent made and nobody has looked at.
  if (checkout) await git(['-c', 'core.hooksPath=/dev/null', 'switch', '--quiet', '--no-guess', branch]);
  // More may have been kept meanwhile.
  return (await standing()) ?? commit;
}

function personsGit(request: RestoreRequest, { signal }: CallOptions): PersonsGit {
  // Nobody is asked. What it says is read below, so it says it in its own words.
  const env = { ...request.environment, GIT_TERMINAL_PROMPT: '0', LANGUAGE: 'en' };
  return async (argv) => {
    try {
      const { stdout } = await run('git', ['-C', request.into, ...argv], { env, ...(signal ? { signal } : {}) });
      return stdout.trim();
    } catch (error) {
      signal?.throwIfAborted();
      const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
      const isNo = error instanceof Error && 'code' in error && error.code === 1 && stderr === '';
      if (isNo) return null;
      throw failure(error, stderr, request);
    }
  };
}

function failure(error: unknown, stderr: string, { into, branch }: RestoreRequest): BatonError {
  const adapter = 'git-worktree';
  if (/not a git repository|cannot change to/i.test(stderr)) {
    return new BatonError('NOT_FOUND', `${into} is no git repository.`, {
      details: { resource: into },
      adapter,
      fix: 'Name a checkout of the repository.',
    });
  }
  if (/rejected|non-fast-forward|refusing to fetch/i.test(stderr)) {
    return new BatonError('CONFLICT', `${into} has a branch ${branch} already, and it holds something else.`, {
      details: {},
      adapter,
      fix: `Rename it: git branch -m ${branch} <name>.`,
    });
  }
  const reason = messageOf(error);
  return new BatonError('COMMAND_FAILED', stderr.split('\n').at(-1) || reason, {
    details: { command: 'git' },
    adapter,
    fix: 'Mend what git says, then try again: nothing was lost.',
    cause: error,
  });
}
