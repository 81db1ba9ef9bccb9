import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { collectOutput, startProcess } from '@baton/adapter-kit';
import { BatonError, type Command, type RunningCommand, type WorkspaceView } from '@baton/core';

/** A directory with real processes in it and no confinement around them. */
export interface PlainWorkspace {
  readonly view: WorkspaceView;
  /** Beside the workspace: nothing may come to stand here. */
  readonly outside: string;
  /** Command lines of what runs now and was begun in the workspace, wherever it went since. */
  processes(): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

export async function createPlainWorkspace(): Promise<PlainWorkspace> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'baton-acp-')));
  const root = join(base, 'root');
  const outside = join(base, 'outside');
  const scratch = join(base, 'scratch');
  for (const each of [root, outside, scratch]) await mkdir(each);
  const begun = new Set<RunningCommand>();

  const spawn = async (command: Command, options?: { signal?: AbortSignal }): Promise<RunningCommand> => {
    const env = { PATH: process.env['PATH'] ?? '', IN_PLAIN_WORKSPACE: base, ...command.env };
    const running = await startProcess(command.argv, { cwd: join(root, command.cwd ?? '.'), env, ...options });
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
      exec: async (command, options) => collectOutput(await spawn(command, options), command, options),
      readFile: async (path) => readFile(await inside(path)).catch(() => null),
      async writeFile(path, data) {
        const target = await inside(path);
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, data);
      },
    },
    async processes() {
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      const lines = await Promise.all(pids.map((pid) => commandLine(`/proc/${pid}`, base)));
      return lines.filter((line) => line !== null);
    },
    async dispose() {
      for (const running of begun) await running[Symbol.asyncDispose]();
      await rm(base, { recursive: true, force: true });
    },
  };
}

async function commandLine(entry: string, base: string): Promise<string | null> {
  const read = (name: string): Promise<string> => readFile(join(entry, name), 'latin1').catch(() => '');
  const environment = await read('environ');
  const directory = await readlink(join(entry, 'cwd')).catch(() => '');
  if (!environment.includes(`IN_PLAIN_WORKSPACE=${base}`) && !directory.startsWith(base)) return null;
  return (await read('cmdline')).replaceAll('\0', ' ').trim() || null;
}
