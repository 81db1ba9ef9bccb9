import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Environment } from '../environment/load-environment.js';

const run = promisify(execFile);

/** Git for the demo's own scratch folder: no configuration of the machine, no prompt. The daemon's git is elsewhere. */
export async function demoGit(directory: string, argv: readonly string[], environment: Environment): Promise<string> {
  const env = {
    PATH: environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: directory,
    LANG: 'C.UTF-8',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Maintainer',
    GIT_AUTHOR_EMAIL: 'maintainer@example.com',
    GIT_COMMITTER_NAME: 'Maintainer',
    GIT_COMMITTER_EMAIL: 'maintainer@example.com',
  };
  const program = 'git';
  const { stdout } = await run(program, [...argv], { cwd: directory, env, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}
