import { collectOutput } from '@baton/adapter-kit';
import type { Clock, Command, Instant, RunningCommand, WorkspaceView } from '@baton/core';

/** A program to be run to its end. */
export interface ProgramRequest {
  readonly workspace: WorkspaceView;
  readonly command: Omit<Command, 'stdin'>;
  /** Written to standard input. The program need not read it. */
  readonly input: string;
  readonly clock: Clock;
  readonly deadline: Instant | null;
  readonly signal: AbortSignal;
  /** Called with everything on standard output, as soon as it comes. */
  onOutput(text: string): void;
}

/** How it ended, and the two ends of what it printed, within `maxOutputBytes` of the command. */
export type ProgramEnd =
  | { readonly by: 'deadline'; readonly stdout: string; readonly stderr: string }
  | {
      readonly by: 'exit';
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly stdout: string;
      readonly stderr: string;
    };

/** Runs a program. When this settles, nothing that it began is left. An abort rejects with its reason. */
export async function runProgram(request: ProgramRequest): Promise<ProgramEnd> {
  const { clock, deadline, signal, command } = request;
  signal.throwIfAborted();
  const timeoutMs = deadline === null ? null : deadline - clock.now();
  if (timeoutMs !== null && timeoutMs <= 0) return { by: 'deadline', stdout: '', stderr: '' };

  const running = await request.workspace.spawn(command, { signal });
  const result = await collectOutput(
    withListener(running, request.onOutput),
    { ...command, stdin: request.input, ...(timeoutMs === null ? {} : { timeoutMs }) },
    { signal, clock },
  );
  const { stdout, stderr, exitCode } = result;
  if (result.timedOut) return { by: 'deadline', stdout, stderr };
  return { by: 'exit', exitCode, signal: (await running.exit).signal, stdout, stderr };
}

function withListener(running: RunningCommand, onText: (text: string) => void): RunningCommand {
  const decoder = new TextDecoder();
  const listener = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onText(decoder.decode(chunk, { stream: true }));
      controller.enqueue(chunk);
    },
    flush: () => onText(decoder.decode()),
  });
  return {
    stdin: running.stdin,
    stdout: running.stdout.pipeThrough(listener),
    stderr: running.stderr,
    exit: running.exit,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}
