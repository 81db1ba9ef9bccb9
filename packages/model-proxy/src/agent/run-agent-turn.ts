import {
  type AgentLimits,
  type AgentUsage,
  BatonError,
  type Clock,
  type Command,
  type JsonValue,
  type RefusedRequest,
  type WorkspaceView,
} from '@baton/core';
import type { PassedLimit } from '../proxy/call-meter.js';
import type { LaunchFiles } from '../proxy/launcher.js';
import type { ModelChannel, ModelProxy } from '../proxy/model-proxy.js';
import type { ModelTurn } from '../proxy/model-turn.js';
import { createItemQueue, type ItemQueue } from './item-queue.js';
import { readJsonLines } from './read-json-lines.js';
import { type AgentProcess, startAgentProcess } from './start-agent-process.js';
import { createStop, type Stop } from './stop.js';

/** One turn of an agent that is a program, run once per turn. */
export interface AgentTurnRequest {
  readonly proxy: ModelProxy;
  readonly workspace: WorkspaceView;
  /** Makes the command line, now that endpoint and placeholder are known. No text of an issue belongs in it. */
  command(channel: ModelChannel): { readonly command: Command; readonly files?: LaunchFiles };
  /** Written to standard input, which is then closed. The agent need not read it. */
  readonly input: string;
  readonly limits: AgentLimits;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether this line is the agent's last: one that hasn't ended soon after is ended. Default: none is. */
  isLast?(line: JsonValue): boolean;
}

/** What comes of a turn while it goes on. */
export type AgentTurnItem =
  /** A line of standard output. */
  | { readonly type: 'line'; readonly value: JsonValue }
  /** A line that is no JSON, or nested too deep; clipped to 500 characters. */
  | { readonly type: 'noise'; readonly text: string }
  /** After each call to the model, as the proxy counted it. */
  | { readonly type: 'usage'; readonly usage: AgentUsage };

/** How a turn ended, as the daemon saw it. What the agent said of it stands in its lines. */
export interface AgentTurnEnd {
  /**
   * `exit`: by itself, or soon after its last line. `deadline`, `limit`: it was ended, for `limit` because it went on
   * after a call was refused. `flood`: it printed too much. `start`: there is no such program, or it can't be run.
   */
  readonly by: 'exit' | 'deadline' | 'limit' | 'flood' | 'start';
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The last of standard error, or why it could not be started, or what it printed too much of. */
  readonly detail: string;
  readonly usage: AgentUsage;
  /** The limit for which a call was refused, however the process ended then. */
  readonly passed: PassedLimit | null;
  /** Why the last call to the model failed. `RATE_LIMITED` holds the instant to come back at. */
  readonly failure: BatonError | null;
  /** Why the model stopped last, in the provider's word. */
  readonly stop: string | null;
  /** What the proxy didn't let through, whatever its limits. */
  readonly refused: readonly RefusedRequest[];
}

/** A turn under way. Its items have to be taken, or the turn to be aborted: an agent that nobody listens to waits. */
export interface RunningAgentTurn {
  readonly items: AsyncIterable<AgentTurnItem>;
  /**
   * Settles when nothing of the turn is left: no process, socket or timer. Rejects with the signal's reason on an
   * abort, and on what is not the agent's doing.
   */
  readonly ended: Promise<AgentTurnEnd>;
  /** What the proxy counted, once `ended` is settled in whatever way. Null: nothing was begun. */
  usage(): AgentUsage | null;
}

/** How long an agent may take to end by itself, once there is nothing left for it to do. */
const lastMs = 5_000;
/** How long standard output may stay open, and silent, once no process is left. */
const drainMs = 2_000;
const queuedItems = 64;

/** Runs an agent once, behind a proxy of its own. */
export function runAgentTurn(request: AgentTurnRequest): RunningAgentTurn {
  const queue = createItemQueue<AgentTurnItem>(queuedItems);
  const counted: Counted = { usage: null };
  const ended = run(request, queue, counted).finally(queue.end);
  ended.catch(() => {});
  return {
    usage: () => counted.usage,
    items: {
      async *[Symbol.asyncIterator]() {
        try {
          for (let item = await queue.take(); item !== null; item = await queue.take()) yield item;
        } finally {
          queue.drop();
        }
      },
    },
    ended,
  };
}

/** What of a turn's end only the proxy knows. */
type SeenByProxy = Pick<AgentTurnEnd, 'usage' | 'passed' | 'failure' | 'stop' | 'refused'>;

type StopCause = 'exit' | 'deadline' | 'limit';

interface Counted {
  usage: AgentUsage | null;
}

async function run(
  request: AgentTurnRequest,
  queue: ItemQueue<AgentTurnItem>,
  counted: Counted,
): Promise<AgentTurnEnd> {
  const { clock, limits, signal, workspace } = request;
  signal.throwIfAborted();
  const stop = createStop<StopCause>(clock, signal);
  signal.addEventListener('abort', queue.drop, { once: true });
  if (limits.deadline !== null) stop.after('deadline', limits.deadline - clock.now());
  let channel: ModelChannel | null = null;
  let model: ModelTurn | null = null;
  let end: Omit<AgentTurnEnd, keyof SeenByProxy>;
  try {
    channel = await request.proxy.open({ scratch: workspace.scratch }, { signal });
    model = channel.beginTurn(limits, {
      onUsage: (usage) => void queue.push({ type: 'usage', usage }),
      onPassed: () => stop.after('limit', lastMs),
    });
    end = await follow(request, { channel, queue, stop });
  } finally {
    stop.end();
    signal.removeEventListener('abort', queue.drop);
    await channel?.close();
    // Read only now: a call that was cut is counted while the channel closes.
    counted.usage = model?.usage ?? null;
  }
  const { usage, passed, failure, refused, stop: stopWord } = model;
  return { ...end, usage, passed, failure, refused, stop: stopWord };
}

/** Follows the process to its end, which leaves none of it behind. */
async function follow(
  request: AgentTurnRequest,
  parts: {
    readonly channel: ModelChannel;
    readonly queue: ItemQueue<AgentTurnItem>;
    readonly stop: Stop<StopCause>;
  },
): Promise<Omit<AgentTurnEnd, keyof SeenByProxy>> {
  const { workspace, signal } = request;
  const { channel, queue, stop } = parts;
  let running: AgentProcess;
  try {
    running = await startAgentProcess({ workspace, channel, ...request.command(channel) }, { signal });
  } catch (error) {
    if (!BatonError.is(error, 'COMMAND_FAILED')) throw error;
    return { by: 'start', exitCode: null, signal: null, detail: error.message };
  }
  const cut = new AbortController();
  const written = writeAll(running.stdin, request.input);
  const read: Promise<BatonError | null> = readJsonLines(running.stdout, cut.signal, (line) => {
    if (line.type === 'line' && request.isLast?.(line.value) === true) stop.after('exit', lastMs);
    return queue.push(line);
  }).then(
    () => null,
    // A pipe that breaks has ended.
    (error: unknown) => (BatonError.is(error) ? error : null),
  );
  const flood = read.then((flaw) => (flaw === null ? new Promise<never>(() => {}) : ('flood' as const)));
  try {
    const first = await Promise.race([running.exit.then(() => 'exit' as const), stop.cause, flood]);
    await running[Symbol.asyncDispose]();
    const { exitCode, signal: exitSignal } = await running.exit;
    // Whoever held the pipe is dead, but what is in it still comes, as fast as it is taken.
    while ((await Promise.race([read, stop.elapse(drainMs)])) === true) {
      if (queue.size === 0) cut.abort();
      signal.throwIfAborted();
    }
    const flaw = await read;
    if (flaw !== null) return { by: 'flood', exitCode, signal: exitSignal, detail: flaw.message };
    const failure = running.startFailure();
    if (failure !== null && exitCode === 127) return { by: 'start', exitCode, signal: null, detail: failure };
    return { by: first, exitCode, signal: exitSignal, detail: running.stderrTail() };
  } finally {
    cut.abort();
    await running[Symbol.asyncDispose]();
    await Promise.allSettled([read, written]);
    signal.throwIfAborted();
  }
}

async function writeAll(stream: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stream.getWriter();
  // An agent need not read what it is given.
  writer.closed.catch(() => {});
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // As above.
  }
}
