import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { BatonError } from '@baton/core';
import { type FileCommit, readFileCommits } from './read-file-commits.js';

const run = promisify(execFile);

/** Nothing that the repository says is run, and none is found by chance. */
const settings = ['safe.bareRepository=explicit', 'core.fsmonitor=false', 'core.hooksPath=/dev/null'];

/** What git needs to know whose repository it is. */
const kept = ['PATH', 'HOME', 'XDG_CONFIG_HOME'];

/**
 * The commits that touched a file, an absolute path, on any ref of the checkout that it lies in, and in what is being
 * merged there: a merge writes the file before it moves HEAD. Null where there is no repository, or no git at all.
 * `COMMAND_FAILED` with the first line of what git said where it can't tell. `environment`: the variables of whoever
 * owns the checkout.
 */
export async function listFileCommits(
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<readonly FileCommit[] | null> {
  const argv = [
    ...['-C', dirname(file), ...settings.flatMap((setting) => ['-c', setting])],
    ...['log', '--all', '--full-history', '--no-show-signature', '--no-color', '-z', '--format=%H%n%ae%n%ce%n%B'],
    // What is being merged has no ref where it was fetched from an address.
    ...['--ignore-missing', 'FETCH_HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', '--', basename(file)],
  ];
  const known = kept.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const env = { ...Object.fromEntries(known), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_LITERAL_PATHSPECS: '1' };
  try {
    const { stdout } = await run('git', argv, { env, maxBuffer: 256 * 1024 ** 2 });
    return readFileCommits(stdout);
  } catch (error) {
    const { code = '', stderr = '' } = error as { readonly code?: unknown; readonly stderr?: unknown };
    const said = String(stderr).trim() || String(error);
    if (code === 'ENOENT' || /not a git repository/.test(said)) return null;
    throw new BatonError('COMMAND_FAILED', said.split('\n')[0] ?? '', {
      details: { command: 'git log' },
      adapter: 'git-worktree',
      fix: 'Let git read the repository.',
      cause: error,
    });
  }
}
