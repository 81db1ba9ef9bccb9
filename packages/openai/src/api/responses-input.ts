import type { ModelMessage, ReplyPart, ToolDefinition } from '@baton/agent-kit';
import type { JsonValue } from '@baton/core';
import type { OpenAI } from 'openai';
import { z } from 'zod';

type InputItem = OpenAI.Responses.ResponseInputItem;

/** What Responses wants back unchanged, and of which model it is: another one can't read it. */
const opaque = z.discriminatedUnion('type', [
  z.object({
    api: z.literal('responses'),
    model: z.string(),
    type: z.literal('reasoning'),
    id: z.string(),
    encrypted: z.string(),
    summary: z.array(z.string()),
  }),
  z.object({
    api: z.literal('responses'),
    model: z.string(),
    type: z.literal('phase'),
    phase: z.enum(['commentary', 'final_answer']),
  }),
]);

/** A part of a reply that only this client reads. */
export type ResponsesOpaque = z.infer<typeof opaque>;

/** A conversation as items of Responses. */
export function mapResponsesInput(messages: readonly ModelMessage[], model: string): InputItem[] {
  return messages.flatMap((message) => mapMessage(message, model));
}

function mapMessage(message: ModelMessage, model: string): InputItem[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: message.text }];
    case 'tools':
      return message.answers.map((answer) => ({
        type: 'function_call_output',
        call_id: answer.callId,
        output: mapToolOutput(answer),
      }));
    case 'assistant':
      return message.parts.flatMap((part, index) => mapPart(part, readOpaque(message.parts[index - 1], model), model));
  }
}

/** `before`: what was told of the part by the one before it. */
function mapPart(part: ReplyPart, before: ResponsesOpaque | null, model: string): InputItem[] {
  switch (part.type) {
    case 'opaque': {
      const own = readOpaque(part, model);
      if (own?.type !== 'reasoning') return [];
      const summary = own.summary.map((text) => ({ type: 'summary_text' as const, text }));
      return [{ type: 'reasoning', id: own.id, encrypted_content: own.encrypted, summary }];
    }
    case 'text':
      return [{ role: 'assistant', content: part.text, ...(before?.type === 'phase' ? { phase: before.phase } : {}) }];
    case 'tool-call': {
      const { callId, tool, input } = part;
      return [{ type: 'function_call', call_id: callId, name: mapToolName(tool), arguments: mapToolInput(input) }];
    }
  }
}

function readOpaque(part: ReplyPart | undefined, model: string): ResponsesOpaque | null {
  const own = part?.type === 'opaque' ? opaque.safeParse(part.data) : null;
  return own?.success && own.data.model === model ? own.data : null;
}

/** A tool as Responses is told of it. Not strict: schemas of other adapters leave inputs out. */
export function mapResponsesTool(tool: ToolDefinition): OpenAI.Responses.FunctionTool {
  return {
    type: 'function',
    name: tool.name,
    description: tool.description,
    parameters: mapSchema(tool.inputSchema),
    strict: false,
  };
}

/** A JSON Schema as the SDK's types want it. */
export function mapSchema(schema: JsonValue): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).catch({ type: 'object' }).parse(schema);
}

/** A name that a model made up may hold what servers refuse to read again. */
export function mapToolName(name: string): string {
  return name.replaceAll(/[^\w-]/g, '_').slice(0, 64) || 'unknown';
}

/** What couldn't be read goes back as an empty object: some servers parse what they are sent. */
export function mapToolInput(input: JsonValue): string {
  return JSON.stringify(input ?? {});
}

/** Neither protocol has a place for failures. */
export function mapToolOutput(answer: { readonly output: string; readonly isError: boolean }): string {
  return answer.isError ? `Error: ${answer.output}` : answer.output;
}
