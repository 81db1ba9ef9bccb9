import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  BatonError,
  type CallOptions,
  type Command,
  type CommandResult,
  type SetupProducts,
  type VerifyCheckout,
} from '@baton/core';

/** A checkout that is a temporary directory and nothing more: no sandbox, no git. Its tree is what was put there. */
export interface PlainWorkspace extends VerifyCheckout, AsyncDisposable {
  /** Writes files and deletes those that are null. */
  put(files: Readonly<Record<string, string | Uint8Array | null>>): Promise<void>;
  /** What `setupProducts` tells. Nothing at first. */
  products: SetupProducts;
  /** Process groups of commands that are still alive. */
  alive(): readonly string[];
  /** The shell lines that were run, without a gate's own small commands. */
  readonly lines: readonly string[];
}

/** Makes one, holding these files. */
export async function createPlainWorkspace(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<PlainWorkspace> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'baton-gates-')));
  const root = join(home, 'tree');
  const scratch = join(home, 'scratch');
  const groups = new Map<number, string>();
  const lines: string[] = [];
  await mkdir(root);
  await mkdir(scratch);
  const tree = new Map<string, string | Uint8Array>();
  /** Of each file of the tree, what no command can set back. */
  const written = new Map<string, string | null>();
  const touchOf = async (path: string): Promise<string | null> => {
    const found = await lstat(join(root, path), { bigint: true }).catch(() => null);
    return found && `${found.ino} ${found.ctimeNs}`;
  };
  const workspace: PlainWorkspace = {
    root,
    scratch,
    lines,
    products: { unseen: [], outdated: [], ofChange: false },
    async exec(command, options) {
      options?.signal?.throwIfAborted();
      if (command.argv[0] === 'sh' && command.argv.length === 3) lines.push(command.argv[2] ?? '');
      return runToEnd(command, { root, scratch, groups, options });
    },
    spawn: async () => {
      throw new Error('a gate has no business with a long-lived child');
    },
    async readFile(path) {
      return readFile(join(root, path)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
    },
    async writeFile(path, data) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), data);
    },
    async put(wanted) {
      for (const [path, content] of Object.entries(wanted)) {
        if (content === null) await rm(join(root, path));
        else await workspace.writeFile(path, content);
        if (content === null) tree.delete(path);
        else tree.set(path, content);
      }
    },
    async renew(options) {
      options?.signal?.throwIfAborted();
      for (const directory of [root, scratch]) {
        for (const name of await readdir(directory)) await rm(join(directory, name), { recursive: true, force: true });
      }
      for (const [path, content] of tree) await workspace.writeFile(path, content);
      written.clear();
      for (const path of tree.keys()) written.set(path, await touchOf(path));
    },
    async altered() {
      const found = await Promise.all(
        [...tree].map(async ([path, content]) => {
          const now = await readFile(join(root, path), 'utf8').catch(() => null);
          return now === content ? [] : [path];
        }),
      );
      return found.flat().sort();
    },
    async restored() {
      const altered = new Set(await workspace.altered());
      const found = await Promise.all(
        [...written].map(async ([path, touch]) => (altered.has(path) || (await touchOf(path)) === touch ? [] : [path])),
      );
      return found.flat().sort();
    },
    setupProducts: async () => workspace.products,
    alive() {
      const living = livingGroups();
      return [...groups].filter(([group]) => living.has(group)).map(([, line]) => line);
    },
    async [Symbol.asyncDispose]() {
      for (const group of groups.keys()) kill(group);
      await rm(home, { recursive: true, force: true });
    },
  };
  await workspace.put(files);
  return workspace;
}

async function runToEnd(
  command: Command,
  world: {
    readonly root: string;
    readonly scratch: string;
    readonly groups: Map<number, string>;
    readonly options: CallOptions | undefined;
  },
): Promise<CommandResult> {
  const [program, ...rest] = command.argv;
  const signal = world.options?.signal;
  const startedAt = performance.now();
  const child = spawn(program, rest, {
    cwd: world.root,
    env: { PATH: process.env['PATH'] ?? '', HOME: world.scratch, ...command.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const group = child.pid;
  if (group === undefined) throw await startFailure(child, program);
  world.groups.set(group, command.argv.join(' '));
  const output = [collect(child.stdout), collect(child.stderr)];
  let timedOut = false;
  const timer =
    command.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          kill(group);
        }, command.timeoutMs);
  const abort = (): void => kill(group);
  signal?.addEventListener('abort', abort, { once: true });
  const exitCode = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  kill(group);
  await new Promise<void>((resolve) => {
    if (child.stdout.closed && child.stderr.closed) resolve();
    else child.once('close', () => resolve());
  });
  clearTimeout(timer);
  signal?.removeEventListener('abort', abort);
  signal?.throwIfAborted();
  const limit = command.maxOutputBytes ?? 1024 * 1024;
  const [stdout = '', stderr = ''] = output.map((chunks) => Buffer.concat(chunks).toString('utf8'));
  return {
    exitCode: timedOut ? null : exitCode,
    stdout: stdout.slice(0, limit),
    stderr: stderr.slice(0, limit),
    truncated: stdout.length > limit || stderr.length > limit,
    timedOut,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

function collect(stream: NodeJS.ReadableStream): readonly Buffer[] {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}

async function startFailure(child: ChildProcess, program: string): Promise<BatonError> {
  const cause = await new Promise<Error>((resolve) => child.once('error', resolve));
  return new BatonError('COMMAND_FAILED', `${program} could not be started.`, { details: { command: program }, cause });
}

/** A zombie holds its group, and is no process any more. */
function livingGroups(): ReadonlySet<number> {
  const table = execFileSync('ps', ['-A', '-o', 'pgid=,stat='], { encoding: 'utf8' });
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  return new Set(
    rows.filter(([, state]) => state !== undefined && !state.startsWith('Z')).map(([group]) => Number(group)),
  );
}

function kill(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
