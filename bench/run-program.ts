import { spawn } from 'node:child_process';

/** How a program is run. */
export interface ProgramOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** On top of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Iterable<string | Buffer>;
}

/** Git without the machine's configuration, so that both sides of a comparison work under the same one. */
export const plainGit: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@localhost',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@localhost',
};

/** Runs a program to its end; what it wrote to standard output. Rejects where it fails, with what it said. */
export function runProgram(argv: readonly [string, ...string[]], options: ProgramOptions): Promise<string> {
  const [file, ...rest] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(file, rest, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      // A group of its own, so that an abort ends what it started too.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const end = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    options.signal.addEventListener('abort', end, { once: true });
    if (options.signal.aborted) end();
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (exitCode, killedBy) => {
      options.signal.removeEventListener('abort', end);
      if (exitCode === 0) resolve(Buffer.concat(stdout).toString('utf8'));
      else {
        const said = Buffer.concat(stderr).toString('utf8').trim().slice(-2_000);
        reject(new Error(`${argv.join(' ')} ended with ${exitCode ?? killedBy}: ${said}`));
      }
    });
    // A program that ends without reading is judged by its exit code.
    child.stdin.on('error', () => {});
    for (const part of options.input ?? []) child.stdin.write(part);
    child.stdin.end();
  });
}

/** Runs git without the machine's configuration. */
export function git(args: readonly string[], options: ProgramOptions): Promise<string> {
  return runProgram(['git', ...args], { ...options, env: { ...plainGit, ...options.env } });
}
