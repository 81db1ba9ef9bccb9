import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { collectOutput } from '@baton/adapter-kit';
import type { Command, CommandResult, Sandbox, SandboxPolicy } from '@baton/core';
import { createBubblewrapSandbox } from '../src/index.js';

/** Shared by a file's cases: it measures itself once. */
export const sandbox: Sandbox = createBubblewrapSandbox({ mode: 'required' });
/** Why the cases about confinement can't run here, or null. */
export const unconfined: string | null = await sandbox.measure().then((report) => {
  const open = (['files', 'network', 'processes'] as const).filter((kind) => report[kind] === 'open');
  return open.length === 0 ? null : report.detail;
});

/** The name of a group of cases that need confinement; says why where they are skipped. */
export const confined = (name: string): string => (unconfined === null ? name : `${name} (skipped: ${unconfined})`);

/** Two directories, of which a policy lists the first. */
export interface Scene {
  readonly root: string;
  readonly outside: string;
  policy(more?: Partial<SandboxPolicy>): SandboxPolicy;
  dispose(): Promise<void>;
}

export async function createScene(): Promise<Scene> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'baton-sandbox-')));
  const [root, outside] = [join(directory, 'root'), join(directory, 'outside')];
  await Promise.all([mkdir(root), mkdir(outside)]);
  return {
    root,
    outside,
    policy: (more = {}) => ({
      root,
      readable: [],
      writable: [root],
      network: [],
      maxMemoryBytes: null,
      maxProcesses: null,
      ...more,
    }),
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
}

export async function run(by: Sandbox, policy: SandboxPolicy, command: Command): Promise<CommandResult> {
  return collectOutput(await by.spawn(command, policy), command);
}

export const shell = (script: string, ...args: string[]): Command['argv'] => ['/bin/sh', '-c', script, 'sh', ...args];

/** How many processes of this machine have a word in their command line. */
export async function countProcesses(word: string): Promise<number> {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(word);
    } catch {
      return false;
    }
  }).length;
}

/** Waits for what the kernel does in its own time. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return true;
    await delay(10);
  }
  return false;
}

/** Another Node that runs the sources as they are; `createBubblewrapSandbox` is there by that name. */
export function startDaemon(script: string, stdio: ('ignore' | 'pipe' | 'inherit' | number)[]): ChildProcess {
  const source = JSON.stringify(fileURLToPath(new URL('../src/index.ts', import.meta.url)));
  // Node runs TypeScript as it is, but doesn't look for `x.ts` where `x.js` is imported.
  const preamble = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) => {
      try { return next(name, context); } catch { return next(name.replace(/\\.js$/, '.ts'), context); }
    } });
    const { createBubblewrapSandbox } = await import(${source});
  `;
  return spawn(process.execPath, ['--conditions=@baton/source', '--input-type=module', '-e', preamble + script], {
    stdio,
    detached: true,
  });
}

/** A bubblewrap that is called with some of its arguments taken away: what a mistake of ours would look like. */
export async function weakenBubblewrap(directory: string, drop: string, setUp = ''): Promise<string> {
  const path = join(directory, 'weakened-bwrap');
  const script = `#!/bin/bash
mapfile -d '' -t given <&4
kept=()
for ((i = 0; i < \${#given[@]}; i++)); do
  case "\${given[i]} \${given[i+1]}" in ${drop}
  esac
  kept+=("\${given[i]}")
done
shift 2
${setUp}
exec ${existsSync('/usr/bin/bwrap') ? '/usr/bin/bwrap' : '/usr/local/bin/bwrap'} "\${kept[@]}" "$@"
`;
  await writeFile(path, script, { mode: 0o755 });
  return path;
}
