import { setTimeout as delay } from 'node:timers/promises';
import type { CallOptions, Command, RunningCommand, WorkspaceView } from '@baton/core';
import { type LaunchFiles, launchFailure } from '../proxy/launcher.js';
import type { ModelChannel } from '../proxy/model-proxy.js';
import { createLineLimit, type LineLimit } from './line-limit.js';

/** A command-line agent to start. */
export interface AgentProcessRequest {
  readonly workspace: WorkspaceView;
  readonly channel: ModelChannel;
  /** Its `env` is all that the agent gets beside the sandbox's own. `channel.endpoint` may stand in it. */
  readonly command: Command;
  /** Inside `workspace.scratch`. */
  readonly files?: LaunchFiles;
}

/** An agent that runs, behind the launcher. Disposing kills its whole tree. */
export interface AgentProcess extends RunningCommand {
  /** Errors with `PROTOCOL_VIOLATION` on a line of more than 16 MiB, or on more than 256 MiB in all. */
  readonly stdout: ReadableStream<Uint8Array>;
  /** The last of what it said on standard error, which is read all the while. At most 8 KiB. */
  stderrTail(): string;
  /** Why the program itself could not be started inside. Null where it was. Known once it has ended. */
  startFailure(): string | null;
}

const bounds: LineLimit = { maxLineBytes: 16_777_216, maxTotalBytes: 268_435_456 };
const tailBytes = 8_192;
/** How long standard error may stay open once no process is left. */
const drainMs = 500;

/**
 * Starts an agent that is spoken to over its pipes, for as long as its caller likes. Rejects with `COMMAND_FAILED`
 * where not even the launcher could be started. The signal ends the start and, where the workspace does so, the process.
 */
export async function startAgentProcess(request: AgentProcessRequest, options?: CallOptions): Promise<AgentProcess> {
  const { workspace, channel, command, files } = request;
  const running = await workspace.spawn(channel.launch(command, files ? { files } : {}), options);
  const tail = createTail();
  const cut = new AbortController();
  const read = running.stderr.pipeTo(new WritableStream({ write: tail.push }), { signal: cut.signal }).catch(() => {});
  const dispose = async (): Promise<void> => {
    await running[Symbol.asyncDispose]();
    // A process that got away could hold the pipe open for ever.
    await Promise.race([read, delay(drainMs, undefined, { signal: cut.signal }).catch(() => {})]);
    cut.abort();
    await read;
  };
  let disposal: Promise<void> | null = null;
  return {
    stdin: running.stdin,
    stdout: running.stdout.pipeThrough(createLineLimit(bounds)),
    stderr: new ReadableStream({ start: (controller) => controller.close() }),
    exit: running.exit,
    stderrTail: tail.text,
    startFailure() {
      const at = tail.text().lastIndexOf(launchFailure);
      return at === -1
        ? null
        : tail
            .text()
            .slice(at + launchFailure.length)
            .trim();
    },
    [Symbol.asyncDispose]: () => (disposal ??= dispose()),
  };
}

function createTail(): { push(chunk: Uint8Array): void; text(): string } {
  let kept: Uint8Array = new Uint8Array();
  return {
    push(chunk) {
      const joined = new Uint8Array(kept.length + chunk.length);
      joined.set(kept);
      joined.set(chunk, kept.length);
      kept = joined.slice(-tailBytes);
    },
    text: () => new TextDecoder().decode(kept),
  };
}
