import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Duplex, Readable, Writable } from 'node:stream';
import { BatonError, type CallOptions, type RunningCommand } from '@baton/core';
import { mapMachineError } from '../files/map-machine-error.js';
import { killProcesses } from './kill-processes.js';
import { readProcess, treeVariable } from './list-processes.js';
import { readOwner } from './owner.js';

/** Settings of `startProcess`. */
export interface ProcessOptions extends CallOptions {
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment; only the marker by which the tree is found again comes on top. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * How disposal finds the rest of the tree. `search` (default): by marker, descent, group and session.
   * `group`: by process group alone, for a program that itself sees to it that none outlives it.
   */
  readonly descendants?: 'search' | 'group';
  /** How many further pipes the child gets, from descriptor 3 on. Default 0. */
  readonly extraPipes?: number;
}

/** A started child and the ends of its pipes. */
export interface StartedProcess extends RunningCommand {
  readonly pid: number;
  /** Our ends of `extraPipes`, in order of descriptors. */
  readonly pipes: readonly Duplex[];
}

/**
 * Starts a program in a session of its own. Disposal kills the whole tree: also what forked twice, began its
 * own session, ignores TERM or holds a pipe open. What cleared its environment *and* cut every tie to
 * its parents escapes on a machine without PID namespaces or cgroups.
 *
 * Rejects with `COMMAND_FAILED` where it can't be started, and with `UNAVAILABLE` where the machine has nothing left to
 * start it with: files, processes, memory. The signal ends the start, not the started process.
 */
export async function startProcess(
  argv: readonly [string, ...string[]],
  options: ProcessOptions,
): Promise<StartedProcess> {
  options.signal?.throwIfAborted();
  const [program, ...rest] = argv;
  const owner = readOwner();
  const tree = owner === null ? null : `${owner}.${randomBytes(8).toString('hex')}`;
  const extra = Array.from({ length: options.extraPipes ?? 0 }, () => 'pipe' as const);
  const child = spawnOrRefuse(program, rest, {
    cwd: options.cwd,
    env: tree === null ? { ...options.env } : { ...options.env, [treeVariable]: tree },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', ...extra],
  });
  const exit = new Promise<Awaited<RunningCommand['exit']>>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const pid = await started(child, program, options.cwd);
  const startTime = readProcess(pid)?.startTime ?? null;
  const { stdin, stdout, stderr, pipes } = takePipes(child);
  const output = [Readable.toWeb(stdout), Readable.toWeb(stderr)] as const;
  const input = Writable.toWeb(stdin);

  /** False once the number, and the group named by it, went to strangers. */
  const isOurGroup = (): boolean => {
    const leader = readProcess(pid);
    return leader === null || leader.startTime === startTime;
  };
  const dispose = async (): Promise<void> => {
    if (options.descendants === 'group' || process.platform !== 'linux') {
      if (isOurGroup()) signalGroup(pid);
    } else {
      await killProcesses(
        (entry) => {
          if (tree !== null && entry.tree === tree) return true;
          return (entry.group === pid || entry.session === pid) && isOurGroup();
        },
        Number(startTime ?? 0),
      );
    }
    await exit;
    for (const stream of [stdin, ...pipes]) stream.destroy();
    // A stream that somebody reads still holds what was written; one that nobody reads would stay open.
    for (const stream of output) if (!stream.locked) await stream.cancel().catch(() => undefined);
  };
  let disposal: Promise<void> | null = null;
  const running: StartedProcess = {
    pid,
    pipes,
    stdin: input,
    stdout: output[0] as ReadableStream<Uint8Array>,
    stderr: output[1] as ReadableStream<Uint8Array>,
    exit,
    [Symbol.asyncDispose]: () => (disposal ??= dispose()),
  };
  if (options.signal?.aborted) {
    await running[Symbol.asyncDispose]();
    throw options.signal.reason;
  }
  return running;
}

/** Node throws at once where a text holds a NUL character or the arguments are too long. */
function spawnOrRefuse(program: string, rest: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(program, rest, options);
  } catch (error) {
    const trouble = mapMachineError(error, program);
    if (trouble !== null) throw trouble;
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it was refused';
    throw new BatonError('COMMAND_FAILED', `${JSON.stringify(program)} could not be started: ${why}.`, {
      details: { command: program },
      cause: error,
    });
  }
}

function started(child: ChildProcess, program: string, cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.on('error', (error: NodeJS.ErrnoException) => {
      const trouble = mapMachineError(error, program);
      if (trouble !== null) return reject(trouble);
      const why = !existsSync(cwd)
        ? `its directory ${cwd} isn't there`
        : error.code === 'ENOENT'
          ? 'it was not found'
          : (error.code ?? error.message);
      reject(
        new BatonError('COMMAND_FAILED', `${program} could not be started: ${why}.`, {
          details: { command: program },
          cause: error,
        }),
      );
    });
  });
}

function takePipes(child: ChildProcess): { stdin: Writable; stdout: Readable; stderr: Readable; pipes: Duplex[] } {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new TypeError('The child was started without pipes.');
  // Node makes a socket, open both ways, of each further pipe.
  const pipes = child.stdio.slice(3) as Duplex[];
  for (const stream of [stdin, stdout, stderr, ...pipes]) stream.on('error', () => undefined);
  return { stdin, stdout, stderr, pipes };
}

function signalGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is empty.
  }
}
