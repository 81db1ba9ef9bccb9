import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CallOptions } from '@baton/core';
import type { Environment } from '../environment/load-environment.js';
import { escapeLine } from '../text/escape-control.js';
import { CommandError } from '../verb/command-error.js';

const run = promisify(execFile);

/** Where kept work comes from, and where it goes. */
export interface RestoreRequest {
  /** The bare repository that keeps it. Absolute. */
  readonly vault: string;
  readonly ref: string;
  /** A checkout or a bare repository of a person's, or a directory in one. Absolute. */
  readonly into: string;
  readonly branch: string;
  /** Switch to the branch. Without it the working tree, the index and HEAD stay as they are. */
  readonly checkout: boolean;
}

/**
 * Brings kept work into a repository of a person's, by that person's own git and configuration, and runs nothing of it:
 * it is as if they had typed it, but for hooks. A branch that is there and holds something else stays as it is, and is an error.
 */
export async function restoreRescue(
  request: RestoreRequest,
  environment: Environment,
  call: CallOptions,
): Promise<{ readonly commit: string }> {
  const { vault, ref, into, branch, checkout } = request;
  const git = async (argv: readonly string[]): Promise<string> => {
    const program = 'git';
    // Nobody is asked, and the vault's own hooks and filters are nobody's.
    const env = { ...environment, GIT_TERMINAL_PROMPT: '0' };
    try {
      const { stdout } = await run(program, ['-C', into, ...argv], {
        env,
        ...(call.signal ? { signal: call.signal } : {}),
      });
      return stdout.trim();
    } catch (error) {
      call.signal?.throwIfAborted();
      throw failure(error, request);
    }
  };
  await git(['fetch', '--no-tags', '--no-write-fetch-head', '--', vault, `${ref}:refs/heads/${branch}`]);
  const commit = await git(['rev-parse', '--verify', `refs/heads/${branch}`]);
  // A person's hooks may stand in the repository, and so come with what an agent made and nobody has looked at.
  if (checkout) await git(['-c', 'core.hooksPath=/dev/null', 'switch', '--quiet', '--no-guess', branch]);
  return { commit };
}

function failure(error: unknown, { into, branch }: RestoreRequest): CommandError {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const init = { code: 'RESTORE_FAILED', exit: 'failure' } as const;
  if (/not a git repository|cannot change to/i.test(stderr)) {
    return new CommandError(`${into} is no git repository.`, {
      ...init,
      exit: 'usage',
      fix: 'go to a checkout of the repository, or name one with --into <directory>',
    });
  }
  if (/rejected|non-fast-forward|refusing to fetch/i.test(stderr)) {
    return new CommandError(`${into} has a branch ${branch} already, and it holds something else.`, {
      ...init,
      fix: `rename it (git branch -m ${branch} <name>), then try again`,
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  const said = stderr.split('\n').at(-1) ?? '';
  return new CommandError(`git could not bring the work in: ${escapeLine(said === '' ? reason : said)}`, {
    ...init,
    fix: 'mend what git says, then try again: nothing was lost',
  });
}
