import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('..', import.meta.url));

export interface ProcessResult {
  readonly exitCode: number;
  /** Standard output and error as they came, empty where they were passed on. */
  readonly output: string;
}

export interface ProcessOptions {
  /** `show` passes the output on as it comes; `keep` returns it. */
  readonly output: 'show' | 'keep';
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A terminal sends its interrupt to every process at once; sent on, it would arrive twice. */
function forwardTo(child: ChildProcess): (signal: NodeJS.Signals) => void {
  return (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
}

/** Runs a program to its end. A signal to this process goes to the program, and its own becomes 128 + n. */
export function runProcess(command: string, args: readonly string[], options: ProcessOptions): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: options.output === 'show' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    const forward = forwardTo(child);
    for (const signal of signals) process.on(signal, forward);
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      const exitCode = code ?? 128 + (signal === null ? 1 : constants.signals[signal]);
      resolve({ exitCode, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}
