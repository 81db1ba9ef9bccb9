/** A program to run. */
export interface Command {
  /** Argument vector. Never a shell string; no text of an issue is ever part of it. */
  readonly argv: readonly [string, ...string[]];
  /** Relative to the workspace root. Default: the root itself. */
  readonly cwd?: string;
  /** Merged over a minimal environment, never over the daemon's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. Default: closed at once. */
  readonly stdin?: string;
  /** Output past this many bytes of each stream is dropped from the middle. Default 1 MiB. */
  readonly maxOutputBytes?: number;
  /** The whole process tree is killed after so many milliseconds. Default: never. */
  readonly timeoutMs?: number;
}

/** What became of a command that ran to its end, or to its time limit. */
export interface CommandResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** Decoded as UTF-8, with bytes that aren't replaced. */
  readonly stdout: string;
  readonly stderr: string;
  /** Whether something was dropped from the middle of a stream. */
  readonly truncated: boolean;
  /** Whether `timeoutMs` ended it. */
  readonly timedOut: boolean;
  readonly durationMs: number;
}

/** A started process tree. Disposing kills every process in it, and resolves once none is left. */
export interface RunningCommand extends AsyncDisposable {
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  /** Resolves when the first process has ended; others of the tree may still live until disposal. Never rejects. */
  readonly exit: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
}
