import type { JsonValue } from '@baton/core';

/** A JSON object, as it was parsed. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** What a call asks for, as far as it matters to a meter. */
export interface CallRequest {
  readonly model: string;
  /** The most tokens that may be answered, over all choices. Null: the request doesn't say. */
  readonly maxOutputTokens: number | null;
  /** The fewest to which its answer may be cut: for fewer the request would be malformed. */
  readonly minOutputTokens: number;
  /** Why it may not be made at all, as a sentence: what it asks of the provider can't be metered, or is a way out. */
  readonly refusal: string | null;
}

/** What was read of an answer so far. Null: it didn't say. */
export interface Reading {
  /** Cached tokens included. */
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  /** Input tokens charged on top of `inputTokens`, for writing them to a cache. */
  readonly surchargeTokens: number;
  readonly outputTokens: number | null;
  /** Characters that the model wrote, to estimate by where nothing was said. */
  readonly characters: number;
  /** Whether the answer came to its end. */
  readonly complete: boolean;
  /** Why the model stopped, in the provider's word. */
  readonly stop: string | null;
  /** A failure that was told inside an answer which had begun well. */
  readonly failure: { readonly type: string; readonly message: string } | null;
}

/** Reads one answer: each event of a stream, or the one body. */
export interface AnswerReader {
  read(value: JsonValue): void;
  reading(): Reading;
}

/** How one protocol is spoken. */
export interface Protocol {
  /** What the endpoint inside ends with, as the vendor's own clients expect their base address. */
  readonly basePath: string;
  /** Paths behind the base path that may be posted to. `free`: asks no model. */
  readonly calls: ReadonlyMap<string, 'model' | 'free'>;
  /** Headers of a request that are passed on, in lower case. */
  readonly requestHeaders: readonly string[];
  keyHeaders(key: string): Readonly<Record<string, string>>;
  mapRequest(body: JsonObject): CallRequest;
  /** The same request with at most so many tokens of answer. */
  capOutput(body: JsonObject, tokens: number): JsonObject;
  createReader(): AnswerReader;
  errorBody(status: number, message: string): JsonValue;
}
