import { join, resolve } from 'node:path';
import { startProcess } from '@baton/adapter-kit';
import type { Sandbox, SandboxPolicy } from '@baton/core';

/** Starts commands as they are, and remembers under which policies it was asked to. */
export interface PlainSandbox extends Sandbox {
  readonly policies: SandboxPolicy[];
}

/** Confines nothing: what a checkout withstands here it withstands anywhere. */
export function createPlainSandbox(): PlainSandbox {
  const policies: SandboxPolicy[] = [];
  return {
    spec: 'sandbox/1',
    id: 'plain',
    policies,
    measure: async () => ({
      files: 'open',
      network: 'open',
      processes: 'open',
      memory: 'open',
      detail: 'Commands run as they are.',
    }),
    spawn: async (command, policy, options) => {
      policies.push(policy);
      const env = { PATH: process.env['PATH'] ?? '', HOME: join(policy.root, '..'), ...command.env };
      return await startProcess(command.argv, { cwd: resolve(policy.root, command.cwd ?? '.'), env, ...options });
    },
  };
}
