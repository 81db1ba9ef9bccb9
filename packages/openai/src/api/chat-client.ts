import type { ModelClient, ModelRequest } from '@baton/agent-kit';
import { mapUnanswered } from '@baton/model-proxy';
import type { OpenAI } from 'openai';
import { mapChatMessages, mapChatTool } from './chat-messages.js';
import { createChatReply } from './chat-reply.js';
import type { OpenStream } from './model-server.js';
import { isAbout, type ModelClientOptions } from './responses-client.js';

/** What servers differ in, as far as this one has been heard. */
interface Dialect {
  /** OpenAI's reasoning models take the second alone; many compatible servers know only the first. */
  readonly limit: 'max_tokens' | 'max_completion_tokens';
  readonly tellsUsage: boolean;
}

/** A model behind Chat Completions, of OpenAI or of one of the many servers that speak them too. */
export function createChatClient({ adapter, model, server }: ModelClientOptions): ModelClient {
  let dialect: Dialect = { limit: 'max_tokens', tellsUsage: true };
  const client: ModelClient = {
    model,
    async call(request, options) {
      const reply = createChatReply({ adapter, model, request, onDelta: options.onDelta, onUsage: options.onUsage });
      const body = mapBody(request, model, dialect);
      try {
        const open: OpenStream = (sdk, init) => sdk.chat.completions.create(body, init);
        const ended = await server.stream(open, reply, options);
        return ended.type === 'over' ? reply.end(ended.isMarked) : mapUnanswered(ended);
      } catch (error) {
        const other = mapDialect(error, dialect);
        if (other === null) throw error;
        dialect = other;
        return client.call(request, options);
      }
    },
  };
  return client;
}

function mapBody(
  request: ModelRequest,
  model: string,
  dialect: Dialect,
): OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming {
  return {
    model,
    messages: mapChatMessages(request, model),
    // An empty list is refused by some.
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(mapChatTool) }),
    stream: true,
    ...(dialect.tellsUsage ? { stream_options: { include_usage: true } } : {}),
    ...(dialect.limit === 'max_tokens'
      ? { max_tokens: request.maxOutputTokens }
      : { max_completion_tokens: request.maxOutputTokens }),
  };
}

/** What to ask instead of what a server calls malformed. Each can be met once, so that this comes to an end. */
function mapDialect(error: unknown, dialect: Dialect): Dialect | null {
  if (dialect.tellsUsage && isAbout(error, /stream_options|include_usage/)) return { ...dialect, tellsUsage: false };
  if (dialect.limit === 'max_tokens' && isAbout(error, /max_completion_tokens/)) {
    return { ...dialect, limit: 'max_completion_tokens' };
  }
  return null;
}
