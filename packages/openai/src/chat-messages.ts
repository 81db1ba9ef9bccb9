import type { ModelMessage, ModelRequest, ReplyPart, ToolDefinition } from '@baton/agent-kit';
import type { OpenAI } from 'openai';
import { z } from 'zod';
import { mapSchema, mapToolInput, mapToolName, mapToolOutput } from './responses-input.js';

type ChatMessage = OpenAI.Chat.Completions.ChatCompletionMessageParam;

/** The fields in which servers tell a model's reasoning: DeepSeek, vLLM and llama.cpp the first, Ollama the second. */
export const reasoningFields = ['reasoning_content', 'reasoning'] as const;

const opaque = z.object({
  api: z.literal('chat'),
  model: z.string(),
  field: z.enum(reasoningFields),
  text: z.string(),
});

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
  const calls = parts.flatMap((part) =>
    part.type === 'tool-call'
      ? [
          {
            id: part.callId,
            type: 'function' as const,
            function: { name: mapToolName(part.tool), arguments: mapToolInput(part.input) },
          },
        ]
      : [],
  );
  if (calls.length === 0) return text === '' ? [] : [{ role: 'assistant', content: text }];
  // DeepSeek wants the reasoning back that led to a call, and refuses any other.
  const reasoning = parts.flatMap((part) => {
    const own = part.type === 'opaque' ? opaque.safeParse(part.data) : null;
    return own?.success && own.data.model === model ? [[own.data.field, own.data.text] as const] : [];
  });
  return [
    { role: 'assistant', content: text === '' ? null : text, tool_calls: calls, ...Object.fromEntries(reasoning) },
  ];
}

/** A tool as Chat Completions is told of it. */
export function mapChatTool(tool: ToolDefinition): OpenAI.Chat.Completions.ChatCompletionFunctionTool {
  return {
    type: 'function',
    function: { name: tool.name, description: tool.description, parameters: mapSchema(tool.inputSchema) },
  };
}
