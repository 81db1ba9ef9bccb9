import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { loadSearchPath } from './load-search-path.js';

const run = promisify(execFile);

/**
 * Runs git in a scratch folder, as a person does who makes a repository for a fake host: without any configuration of
 * the machine, without a prompt, and with a maintainer's name in commits. What it printed, at most 16 MiB. Rejects with
 * what git said where it fails.
 */
export async function scratchGit(directory: string, argv: readonly string[]): Promise<string> {
  const env = {
    PATH: loadSearchPath(),
    HOME: directory,
    LANG: 'C.UTF-8',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    // It is gone before it would need any care, and each commit would start two processes to look for that.
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'maintenance.auto',
    GIT_CONFIG_VALUE_0: 'false',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Maintainer',
    GIT_AUTHOR_EMAIL: 'maintainer@example.com',
    GIT_COMMITTER_NAME: 'Maintainer',
    GIT_COMMITTER_EMAIL: 'maintainer@example.com',
  };
  const { stdout } = await run('git', [...argv], { cwd: directory, env, maxBuffer: 16 * 1024 ** 2 });
  return stdout;
}
