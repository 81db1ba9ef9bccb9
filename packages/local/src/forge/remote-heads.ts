import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AdapterHost, CallOptions } from '@baton/core';
import { BatonError } from '@baton/core';
// biome-ignore lint/style/noRestrictedImports: a forge over a bare remote has nobody to ask but git for its branches; this is the one file that does, and only `ls-remote`.
import { GitPluginError, simpleGit } from 'simple-git';
import { adapterId, mapFileError, mapGitError } from '../host/map-error.js';

/** The branches of a remote. */
export interface RemoteHeads {
  /** Name of the branch that `HEAD` points to; null where it points to none that is there. */
  readonly defaultBranch: string | null;
  /** Commit by branch name, without `refs/heads/`. */
  readonly branches: ReadonlyMap<string, string>;
}

/** Reads branches: those that are named, or all of them. `AUTH_FAILED`, `UNAVAILABLE` where the remote can't be reached. */
export type ListRemoteHeads = (branches: readonly string[] | 'all', options?: CallOptions) => Promise<RemoteHeads>;

/** Git says nothing for so long: it is taken for dead. */
const silenceMs = 30_000;
const mostPatterns = 200;

/**
 * Asks git with an environment of its own, in a directory of Baton's own: no configuration of the machine, of a
 * person or of a repository is read, nobody is asked for a password. Does no input or output.
 */
export function createRemoteHeads(
  remote: string,
  { directory, environment: read }: { readonly directory: string; readonly environment: AdapterHost['environment'] },
): ListRemoteHeads {
  const environment = {
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CEILING_DIRECTORIES: dirname(directory),
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
  };
  return async (branches, options) => {
    const signal = options?.signal;
    signal?.throwIfAborted();
    await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw mapFileError(error, directory);
    });
    ensureFilesLeft(directory);
    const git = simpleGit({
      baseDir: directory,
      timeout: { block: silenceMs },
      allowEnvironment: Object.keys(environment),
      // Safe here: the values are the constants above, and they only take away.
      unsafe: { allowUnsafeConfigPaths: true, allowUnsafeProtocolOverride: true },
      ...(signal ? { abort: signal } : {}),
    }).env({ ...gitEnvironment(read), ...environment });
    const patterns =
      branches === 'all' || branches.length > mostPatterns
        ? ['refs/heads/*']
        : branches.map((branch) => `refs/heads/${branch}`);
    try {
      return parse(await git.raw(['ls-remote', '--symref', '--', remote, 'HEAD', ...patterns]));
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof GitPluginError && error.plugin === 'timeout') {
        const message = `The remote ${remote} gave no answer for ${silenceMs / 1000} s.`;
        throw new BatonError('TIMEOUT', message, { adapter: adapterId, details: { afterMs: silenceMs }, cause: error });
      }
      throw mapGitError(error, remote);
    }
  };
}

/** What it takes to start a program: three pipes with two ends each, and some to spare. */
const filesForProgram = 10;

/** simple-git listens to no error of a program that can't be started for want of open files: it would end the process. */
function ensureFilesLeft(directory: string): void {
  const taken: number[] = [];
  try {
    while (taken.length < filesForProgram) taken.push(openSync(directory, 'r'));
  } catch (error) {
    throw mapFileError(error, directory);
  } finally {
    for (const each of taken) closeSync(each);
  }
}

function parse(output: string): RemoteHeads {
  const branches = new Map<string, string>();
  let pointed: string | undefined;
  let headCommit: string | undefined;
  for (const line of output.split('\n')) {
    const [value = '', name = ''] = line.split('\t');
    if (name === 'HEAD' && value.startsWith('ref: refs/heads/')) pointed = value.slice('ref: refs/heads/'.length);
    else if (name === 'HEAD') headCommit = value;
    else if (name.startsWith('refs/heads/')) branches.set(name.slice('refs/heads/'.length), value);
  }
  // A checkout of a single commit points to no branch: then it is the one that is there.
  const standing = ['main', 'master', ...branches.keys()].find((name) => branches.get(name) === headCommit);
  const defaultBranch = headCommit === undefined ? null : (pointed ?? standing ?? null);
  return { defaultBranch, branches };
}

/** What git may know of the daemon's environment: where programs are, and the agent that holds SSH keys. */
function gitEnvironment(read: AdapterHost['environment']): Readonly<Record<string, string>> {
  const agent = read('SSH_AUTH_SOCK');
  return {
    PATH: read('PATH') ?? '/usr/local/bin:/usr/bin:/bin',
    ...(agent === null ? {} : { SSH_AUTH_SOCK: agent }),
  };
}
