import { FailedAnswer, type ModelReply, mapConnectionError, type StopReason, untoldUsage } from '@baton/agent-kit';
import { BatonError, type Instant, type Mapped } from '@baton/core';
import { createFailureError, type FailurePlace } from './failure-error.js';
import { createKeyMask } from './mask-key.js';
import { type ModelFailure, readFailure } from './read-failure.js';

/** Why a model gives no answer, where that is nobody's failure: the conversation is too long, or it declines. */
export interface Unanswered {
  readonly stop: Mapped<StopReason>;
  /** Whether the request was refused before it was worked on, and so costs nothing. */
  readonly isFree: boolean;
}

/** What a call to a model rejected with comes to. */
export type ModelTrouble =
  | { readonly type: 'error'; readonly error: BatonError }
  | ({ readonly type: 'stop' } & Unanswered);

/** What is known where a call is made. */
export interface ModelCallPlace extends FailurePlace {
  /** Taken out of what the server says: some quote the key that they refuse. */
  readonly key: string | null;
  readonly now: Instant;
}

/**
 * What a call that was made with an SDK, and with `createModelFetch`, rejected with. Null where that is not the
 * provider's doing.
 */
export function mapModelError(error: unknown, place: ModelCallPlace): ModelTrouble | null {
  for (let each = error, depth = 0; each instanceof Error && depth < 8; each = each.cause, depth += 1) {
    if (BatonError.is(each)) return { type: 'error', error: each };
    if (each instanceof FailedAnswer) {
      return mapFailure(readFailure(each, { now: place.now, mask: createKeyMask(place.key).mask }), place);
    }
  }
  if (error instanceof SyntaxError) {
    const received = createKeyMask(place.key).mask(error.message).slice(0, 200).toWellFormed();
    const message = "The model's server sent what is no JSON.";
    return {
      type: 'error',
      error: new BatonError('PROTOCOL_VIOLATION', message, { details: { received }, adapter: place.adapter }),
    };
  }
  // The SDKs leave the cause of some out.
  const isOfConnection = error instanceof Error && /Connection\w*Error$/.test(error.constructor.name);
  return isOfConnection ? { type: 'error', error: mapConnectionError(error, place.adapter) } : null;
}

/** The reply of a model that gave none. */
export function mapUnanswered({ stop, isFree }: Unanswered): ModelReply {
  const nothing = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
  return { parts: [], stop, usage: isFree ? nothing : untoldUsage };
}

/** The error, where nothing was asked that could be too long or declined. */
export function errorOf(trouble: ModelTrouble, adapter: string): BatonError {
  if (trouble.type === 'error') return trouble.error;
  const received = trouble.stop.raw;
  const message = `The model's provider doesn't say which models it has: ${received}.`;
  return new BatonError('PROTOCOL_VIOLATION', message, { details: { received }, adapter });
}

function mapFailure(failure: ModelFailure, place: ModelCallPlace): ModelTrouble {
  const { kind, isInside, code, message } = failure;
  if (kind !== 'overflow' && kind !== 'declined') return { type: 'error', error: createFailureError(failure, place) };
  const word = /^[a-z]\w+/i.exec(code)?.[0] ?? (message.slice(0, 200).toWellFormed() || kind);
  return {
    type: 'stop',
    stop: { unified: kind === 'overflow' ? 'overflow' : 'refused', raw: word },
    isFree: !isInside,
  };
}
