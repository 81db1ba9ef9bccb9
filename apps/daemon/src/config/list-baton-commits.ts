import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '../environment/load-environment.js';

const run = promisify(execFile);

/** A commit that Baton made. */
export interface BatonCommit {
  readonly id: string;
  /** Its first line. */
  readonly subject: string;
}

/** How Baton signs a commit, and the texts that a host makes a squashed one's message of. */
const signatures = /^Baton-Job: |^Co-authored-by: .*<baton@localhost>|<!-- baton:/im;
const authorEmail = 'baton@localhost';

/**
 * The commits of Baton's own that touched a file, on any ref of the checkout that it lies in: a merge writes the
 * file before it moves HEAD. Rejects with what git said where git can't tell.
 */
export async function listBatonCommits(file: string, environment: Environment): Promise<readonly BatonCommit[]> {
  const program = 'git';
  const settings = ['safe.bareRepository=explicit', 'core.fsmonitor=false', 'core.hooksPath=/dev/null'];
  const argv = [
    ...['-C', dirname(file), ...settings.flatMap((setting) => ['-c', setting])],
    ...['log', '--all', '--full-history', '--no-show-signature', '--no-color', '-z', '--format=%H%n%ae%n%ce%n%B'],
    // What is being merged has no ref where it was fetched from an address.
    ...['--ignore-missing', 'FETCH_HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', '--', basename(file)],
  ];
  const kept = ['PATH', 'HOME', 'XDG_CONFIG_HOME'].flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const env = { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_LITERAL_PATHSPECS: '1' };
  const { stdout } = await run(program, argv, { env, maxBuffer: 256 * 1024 * 1024 });
  return stdout.split('\0').flatMap((told): readonly BatonCommit[] => {
    const [id = '', author = '', committer = '', subject = '', ...rest] = told.split('\n');
    const signed = [author, committer].includes(authorEmail) || signatures.test([subject, ...rest].join('\n'));
    return signed ? [{ id, subject }] : [];
  });
}
