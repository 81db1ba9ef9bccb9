import { type AgentEvent, BatonError, type Command } from '@baton/core';
import {
  type AgentProcess,
  howEnded,
  type LaunchFiles,
  type ModelChannel,
  type Stop,
  startAgentProcess,
} from '@baton/model-proxy';
import { z } from 'zod';
import { createAgentStream } from './agent-stream.js';
import { type AgentGreeting, type Conversation, converse, type SessionFound, type TurnText } from './conversation.js';
import { mapTalkError, type TalkFailure } from './map-error.js';
import type { UpdateReader } from './map-update.js';

/** What ends a turn from outside, the first that comes due. */
export type StopCause = 'deadline' | 'silent' | 'limit' | 'provider';

/** How an agent is started for one turn. */
export interface AcpLaunch {
  readonly command: Command;
  readonly files: LaunchFiles;
  /** The mode to set in the session, by the agent's own name for it. Null: as it is. */
  readonly mode: string | null;
}

/** Why the talk is over. */
export type TalkEnd =
  /** The agent said that it has stopped, and why. */
  | { readonly by: 'stop'; readonly reason: string }
  /** It answered with an error, or with what can't be read. */
  | { readonly by: 'error'; readonly failure: Exclude<TalkFailure, { readonly kind: 'closed' }> }
  /** It ended, or closed its output, without an answer. */
  | { readonly by: 'exit'; readonly how: string }
  /**
   * `silent`: it wasn't ready for the prompt in time. `provider`: it kept asking a provider that can't answer now.
   */
  | { readonly by: 'silent' | 'provider' }
  /** `limit`: it went on after a call was refused. */
  | { readonly by: 'deadline' | 'limit' }
  /** There is no such program, or it can't be run. */
  | { readonly by: 'start'; readonly detail: string };

/** What was learnt of the agent while it was talked to. */
export interface TalkRecord {
  greeting: AgentGreeting | null;
  /** The session that the prompt went to. Null: it never did. */
  session: SessionFound | null;
  /** What it asked of a person by the protocol's own means. */
  question: string | null;
  /** The last of standard error. */
  stderr: string;
  /** Present while the agent can be asked to end its turn. */
  cancel: (() => void) | null;
}

/** One process, one conversation, one turn. */
export interface TalkRequest {
  readonly adapter: string;
  readonly workspace: Parameters<typeof startAgentProcess>[0]['workspace'];
  readonly channel: ModelChannel;
  readonly launch: AcpLaunch;
  /** The session to go on with. Null: a new one. */
  readonly session: string | null;
  readonly text: TurnText;
  readonly signal: AbortSignal;
  readonly stop: Stop<StopCause>;
  readonly updates: UpdateReader;
  readonly record: TalkRecord;
  /** Waits for room. */
  push(event: AgentEvent): Promise<void>;
  /** Whether a `push` waits. */
  isFull(): boolean;
  onSession(session: SessionFound): Promise<void>;
}

/** How long an agent may take until it is ready for the prompt. */
const readyMs = 120_000;
/** How long its pipe may stay open, and silent, once no process is left. */
const drainMs = 2_000;

const notification = z.looseObject({ sessionId: z.string(), update: z.json() });

/** Starts the agent and talks to it until its turn is over. Nothing of it is left when this settles. */
export async function talk(request: TalkRequest): Promise<TalkEnd> {
  const { workspace, channel, launch, signal, stop, updates, record, push } = request;
  let running: AgentProcess;
  try {
    const { command, files } = launch;
    running = await startAgentProcess({ workspace, channel, command, files }, { signal });
  } catch (error) {
    if (BatonError.is(error, 'COMMAND_FAILED')) return { by: 'start', detail: error.message };
    throw error;
  }
  const pushAll = async (events: readonly AgentEvent[]): Promise<void> => {
    for (const event of events) await push(event);
  };
  const stream = createAgentStream(running, {
    async onUpdate(params) {
      const parsed = notification.safeParse(params);
      // What comes before the prompt is the past of a session that is gone on with.
      if (!parsed.success || parsed.data.sessionId !== record.session?.id) return;
      await pushAll(updates.map(parsed.data.update));
    },
    onNoise: (noise) => pushAll(updates.mapNoise(noise)),
  });
  const inTime = stop.after('silent', readyMs);
  const conversation = converse({
    adapter: request.adapter,
    stream,
    root: workspace.root,
    session: request.session,
    mode: launch.mode,
    text: request.text,
    onGreeting(greeting) {
      record.greeting = greeting;
    },
    async onPrompt(session) {
      inTime();
      record.session = session;
      await request.onSession(session);
    },
    onPermission: (toolCall) => pushAll(updates.mapPermission(toolCall)),
    onQuestion(question) {
      record.question ??= question.slice(0, 4_000).toWellFormed();
    },
  });
  record.cancel = conversation.cancel;
  try {
    const end = await follow(request, running, conversation);
    record.stderr = running.stderrTail();
    return end;
  } finally {
    record.cancel = null;
    conversation.close();
    await running[Symbol.asyncDispose]();
    signal.throwIfAborted();
  }
}

async function follow(
  { stop, isFull }: TalkRequest,
  running: AgentProcess,
  conversation: Conversation,
): Promise<TalkEnd> {
  const answer = conversation.stopReason.then(
    (reason): TalkEnd | 'closed' => ({ by: 'stop', reason }),
    (error: unknown): TalkEnd | 'closed' => {
      const failure = mapTalkError(error);
      return failure.kind === 'closed' ? 'closed' : { by: 'error', failure };
    },
  );
  const exited = running.exit.then(() => 'exited' as const);
  const stopped = stop.cause.then((by): TalkEnd => ({ by }));
  const first = await Promise.race([answer, exited, stopped]);
  if (typeof first === 'object') return first;
  // Closed its output and lives on: it may be on its way out, with an exit code that says why.
  if (first === 'closed') await Promise.race([exited, stopped, stop.elapse(drainMs)]);
  await running[Symbol.asyncDispose]();
  // Whoever held the pipe is dead, but what is in it still comes, as fast as it is taken.
  let last = await Promise.race([answer, stopped, stop.elapse(drainMs)]);
  while (last === true && isFull()) last = await Promise.race([answer, stopped, stop.elapse(drainMs)]);
  if (typeof last === 'object') return last;
  const exit = await running.exit;
  const failure = running.startFailure();
  if (failure !== null && exit.exitCode === 127) return { by: 'start', detail: failure };
  return { by: 'exit', how: howEnded(exit) };
}
