import type { CallOptions, JsonValue, Mapped } from '@baton/core';

/** A tool as a model is told of it. */
export interface ToolDefinition {
  readonly name: string;
  /** Written for a model: what it does, when to use it, what it answers. */
  readonly description: string;
  /** JSON Schema of its input: an object. */
  readonly inputSchema: JsonValue;
}

/** One part of what a model answered. */
export type ReplyPart =
  | { readonly type: 'text'; readonly text: string }
  /** `input` is null where the model wrote what can't be read: `flaw` then tells it what was wrong. */
  | {
      readonly type: 'tool-call';
      readonly callId: string;
      readonly tool: string;
      readonly input: JsonValue;
      readonly flaw: string | null;
    }
  /** What the provider wants back unchanged in the next request, such as signed reasoning. Only its client reads it. */
  | { readonly type: 'opaque'; readonly data: JsonValue };

/** What a tool answered to one call. */
export interface ToolAnswer {
  readonly callId: string;
  readonly output: string;
  readonly isError: boolean;
}

/** One message of a conversation, oldest first. Plain data, so that it can be kept in a file. */
export type ModelMessage =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly parts: readonly ReplyPart[] }
  | { readonly role: 'tools'; readonly answers: readonly ToolAnswer[] };

/** What a model is asked. */
export interface ModelRequest {
  /** The same over a whole session, and so fit to be cached, as the tools are. */
  readonly instructions: string;
  readonly tools: readonly ToolDefinition[];
  readonly messages: readonly ModelMessage[];
  readonly maxOutputTokens: number;
}

/** What one call used. Null where the provider didn't say. */
export interface CallUsage {
  /** Cached tokens included. */
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  /** Of the input, what was written to the provider's cache, where that costs more than other input. Absent: nothing. */
  readonly cacheWriteTokens?: number;
  readonly outputTokens: number | null;
}

/** Of an answer that tells nothing of it: unknown, which is never none. */
export const untoldUsage: CallUsage = { inputTokens: null, cachedInputTokens: null, outputTokens: null };

/**
 * Why a model stopped. `tool-calls`: it waits for answers. `length`: its output was cut at the limit.
 * `overflow`: the conversation is longer than its window. `unknown`: a word that the client doesn't know.
 */
export type StopReason = 'end' | 'tool-calls' | 'length' | 'refused' | 'overflow' | 'unknown';

/** What a model answered, whole. */
export interface ModelReply {
  readonly parts: readonly ReplyPart[];
  readonly stop: Mapped<StopReason>;
  readonly usage: CallUsage;
}

/**
 * What is heard of a reply while it comes. Only for people to watch; the reply itself tells all of it again. An
 * empty text shows nothing and says that the provider has begun to answer: what breaks off after that was
 * begun to be charged.
 */
export type ReplyDelta = { readonly type: 'text-delta' | 'reasoning-delta'; readonly text: string };

/**
 * One model of one provider. A call asks once: it is the loop that tries again. It rejects with a `BatonError`:
 *
 * - `RATE_LIMITED`: a usage or rate limit that names an instant
 * - `UNAVAILABLE`: network, overload, 5xx, a limit without an instant, a stream that was cut or went silent
 * - `AUTH_FAILED`, `PERMISSION_DENIED`, `NOT_FOUND` (no such model)
 * - `PROTOCOL_VIOLATION`: an answer that can't be read, or a request that the provider calls malformed
 *
 * It is liberal in what it reads: what was heard is kept, and what is ambiguous is a call with `flaw`. Texts that it
 * is handed are well-formed.
 */
export interface ModelClient {
  /** As the provider names it. */
  readonly model: string;
  call(
    request: ModelRequest,
    options: CallOptions & {
      readonly onDelta?: (delta: ReplyDelta) => void;
      /**
       * What the provider told of the usage of an answer that isn't whole yet; the last time holds. It counts where
       * the call rejects: what is null in it is then charged as it was reserved.
       */
      readonly onUsage?: (usage: CallUsage) => void;
    },
  ): Promise<ModelReply>;
}
