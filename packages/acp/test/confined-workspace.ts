import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectOutput } from '@baton/adapter-kit';
import type { RunningCommand, Sandbox, SandboxPolicy, WorkspaceView } from '@baton/core';

/** A directory with real processes in it, in the real sandbox. */
export interface ConfinedWorkspace {
  readonly view: WorkspaceView;
  /** Beside the workspace: nothing may come to stand here. */
  readonly outside: string;
  /** Command lines of what runs now and was begun in the workspace. */
  processes(): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

/** `readable`: what the sandbox shows beside the workspace. */
export async function createConfinedWorkspace(
  sandbox: Sandbox,
  readable: readonly string[],
): Promise<ConfinedWorkspace> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'baton-acp-')));
  const [root, outside, scratch] = [join(base, 'root'), join(base, 'outside'), join(base, 'scratch')];
  for (const each of [root, outside, scratch]) await mkdir(each);
  const policy: SandboxPolicy = {
    ...{ root, readable, writable: [root, scratch], network: [] },
    ...{ maxMemoryBytes: null, maxProcesses: null },
  };
  const begun = new Set<RunningCommand>();
  const view: WorkspaceView = {
    root,
    scratch,
    async spawn(command, options) {
      const running = await sandbox.spawn(command, policy, options);
      begun.add(running);
      return running;
    },
    exec: async (command, options) => collectOutput(await view.spawn(command, options), command, options),
    readFile: (path) => readFile(join(root, path)).catch(() => null),
    writeFile: (path, data) => writeFile(join(root, path), data),
  };
  return {
    view,
    outside,
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

async function commandLine(entry: string, base: string): Promise<string | null> {
  const read = (name: string): Promise<string> => readFile(join(entry, name), 'latin1').catch(() => '');
  const [environment, line] = await Promise.all([read('environ'), read('cmdline')]);
  return environment.includes(base) || line.includes(base) ? line.replaceAll('\0', ' ').trim() || 'a zombie' : null;
}
