import type { AgentEvent, JsonValue } from '@baton/core';
import { z } from 'zod';

const init = z.looseObject({
  type: z.literal('system'),
  subtype: z.literal('init'),
  // Becomes an argument and a file's name later on.
  session_id: z.uuid(),
  model: z.string().max(200).nullish().catch(null),
  claude_code_version: z.string().max(50).nullish().catch(null),
});

const message = z.looseObject({
  type: z.enum(['assistant', 'user']),
  parent_tool_use_id: z.string().nullish().catch(null),
  message: z.looseObject({ content: z.union([z.string(), z.array(z.unknown())]) }),
});

const block = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('thinking'), thinking: z.string() }),
  z.looseObject({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.json() }),
  z.looseObject({
    type: z.literal('tool_result'),
    tool_use_id: z.string(),
    content: z.json().optional(),
    is_error: z.boolean().nullish().catch(null),
  }),
]);

const result = z.looseObject({
  type: z.literal('result'),
  subtype: z.string().catch(''),
  session_id: z.string().nullish().catch(null),
  is_error: z.boolean().catch(true),
  result: z.string().nullish().catch(null),
  errors: z.array(z.string()).nullish().catch(null),
  terminal_reason: z.string().nullish().catch(null),
  total_cost_usd: z.number().nonnegative().nullish().catch(null),
});

/** What a turn came to, in Claude Code's words. */
export type ClaudeCodeResult = z.infer<typeof result>;

/** A line of `--output-format stream-json`. Nested: said by an agent that the agent began. */
export type ClaudeCodeLine =
  | { readonly type: 'init'; readonly session: string; readonly model: string | null; readonly version: string | null }
  | { readonly type: 'events'; readonly events: readonly AgentEvent[] }
  | { readonly type: 'result'; readonly result: ClaudeCodeResult }
  | { readonly type: 'other'; readonly value: JsonValue };

const keptCharacters = 2_000;

/** Reads a line. What it doesn't know is told as `other`, clipped. */
export function mapClaudeCodeLine(value: JsonValue): ClaudeCodeLine {
  const started = init.safeParse(value);
  if (started.success) {
    const { session_id, model, claude_code_version } = started.data;
    return { type: 'init', session: session_id, model: model ?? null, version: claude_code_version ?? null };
  }
  const said = message.safeParse(value);
  if (said.success && typeof said.data.parent_tool_use_id !== 'string') {
    const { content } = said.data.message;
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    return { type: 'events', events: blocks.flatMap((each) => mapBlock(each, said.data.type)) };
  }
  const ended = result.safeParse(value);
  return ended.success ? { type: 'result', result: ended.data } : { type: 'other', value: clip(value) };
}

/** Whether a line closes a turn. */
export function isResult(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'result';
}

/** What the daemon's side told the agent is no news. */
function mapBlock(value: unknown, role: 'assistant' | 'user'): AgentEvent[] {
  const parsed = block.safeParse(value);
  if (!parsed.success) return [];
  const found = parsed.data;
  if (role === 'user') {
    if (found.type !== 'tool_result') return [];
    const { tool_use_id, content, is_error } = found;
    return [{ type: 'tool-result', callId: tool_use_id, output: content ?? '', isError: is_error === true }];
  }
  switch (found.type) {
    case 'text':
      return found.text === '' ? [] : [{ type: 'text-delta', text: found.text }];
    case 'thinking':
      return found.thinking === '' ? [] : [{ type: 'reasoning-delta', text: found.thinking }];
    case 'tool_use':
      return [{ type: 'tool-call', callId: found.id, tool: found.name, input: found.input }];
    case 'tool_result':
      return [];
  }
}

function clip(value: JsonValue): JsonValue {
  const text = JSON.stringify(value);
  return text.length <= keptCharacters ? value : { clipped: text.slice(0, keptCharacters).toWellFormed() };
}
