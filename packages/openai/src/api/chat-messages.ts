import type { ModelMessage, ModelRequest, ReplyPart, ToolDefinition } from '@baton/agent-kit';
import type { OpenAI } from 'openai';
import { z } from 'zod';
import { unknownFields } from './chat-chunk.js';
import { mapSchema, mapToolInput, mapToolName, mapToolOutput } from './responses-input.js';

type ChatMessage = OpenAI.Chat.Completions.ChatCompletionMessageParam;

/**
 * Where servers tell a model's reasoning: DeepSeek, vLLM and llama.cpp in the first field, Ollama in the second, and
 * Mistral in parts of the content.
 */
export const reasoningFields = ['reasoning_content', 'reasoning', 'thinking'] as const;

const own = { api: z.literal('chat'), model: z.string() };
const opaque = z.union([
  z.object({ ...own, field: z.enum(reasoningFields), text: z.string() }),
  /** Of the whole message. */
  z.object({ ...own, type: z.literal('message'), fields: unknownFields }),
  /** Of the call behind it. */
  z.object({ ...own, type: z.literal('call'), call: unknownFields, function: unknownFields }),
]);

/** A part of a reply that only this client reads. */
export type ChatOpaque = z.infer<typeof opaque>;

/** A request as messages of Chat Completions. Templates of many models want user and assistant to take turns. */
export function mapChatMessages({ instructions, messages }: ModelRequest, model: string): ChatMessage[] {
  const mapped = messages.flatMap((message) => mapMessage(message, model));
  const merged: ChatMessage[] = instructions === '' ? [] : [{ role: 'system', content: instructions }];
  for (const message of mapped) {
    const before = merged.at(-1);
    if (message.role === 'user' && before?.role === 'user') {
      merged[merged.length - 1] = { role: 'user', content: `${before.content}\n\n${message.content}` };
    } else {
      merged.push(message);
    }
  }
  return merged;
}

function mapMessage(message: ModelMessage, model: string): ChatMessage[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: message.text }];
    case 'tools':
      return message.answers.map((answer) => ({
        role: 'tool',
        tool_call_id: answer.callId,
        content: mapToolOutput(answer),
      }));
    case 'assistant':
      return mapAssistant(message.parts, model);
  }
}

function mapAssistant(parts: readonly ReplyPart[], model: string): ChatMessage[] {
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  const known = parts.map((part) => readOpaque(part, model));
  const calls = parts.flatMap((part, index) => {
    if (part.type !== 'tool-call') return [];
    const before = known[index - 1];
    const unknown = before && 'call' in before ? before : null;
    const named = { name: mapToolName(part.tool), arguments: mapToolInput(part.input) };
    return [
      { ...unknown?.call, id: part.callId, type: 'function' as const, function: { ...unknown?.function, ...named } },
    ];
  });
  const kept = Object.assign({}, ...known.map((each) => (each && 'fields' in each ? each.fields : {})));
  if (calls.length === 0) return text === '' ? [] : [{ role: 'assistant', content: text, ...kept }];
  // DeepSeek wants the reasoning back that led to a call, and refuses any other.
  const reasoning = known.find((each) => each !== null && 'field' in each);
  const content = text === '' ? null : text;
  return [{ role: 'assistant', content, tool_calls: calls, ...kept, ...mapReasoning(reasoning ?? null, text) }];
}

function mapReasoning(reasoning: ChatOpaque | null, text: string): object {
  if (reasoning === null || !('field' in reasoning)) return {};
  if (reasoning.field !== 'thinking') return { [reasoning.field]: reasoning.text };
  const thoughts = { type: 'thinking', thinking: [{ type: 'text', text: reasoning.text }] };
  return { content: [thoughts, ...(text === '' ? [] : [{ type: 'text', text }])] };
}

function readOpaque(part: ReplyPart, model: string): ChatOpaque | null {
  const read = part.type === 'opaque' ? opaque.safeParse(part.data) : null;
  return read?.success && read.data.model === model ? read.data : null;
}

/** A tool as Chat Completions is told of it. */
export function mapChatTool(tool: ToolDefinition): OpenAI.Chat.Completions.ChatCompletionFunctionTool {
  return {
    type: 'function',
    function: { name: tool.name, description: tool.description, parameters: mapSchema(tool.inputSchema) },
  };
}
