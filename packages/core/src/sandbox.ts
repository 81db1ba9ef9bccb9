import type { Adapter, CallOptions } from './adapter.js';
import type { Command, RunningCommand } from './command.js';

/** Whether a kind of confinement held when probes tried to get past it. */
export type Enforcement = 'enforced' | 'open';

/** What probes found to be enforced on this machine, not what a tool claims. */
export interface SandboxReport {
  /** Nothing outside the listed paths can be read or written, secrets of the daemon included. */
  readonly files: Enforcement;
  /** No host is reached that isn't listed, host Unix sockets included. */
  readonly network: Enforcement;
  /** Host processes can be neither seen nor signalled, and none of the sandbox's own survives it. */
  readonly processes: Enforcement;
  /** Memory, processes and temporary space are limited, also where a policy names no limit of its own. */
  readonly memory: Enforcement;
  /** One sentence for people: by which means, or why not. */
  readonly detail: string;
}

/** A connection that a command asked for and didn't get. */
export interface RefusedConnection {
  /** The host that was asked for: a name in ASCII, or an address. Null where what was asked for couldn't be read as one. */
  readonly host: string | null;
  readonly port: number | null;
  /**
   * `unlisted`: no entry of `network` takes it in. `internal`: its name is listed, but leads to this machine or its
   * networks. `other-host`: the connection was granted, and then used to ask for another host. `unreadable`: it
   * could be read in more ways than one.
   */
  readonly reason: 'unlisted' | 'internal' | 'other-host' | 'unreadable';
}

/**
 * What a command may reach. Deny by default; set by the engine, and the command itself can't widen it.
 * All paths are absolute. Where two listed paths contain one another the longer one decides, so that a file
 * in a writable directory can be listed as readable only.
 */
export interface SandboxPolicy {
  /** The command's working tree, and the directory that `cwd` is relative to. Readable; writable only where listed. */
  readonly root: string;
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  /** Absent: none. Only where `Sandbox.canOverlay` says that they can be made. */
  readonly overlays?: readonly Overlay[];
  /** Hosts that may be reached. Empty: none at all. */
  readonly network: readonly string[];
  /** Bytes over the whole process tree, temporary space included. Null: what the sandbox finds right for its machine, never no limit. */
  readonly maxMemoryBytes: number | null;
  /** Processes and threads at once. Null: what the sandbox finds right, never no limit. */
  readonly maxProcesses: number | null;
  /**
   * Told of each connection that was refused to a command under this policy, at the time and as often as it is
   * tried: whoever keeps them bounds what is kept. Nothing is told where `network` is empty, for then there is no
   * way to ask. It may not throw.
   */
  readonly onRefused?: (refused: RefusedConnection) => void;
}

/**
 * A directory that shows the files of others, and takes what a command writes without changing theirs. It is there
 * for that command alone, and gone with it; what was written stays in `upper`.
 */
export interface Overlay {
  /**
   * Where it is seen: an empty directory inside a writable one of the policy. Below the root no link leads there, or the
   * command is not started (`COMMAND_FAILED`): what an earlier command left in place of a directory may lead anywhere.
   */
  readonly path: string;
  /** What is seen there. Nothing is ever written to it. */
  readonly lower: string;
  /** Takes what is written, deletions too. Seen before `lower`; empty at first, or as an earlier command left it. */
  readonly upper: string;
  /** An empty directory on the file system of `upper`, for the kernel's own use. */
  readonly work: string;
}

/** Confines commands. */
export interface Sandbox extends Adapter<'sandbox/1'> {
  /**
   * Whether overlays can be made whose four directories lie below this one: tried out, once for each directory.
   * Absent: they can't. A path that holds `:`, `,` or `\\` can't be part of one.
   */
  canOverlay?(directory: string, options?: CallOptions): Promise<boolean>;
  /** Runs the probes, once per process; later calls tell the same. */
  measure(options?: CallOptions): Promise<SandboxReport>;
  /**
   * Starts a command under a policy, with an environment built from empty, a private home and a private
   * temporary directory. Rejects with `COMMAND_FAILED` when it could not start, with `CAPABILITY_UNSUPPORTED`
   * where confinement was required and isn't to be had. `stdin`, `maxOutputBytes` and `timeoutMs` of the
   * command are for callers that collect its output: here the streams are handed out raw.
   */
  spawn(command: Command, policy: SandboxPolicy, options?: CallOptions): Promise<RunningCommand>;
}
