import type { ModelClient } from '@baton/agent-kit';
import { BatonError } from '@baton/core';
import { mapUnanswered } from '@baton/model-proxy';
import type { OpenAI } from 'openai';
import type { ModelServer, OpenStream } from './model-server.js';
import { mapResponsesInput, mapResponsesTool } from './responses-input.js';
import { createResponsesReply } from './responses-reply.js';

/** What a client of either protocol is made of. */
export interface ModelClientOptions {
  /** `id` of the agent, for errors. */
  readonly adapter: string;
  readonly model: string;
  readonly server: ModelServer;
}

/**
 * A model behind OpenAI's Responses. Nothing is stored at the provider's: reasoning comes encrypted and goes back
 * with the next request.
 */
export function createResponsesClient({ adapter, model, server }: ModelClientOptions): ModelClient {
  // Models that don't reason refuse the request that asks for encrypted reasoning.
  let reasons = true;
  const client: ModelClient = {
    model,
    async call(request, options) {
      const reply = createResponsesReply({
        adapter,
        model,
        request,
        onDelta: options.onDelta,
        onUsage: options.onUsage,
      });
      const body: OpenAI.Responses.ResponseCreateParamsStreaming = {
        model,
        instructions: request.instructions,
        input: mapResponsesInput(request.messages, model),
        tools: request.tools.map(mapResponsesTool),
        max_output_tokens: request.maxOutputTokens,
        store: false,
        stream: true,
        ...(reasons ? { include: ['reasoning.encrypted_content'] } : {}),
      };
      try {
        const open: OpenStream = (sdk, init) => sdk.responses.create(body, init);
        const ended = await server.stream(open, reply, options);
        return ended.type === 'over' ? reply.end(ended.isMarked) : mapUnanswered(ended);
      } catch (error) {
        if (!reasons || !isAbout(error, /encrypted[_ ]content/i)) throw error;
        reasons = false;
        return client.call(request, options);
      }
    },
  };
  return client;
}

/** Whether a server refused a request for this: it was not worked on then, and costs nothing. */
export function isAbout(error: unknown, subject: RegExp): boolean {
  return BatonError.is(error, 'PROTOCOL_VIOLATION') && subject.test(error.details.received);
}
