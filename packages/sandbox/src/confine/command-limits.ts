import { totalmem } from 'node:os';
import type { SandboxPolicy } from '@baton/core';

/** What a command may take at most. */
export interface CommandLimits {
  /** Over its whole process tree, with what lies in its temporary directories. */
  readonly memoryBytes: number;
  /** Processes and threads at once. */
  readonly processes: number;
  /** In each of its home, `/tmp` and `/dev/shm`: together no more than its memory. */
  readonly temporaryBytes: number;
}

/** Far more than a build takes, and far less than takes a machine down. */
const defaultProcesses = 2048;

/** The limits of a policy; where it names none, half of the machine's memory, or its container's, and 2048 processes. */
export function commandLimits({ maxMemoryBytes, maxProcesses }: SandboxPolicy): CommandLimits {
  const memoryBytes = maxMemoryBytes ?? Math.floor(machineMemory() / 2);
  return {
    memoryBytes,
    processes: maxProcesses ?? defaultProcesses,
    temporaryBytes: Math.max(1, Math.floor(memoryBytes / 3)),
  };
}

function machineMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
}
