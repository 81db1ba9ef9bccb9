import type { Command, Sandbox, SandboxPolicy, SandboxReport } from '@baton/core';
import type { Rig } from '../contract.js';
import type { SandboxProgramName } from './programs.js';

/** The world around a `Sandbox`. */
export interface SandboxRig extends Rig {
  readonly sandbox: Sandbox;
  /** What the sandbox measured of itself: cases about confinement run where it says that it is enforced. */
  readonly report: SandboxReport;
  /** What `canOverlay` says of the directory that holds `root` and `outside`; false where there is no `canOverlay`. */
  readonly canOverlay: boolean;
  /** Whether `SandboxPolicy.network` may name hosts here; false where what that takes is missing. */
  readonly canNameHosts: boolean;
  /** An empty directory, free of symlinks, to be the root of policies. */
  readonly root: string;
  /** Another, of which policies list nothing. */
  readonly outside: string;
  /** A variable of this process's environment that no command may see. */
  readonly canary: { readonly name: string; readonly value: string };
  /** The argument vector of a program; `shellProgram` where there is a shell. Without processes only the first seven names are asked for. */
  program(name: SandboxProgramName, ...args: readonly string[]): Command['argv'];
  /** How many processes of the host have this word in their command line. Absent where commands are no processes. */
  countProcesses?(word: string): Promise<number>;
}

/** Everything under the root, and nothing else. */
export function rootOnly(rig: SandboxRig, more: Partial<SandboxPolicy> = {}): SandboxPolicy {
  return {
    root: rig.root,
    readable: [],
    writable: [rig.root],
    network: [],
    maxMemoryBytes: null,
    maxProcesses: null,
    ...more,
  };
}
