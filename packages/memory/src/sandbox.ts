import { posix } from 'node:path';
import type { Sandbox, SandboxPolicy, SandboxReport } from '@baton/core';
import { BatonError } from '@baton/core';
import { type MemoryCall, startProgram } from './program.js';

/** What a program of an in-memory sandbox is started with. */
export interface MemorySandboxCall extends Omit<MemoryCall, 'key' | 'files'> {
  readonly policy: SandboxPolicy;
}

/** How an in-memory sandbox is made. */
export interface MemorySandboxOptions {
  /** What can be started, by the first word of the argument vector; each gives its exit code. */
  readonly programs: Readonly<Record<string, (call: MemorySandboxCall) => number | Promise<number>>>;
  /** What it claims to have measured. Default: everything open, for it holds nothing back. */
  readonly report?: SandboxReport;
}

/** A `Sandbox` whose programs are functions. They have streams, an end and a policy, but no process and no walls. */
export function createMemorySandbox(options: MemorySandboxOptions): Sandbox {
  const report: SandboxReport = options.report ?? {
    files: 'open',
    network: 'open',
    processes: 'open',
    memory: 'open',
    detail: 'Programs in memory are held back by nothing.',
  };
  return {
    spec: 'sandbox/1',
    id: 'memory',
    async measure(call) {
      call?.signal?.throwIfAborted();
      return report;
    },
    async spawn(command, policy, call) {
      call?.signal?.throwIfAborted();
      if ((policy.overlays ?? []).length > 0) {
        throw new BatonError('CAPABILITY_UNSUPPORTED', 'There are no overlays in memory.', {
          details: { capability: 'overlays' },
          adapter: 'memory',
        });
      }
      const cwd = posix.resolve(policy.root, command.cwd ?? '.');
      if (cwd !== policy.root && !cwd.startsWith(`${policy.root}/`)) {
        throw new BatonError('COMMAND_FAILED', `The directory ${cwd} lies outside the working tree.`, {
          details: { command: command.argv[0] },
          adapter: 'memory',
        });
      }
      const programs = Object.fromEntries(
        Object.entries(options.programs).map(([name, program]) => [
          name,
          ({ key: _key, files: _files, ...rest }: MemoryCall) => program({ ...rest, policy }),
        ]),
      );
      const env = { PATH: '/bin', HOME: '/home/baton', TMPDIR: '/tmp', LANG: 'C.UTF-8', ...command.env };
      return startProgram(
        programs,
        { ...command, cwd, env },
        {
          key: { job: 'none', attempt: 1, role: 'work' },
          files: new Map(),
          root: policy.root,
        },
      );
    },
  };
}
