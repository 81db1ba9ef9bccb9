import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { collectOutput } from '@baton/adapter-kit';
import type { Command, RunningCommand, Sandbox, WorkspaceView } from '@baton/core';

/** A directory in which commands run in a sandbox, as in a checkout. */
export interface TestWorkspace {
  readonly view: WorkspaceView;
  /** Beside the workspace: nothing may come to stand here. */
  readonly outside: string;
  /** Command lines of what runs now and was begun in the workspace. */
  processes(): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

export async function createTestWorkspace(sandbox: Sandbox, readable: readonly string[]): Promise<TestWorkspace> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'baton-codex-')));
  const [root, outside, scratch] = [join(base, 'root'), join(base, 'outside'), join(base, 'scratch')];
  for (const each of [root, outside, scratch]) await mkdir(each);
  const begun = new Set<RunningCommand>();
  const policy = { root, readable, writable: [root, scratch], network: [], maxMemoryBytes: null, maxProcesses: null };
  const spawn = async (command: Command, options?: { signal?: AbortSignal }): Promise<RunningCommand> => {
    const marked = { ...command, env: { ...command.env, IN_TEST_WORKSPACE: base } };
    const running = await sandbox.spawn(marked, policy, options);
    begun.add(running);
    return running;
  };
  return {
    outside,
    view: {
      root,
      scratch,
      spawn,
      exec: async (command, options) => collectOutput(await spawn(command, options), command, options),
      readFile: (path) => readFile(join(root, path)).catch(() => null),
      async writeFile(path, data) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), data);
      },
    },
    async processes() {
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      const lines = await Promise.all(
        pids.map(async (pid) => {
          const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '');
          if (!(await read('environ')).includes(`IN_TEST_WORKSPACE=${base}`)) return '';
          return (await read('cmdline')).replaceAll('\0', ' ').trim();
        }),
      );
      return lines.filter((line) => line !== '');
    },
    async dispose() {
      for (const running of begun) await running[Symbol.asyncDispose]();
      await rm(base, { recursive: true, force: true });
    },
  };
}
