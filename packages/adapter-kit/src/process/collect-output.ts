import type { CallOptions, Clock, Command, CommandResult, RunningCommand } from '@baton/core';
import { createSystemRuntime } from '../async/system-runtime.js';
import { type BoundedBuffer, createBoundedBuffer } from './bounded-buffer.js';

/** Settings of `collectOutput`. */
export interface CollectOptions extends CallOptions {
  /** Default: the machine's. */
  readonly clock?: Clock;
}

const defaultMaxOutputBytes = 1024 * 1024;
/** How long others of the tree may go on writing once the first process has ended. */
const graceMs = 250;
/** How long a stream may stay open once no process of the tree is left. */
const drainMs = 2000;

/**
 * Runs a started command to its end: writes `stdin`, collects both streams within `maxOutputBytes` whatever
 * comes, and keeps `timeoutMs`. A descendant that holds a pipe open doesn't hold it up. Disposes of `running`
 * in every case, so that nothing it began is left.
 */
export async function collectOutput(
  running: RunningCommand,
  command: Command,
  options: CollectOptions = {},
): Promise<CommandResult> {
  const clock = options.clock ?? createSystemRuntime().clock;
  const startedAt = clock.monotonic();
  const limit = command.maxOutputBytes ?? defaultMaxOutputBytes;
  const stdout = createBoundedBuffer(limit);
  const stderr = createBoundedBuffer(limit);
  const stop = new AbortController();
  const readers = [collect(running.stdout, stdout, stop.signal), collect(running.stderr, stderr, stop.signal)];
  const drained = Promise.all(readers);
  const written = writeAll(running.stdin, command.stdin);
  const timers = new AbortController();
  let timedOut = false;
  try {
    const ended = await Promise.race([
      running.exit.then(() => 'ended' as const),
      ...(command.timeoutMs === undefined
        ? []
        : [elapse(clock, command.timeoutMs, timers.signal).then(() => 'late' as const)]),
      aborted(options.signal, timers.signal),
    ]);
    timedOut = ended === 'late';
    if (!timedOut) {
      await Promise.race([drained, elapse(clock, graceMs, timers.signal), aborted(options.signal, timers.signal)]);
    }
    await running[Symbol.asyncDispose]();
    // Whoever held the pipes is dead: what is left in them still comes, then their end.
    await Promise.race([drained, elapse(clock, drainMs, timers.signal)]);
    const { exitCode } = await running.exit;
    return {
      exitCode,
      stdout: stdout.text(),
      stderr: stderr.text(),
      truncated: stdout.truncated || stderr.truncated,
      timedOut,
      durationMs: clock.monotonic() - startedAt,
    };
  } finally {
    timers.abort();
    await running[Symbol.asyncDispose]();
    stop.abort();
    await Promise.all([drained, written]);
  }
}

/** Rejects with the reason once `signal` aborts; settles never otherwise, and lets go of the signal with `until`. */
function aborted(signal: AbortSignal | undefined, until: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal === undefined) return;
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: until });
  });
}

/** A sleep that never settles once it is called off. */
function elapse(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return clock.sleep(milliseconds, { signal }).catch(() => new Promise<void>(() => undefined));
}

async function collect(stream: ReadableStream<Uint8Array>, buffer: BoundedBuffer, stop: AbortSignal): Promise<void> {
  const reader = stream.getReader();
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  stop.addEventListener('abort', cancel, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      buffer.append(value);
    }
  } catch {
    // A pipe that breaks has ended.
  } finally {
    stop.removeEventListener('abort', cancel);
    reader.releaseLock();
  }
}

async function writeAll(stream: WritableStream<Uint8Array>, text: string | undefined): Promise<void> {
  const writer = stream.getWriter();
  // A command need not read what it is given.
  writer.closed.catch(() => undefined);
  try {
    if (text !== undefined && text !== '') await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // As above.
  }
}
