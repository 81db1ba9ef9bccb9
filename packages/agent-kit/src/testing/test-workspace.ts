import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { collectOutput, startProcess } from '@baton/adapter-kit';
import {
  BatonError,
  type CallOptions,
  type Command,
  type RunningCommand,
  type Sandbox,
  type WorkspaceView,
} from '@baton/core';
import { loadSearchPath } from './load-search-path.js';

/** A directory in which an agent works in a test, with real processes. */
export interface TestWorkspace {
  readonly view: WorkspaceView;
  /** Beside the workspace: nothing may come to stand here. */
  readonly outside: string;
  /** Command lines of what runs now and was begun in the workspace, wherever it went since. */
  processes(): Promise<readonly string[]>;
  /** Ends what was begun and removes the directory. */
  dispose(): Promise<void>;
}

/** How a test workspace is made. */
export interface TestWorkspaceOptions {
  /** Confines what is run, as in a checkout. Default: nothing does. */
  readonly sandbox?: Sandbox;
  /** What the sandbox shows beside the workspace. Default: nothing. */
  readonly readable?: readonly string[];
  /** The path of the scratch directory has at least so many characters. Default: as it comes. */
  readonly scratchPathLength?: number;
}

/** Makes a workspace in a temporary directory of its own. */
export async function createTestWorkspace(options: TestWorkspaceOptions = {}): Promise<TestWorkspace> {
  const { sandbox, readable = [], scratchPathLength = 0 } = options;
  const base = await realpath(await mkdtemp(join(tmpdir(), 'baton-agent-')));
  const [root, outside] = [join(base, 'root'), join(base, 'outside')];
  const scratch = join(base, 'x'.repeat(Math.max(0, scratchPathLength - base.length)), 'scratch');
  for (const each of [root, outside, scratch]) await mkdir(each, { recursive: true });
  const begun = new Set<RunningCommand>();
  const limits = { network: [], maxMemoryBytes: null, maxProcesses: null };

  const spawn = async (command: Command, call?: CallOptions): Promise<RunningCommand> => {
    const env = { ...command.env, [marker]: base };
    const policy = { root, readable, writable: [root, scratch], ...limits };
    const running = sandbox
      ? await sandbox.spawn({ ...command, env }, policy, call)
      : await startProcess(command.argv, {
          cwd: join(root, command.cwd ?? '.'),
          env: { PATH: loadSearchPath(), HOME: scratch, ...env },
          ...call,
        });
    begun.add(running);
    return running;
  };
  const inside = async (path: string): Promise<string> => {
    const target = join(root, path);
    let parent = dirname(target);
    while ((await realpath(parent).catch(() => null)) === null) parent = dirname(parent);
    const real = await realpath(parent);
    if (real === root || real.startsWith(`${root}/`)) return target;
    throw new BatonError('PERMISSION_DENIED', `${path} is outside the workspace.`, { details: { resource: path } });
  };

  return {
    outside,
    view: {
      root,
      scratch,
      spawn,
      exec: async (command, call) => collectOutput(await spawn(command, call), command, call),
      readFile: async (path) => readFile(await inside(path)).catch(() => null),
      async writeFile(path, data) {
        const target = await inside(path);
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, data);
      },
    },
    async processes() {
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
      const lines = await Promise.all(pids.map((pid) => commandLine(`/proc/${pid}`, base)));
      return lines.filter((line) => line !== null);
    },
    async dispose() {
      for (const running of begun) await running[Symbol.asyncDispose]();
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** Stands in the environment of everything that a test workspace began. */
const marker = 'IN_TEST_WORKSPACE';

async function commandLine(entry: string, base: string): Promise<string | null> {
  const read = (name: string): Promise<string> => readFile(join(entry, name), 'latin1').catch(() => '');
  const environment = await read('environ');
  const directory = await readlink(join(entry, 'cwd')).catch(() => '');
  if (!environment.includes(`${marker}=${base}`) && !directory.startsWith(base)) return null;
  return (await read('cmdline')).replaceAll('\0', ' ').trim() || null;
}
