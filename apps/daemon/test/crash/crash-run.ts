import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const wiring = 'apps/daemon/src/wire';
const replacements = [
  {
    module: `${wiring}/wire-config.ts`,
    exports: {
      wireStore: 'globalThis.batonFailpoints.wireStore(was)',
      wireProjects: 'globalThis.batonFailpoints.wireProjects(was)',
    },
  },
  {
    module: `${wiring}/process-services.ts`,
    exports: { createProcessServices: 'globalThis.batonFailpoints.createProcessServices(was)' },
  },
];
const program = [
  '--conditions=@baton/source',
  '--disable-warning=ExperimentalWarning',
  '--import',
  fileOf('../hostile/with-sources.ts'),
  '--import',
  fileOf('./failpoints.ts'),
  fileOf('../../src/main.ts'),
];

/** A life of a daemon that works what is due: `baton start --once`. */
export interface Life {
  /** Whether it was killed at the point that was asked for; false where it came to its end without reaching it. */
  readonly killed: boolean;
  /** What it printed. */
  readonly said: string;
  /** The points that it reached, in order, with what else is known of them. */
  readonly trace: readonly string[];
}

/** Where a life runs. */
export interface LifeOptions {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

// Compiled once for all lives: from its sources a daemon takes a second to begin, and from these a quarter of it.
const compiled = fileOf('../../../../node_modules/.cache/baton-crash-lives');

/** The file in a scene to which its lives tell where they were. */
export const traceIn = (scene: Pick<LifeOptions, 'path'>): string => join(scene.path, 'trace');

/**
 * One life, killed with its whole process group at a point, such as `store.record:before:3`, or at the so-manieth of
 * all points. Null: never. Rejects where it ends with an error, or does not end.
 */
export async function live(point: string | null, { path: cwd, env }: LifeOptions): Promise<Life> {
  const traceFile = traceIn({ path: cwd });
  const written = async (): Promise<string> => (existsSync(traceFile) ? readFile(traceFile, 'utf8') : '');
  const earlier = (await written()).length;
  const child = spawn(process.execPath, [...program, 'start', '--once', '-c', 'baton.config.yaml'], {
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: cwd,
      NODE_COMPILE_CACHE: compiled,
      ...env,
      BATON_TEST_WITHOUT: JSON.stringify(replacements),
      BATON_TEST_TRACE: traceFile,
      ...(point !== null && { BATON_TEST_CRASH: point }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    timeout: 90_000,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve, reject) =>
    child.on('error', reject).on('exit', (code, signal) => resolve({ code, signal })),
  );
  // Without a sandbox, what the agent began may hold the pipes for longer than the daemon lives.
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const { code, signal } = await ended;
  const killed = signal === 'SIGKILL';
  if (killed) {
    child.stdout.destroy();
    child.stderr.destroy();
  }
  const said = (await printed.catch(() => [])).join('\n');
  const trace = (await written())
    .slice(earlier)
    .split('\n')
    .filter((line) => line !== '');
  const wasAsked = trace.at(-1)?.startsWith('killed ') ?? false;
  if (killed !== wasAsked || (!killed && code !== 0)) {
    throw new Error(`${point ?? 'no point'}: exit ${code}, ${signal}\n${trace.slice(-20).join('\n')}\n${said}`);
  }
  return { killed, said, trace };
}
