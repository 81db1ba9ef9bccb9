import type { JsonValue } from '@baton/core';
import type { HeaderRule } from './headers.js';
import type { JsonObject } from './json-object.js';
import type { Shape } from './shape.js';

/** What a call asks for, as far as it matters to a meter. */
export interface CallRequest {
  readonly model: string;
  /** The most tokens that may be answered. Null: the request doesn't say. */
  readonly maxOutputTokens: number | null;
  /** The fewest to which its answer may be cut: for fewer the request would be malformed. */
  readonly minOutputTokens: number;
}

/** What was read of an answer so far. Null: it didn't say. */
export interface Reading {
  /** Cached tokens included. */
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  /** Input tokens charged on top of `inputTokens`, for writing them to a cache. */
  readonly surchargeTokens: number;
  readonly outputTokens: number | null;
  /** Whether the answer came to its end, so that its figures are the last ones. */
  readonly complete: boolean;
  /** Why the model stopped, in the provider's word. */
  readonly stop: string | null;
  /** What was told of a failure inside an answer which had begun well: `readFailure` reads it. */
  readonly failure: JsonValue | null;
}

/** Reads one answer: each event of a stream, or the one body. */
export interface AnswerReader {
  read(value: JsonValue): void;
  reading(): Reading;
}

/** What a path is for. `model`: an answer, which is charged. `count`: figures about a request, which are not. */
export type CallKind = 'model' | 'count';

/** How one protocol is spoken. */
export interface Protocol {
  /** What the endpoint inside ends with, as the vendor's own clients expect their base address. */
  readonly basePath: string;
  /** Paths behind the base path that may be posted to. */
  readonly calls: ReadonlyMap<string, CallKind>;
  /** What a request may hold. */
  readonly request: Shape;
  /** Parts of a query that are passed on, each with why it is let through. */
  readonly query: Readonly<Record<string, string>>;
  /** Headers of a request that are passed on, in lower case. */
  readonly requestHeaders: Readonly<Record<string, HeaderRule>>;
  keyHeaders(key: string): Readonly<Record<string, string>>;
  /** Of a request that has its shape. Throws where it lacks what every request has. */
  mapRequest(body: JsonObject): CallRequest;
  /** The request as it is sent: it asks for figures, keeps nothing at the provider's, and for at most so many tokens. */
  prepare(body: JsonObject, cap: number | null): JsonObject;
  createReader(): AnswerReader;
  /** `field`: which part of the request it is about. Null: none. */
  errorBody(status: number, message: string, field: string | null): JsonValue;
}
