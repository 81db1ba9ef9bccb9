import type { AgentEvent, JsonValue } from '@baton/core';
import { z } from 'zod';

const text = z.string().nullish().catch(null);

// A thread's id becomes an argument and a part of a file's name later on.
const started = z.looseObject({ type: z.literal('thread.started'), thread_id: z.uuid() });

const item = z.looseObject({
  id: z.string(),
  type: z.string(),
  text,
  message: text,
  command: text,
  aggregated_output: text,
  exit_code: z.number().nullish().catch(null),
  status: text,
  changes: z.json().optional().catch(undefined),
});

const itemEvent = z.looseObject({ type: z.enum(['item.started', 'item.completed']), item });

const closing = z.looseObject({
  type: z.enum(['turn.completed', 'turn.failed']),
  error: z.looseObject({ message: text }).nullish().catch(null),
});

const failing = z.looseObject({ type: z.literal('error'), message: z.string() });

/** A line of `codex exec --json`. */
export type CodexLine =
  | { readonly type: 'thread'; readonly thread: string }
  | { readonly type: 'words'; readonly text: string }
  | { readonly type: 'event'; readonly event: AgentEvent }
  /** A call that is told only when it is over, or for a second time. */
  | { readonly type: 'call'; readonly call: AgentEvent; readonly result: AgentEvent }
  | { readonly type: 'closed'; readonly error: string | null }
  /** Something went wrong; what closes the turn tells whether that was the end of it. */
  | { readonly type: 'error'; readonly message: string }
  | { readonly type: 'other'; readonly value: JsonValue };

const keptCharacters = 2_000;

/** Reads a line. What it doesn't know is told as `other`, clipped. */
export function mapCodexLine(value: JsonValue): CodexLine {
  const thread = started.safeParse(value);
  if (thread.success) return { type: 'thread', thread: thread.data.thread_id };
  const told = itemEvent.safeParse(value);
  if (told.success) return mapItem(told.data) ?? { type: 'other', value: clip(value) };
  const closed = closing.safeParse(value);
  if (closed.success) {
    const isGood = closed.data.type === 'turn.completed';
    return { type: 'closed', error: isGood ? null : (closed.data.error?.message ?? 'It says no more.') };
  }
  const failed = failing.safeParse(value);
  return failed.success ? { type: 'error', message: failed.data.message } : { type: 'other', value: clip(value) };
}

/** Whether a line closes a turn. */
export function isClosing(value: JsonValue): boolean {
  return closing.safeParse(value).success;
}

function mapItem({ type, item: found }: z.infer<typeof itemEvent>): CodexLine | null {
  const { id: callId } = found;
  const isOver = type === 'item.completed';
  switch (found.type) {
    case 'agent_message':
      return isOver && found.text ? { type: 'words', text: found.text } : null;
    case 'reasoning':
      return isOver && found.text ? { type: 'event', event: { type: 'reasoning-delta', text: found.text } } : null;
    case 'error':
      return { type: 'error', message: found.message ?? '' };
    case 'command_execution': {
      const call: AgentEvent = { type: 'tool-call', callId, tool: 'command', input: { command: found.command ?? '' } };
      if (!isOver) return { type: 'event', event: call };
      const isError = found.exit_code !== 0;
      const output = { output: found.aggregated_output ?? '', exitCode: found.exit_code ?? null };
      return { type: 'call', call, result: { type: 'tool-result', callId, output, isError } };
    }
    case 'file_change': {
      const input = { changes: found.changes ?? [] };
      const call: AgentEvent = { type: 'tool-call', callId, tool: 'file_change', input };
      if (!isOver) return { type: 'event', event: call };
      const isError = found.status !== 'completed';
      return { type: 'call', call, result: { type: 'tool-result', callId, output: found.status ?? '', isError } };
    }
    default:
      return null;
  }
}

function clip(value: JsonValue): JsonValue {
  const whole = JSON.stringify(value);
  return whole.length <= keptCharacters ? value : { clipped: whole.slice(0, keptCharacters).toWellFormed() };
}
