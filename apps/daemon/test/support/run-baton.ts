import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const binary = join(root, 'apps', 'daemon', 'bin', 'baton.js');

/** Compiled once for all tests: a home of its own would have each command compile itself, and write that down. */
export const compiledOnce = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'baton-commands') };

/** What a command left behind. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a command runs. */
export interface BatonOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function ended(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr, exitCode] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve)),
  ]);
  return { exitCode, stdout, stderr };
}

/** Builds the command where nobody has: `npm test` does before the tests. */
export async function ensureBuilt(): Promise<void> {
  if (existsSync(join(root, 'apps', 'daemon', 'dist', 'main.js'))) return;
  const bin = join(root, 'node_modules', '.bin');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, TURBO_TELEMETRY_DISABLED: '1' };
  const argv = ['run', 'build', '--filter', '@baton/daemon'];
  const { exitCode, stdout, stderr } = await ended(spawn(join(bin, 'turbo'), argv, { cwd: root, env }));
  if (exitCode !== 0) throw new Error(`The command can't be built:\n${stdout}${stderr}`);
}

/** Starts the built command as people start it, with an environment of its own and no terminal. */
export function startBaton(argv: readonly string[], { cwd, env = {} }: BatonOptions): ChildProcess {
  return spawn(process.execPath, [binary, ...argv], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...compiledOnce, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the built command to its end. */
export function runBaton(argv: readonly string[], options: BatonOptions): Promise<Ended> {
  return ended(startBaton(argv, options));
}
