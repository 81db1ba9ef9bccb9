import type { Command, RunningCommand, WorkspaceKey } from '@baton/core';
import { BatonError } from '@baton/core';

/** What a program of an in-memory workspace is started with. */
export interface MemoryCall {
  readonly key: WorkspaceKey;
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The checkout's files by path. Writing to it writes the checkout. */
  readonly files: Map<string, string>;
  readonly stdin: ReadableStream<Uint8Array>;
  print(text: string): void;
  printError(text: string): void;
  /** Aborted when the command is killed: a program that waits must heed it. */
  readonly signal: AbortSignal;
}

/** Stands for an executable; gives its exit code. */
export type MemoryProgram = (call: MemoryCall) => number | Promise<number>;

/** A command under way. */
export interface MemoryProcess extends RunningCommand {
  kill(): void;
}

/** Starts a program by the first word of its argument vector. An unknown one can't start: `COMMAND_FAILED`. */
export function startProgram(
  programs: Readonly<Record<string, MemoryProgram>>,
  command: Command,
  context: Pick<MemoryCall, 'key' | 'files'> & { readonly root: string },
): MemoryProcess {
  const program = programs[command.argv[0]];
  if (program === undefined) {
    throw new BatonError('COMMAND_FAILED', `There is no program ${command.argv[0]} here.`, {
      details: { command: command.argv[0] },
    });
  }
  const killed = new AbortController();
  const stdin = new TransformStream<Uint8Array, Uint8Array>({}, { highWaterMark: 64 }, { highWaterMark: 64 });
  const stdout = outlet();
  const stderr = outlet();
  const end = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
    killed.signal.addEventListener('abort', () => resolve({ exitCode: null, signal: 'SIGKILL' }), { once: true });
    void (async () =>
      program({
        key: context.key,
        files: context.files,
        argv: command.argv,
        cwd: command.cwd ?? context.root,
        env: command.env ?? {},
        stdin: stdin.readable,
        print: stdout.write,
        printError: stderr.write,
        signal: killed.signal,
      }))().then(
      (exitCode) => resolve({ exitCode, signal: null }),
      (error: unknown) => {
        stderr.write(`${String(error)}\n`);
        resolve({ exitCode: 1, signal: null });
      },
    );
  });
  const exit = end.then((result) => {
    stdout.end();
    stderr.end();
    return result;
  });
  return {
    stdin: stdin.writable,
    stdout: stdout.stream,
    stderr: stderr.stream,
    exit,
    kill: () => killed.abort(),
    async [Symbol.asyncDispose]() {
      killed.abort();
      await exit;
    },
  };
}

interface Outlet {
  readonly stream: ReadableStream<Uint8Array>;
  readonly write: (text: string) => void;
  readonly end: () => void;
}

function outlet(): Outlet {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let open = true;
  const stream = new ReadableStream<Uint8Array>({
    start(started) {
      controller = started;
    },
    cancel() {
      open = false;
    },
  });
  return {
    stream,
    write: (text) => {
      if (open && text !== '') controller?.enqueue(encoder.encode(text));
    },
    end: () => {
      if (open) controller?.close();
      open = false;
    },
  };
}
