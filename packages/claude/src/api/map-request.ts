import type Anthropic from '@anthropic-ai/sdk';
import type { ModelMessage, ModelRequest, ReplyPart } from '@baton/agent-kit';

type Block = Anthropic.ContentBlockParam;
type Message = { role: 'user' | 'assistant'; content: Block[] };

const cached = { type: 'ephemeral' } as const;

/**
 * A request in the words of the Messages API. What stays the same from call to call is marked for its cache: the
 * tools, the instructions, and the conversation up to the newest and the second newest message of ours, so that
 * what one call wrote the next one reads. Four marks are the most that the API takes.
 */
export function mapRequest(request: ModelRequest, model: string): Anthropic.MessageCreateParamsStreaming {
  const last = request.tools.length - 1;
  return {
    model,
    stream: true,
    max_tokens: request.maxOutputTokens,
    system: [{ type: 'text', text: request.instructions, cache_control: cached }],
    tools: request.tools.map((tool, index) => ({
      name: tool.name,
      description: tool.description,
      // Says of itself that it is an object: `ToolDefinition` demands it.
      input_schema: tool.inputSchema as Anthropic.Tool.InputSchema,
      ...(index === last ? { cache_control: cached } : {}),
    })),
    messages: markNewest(mapMessages(request.messages)),
  };
}

/** Neighbours of one role become one message; one without anything that the API takes is left out. */
function mapMessages(messages: readonly ModelMessage[]): Message[] {
  const mapped: Message[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content = mapContent(message);
    const before = mapped.at(-1);
    if (before?.role === role) before.content.push(...content);
    else if (content.length > 0) mapped.push({ role, content });
  }
  return mapped;
}

function mapContent(message: ModelMessage): Block[] {
  switch (message.role) {
    case 'user':
      return message.text.trim() === '' ? [] : [{ type: 'text', text: message.text.toWellFormed() }];
    case 'tools':
      return message.answers.map((answer) => ({
        type: 'tool_result',
        tool_use_id: answer.callId,
        content: answer.output.trim() === '' ? '(no output)' : answer.output.toWellFormed(),
        ...(answer.isError ? { is_error: true } : {}),
      }));
    case 'assistant': {
      // Reasoning alone is no message.
      const hasWords = message.parts.some((part) => part.type === 'tool-call' || !isBlank(part));
      return hasWords ? message.parts.filter((part) => !isBlank(part) || part.type === 'opaque').map(mapPart) : [];
    }
  }
}

function isBlank(part: ReplyPart): boolean {
  return part.type === 'opaque' || (part.type === 'text' && part.text.trim() === '');
}

function mapPart(part: ReplyPart): Block {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text.toWellFormed() };
    case 'tool-call':
      return { type: 'tool_use', id: part.callId, name: mapToolName(part.tool), input: part.input ?? {} };
    case 'opaque':
      // A block of the API's own, given back as it came.
      return part.data as unknown as Block;
  }
}

/** A name that a model made up may hold what the API refuses to read again. */
function mapToolName(name: string): string {
  return name.replaceAll(/[^\w-]/g, '_').slice(0, 128) || 'unknown';
}

function markNewest(messages: Message[]): Message[] {
  const ours = messages.filter((message) => message.role === 'user').slice(-2);
  for (const { content } of ours) {
    const block = content.at(-1);
    if (block?.type === 'text' || block?.type === 'tool_result') block.cache_control = cached;
  }
  return messages;
}
