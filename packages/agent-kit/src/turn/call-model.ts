import { type AgentEvent, BatonError, type BatonErrorCode, type Clock } from '@baton/core';
import { createDeltaQueue, type DeltaQueue } from '../model/delta-queue.js';
import { type CallUsage, type ModelClient, type ModelReply, type ModelRequest, untoldUsage } from '../model/model.js';
import { limitReached, type TurnEnding } from './turn-ending.js';
import type { Turn } from './turn-session.js';

/** One question to a model, asked until it is answered or there is no use in asking. */
export interface ModelCall {
  readonly client: ModelClient;
  /** Made anew for each try: the one before may have cost something. A limit where it allows none. */
  readonly prepare: () => ModelRequest | string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly hold: Turn['hold'];
  /**
   * An answer had begun and broke off, or was waited for when the turn was ended: it may be charged. With what was told
   * of its usage until then.
   */
  readonly onCut: (usage: CallUsage) => void;
}

/** What a call came to. */
export type CallResult =
  | { readonly type: 'reply'; readonly reply: ModelReply }
  /** `isRefused`: the provider didn't begin to answer, and calls the request malformed. */
  | { readonly type: 'ending'; readonly ending: TurnEnding; readonly isRefused: boolean };

/** Before the second, third and fourth try. */
const waitsMs = [1_000, 5_000, 20_000] as const;
/** A limit that is over sooner is waited for here, where the conversation still stands. */
const longestLimitMs = 30_000;

const unavailable: readonly BatonErrorCode[] = ['UNAVAILABLE', 'TIMEOUT', 'RATE_LIMITED'];
const refused: readonly BatonErrorCode[] = ['AUTH_FAILED', 'PERMISSION_DENIED', 'NOT_FOUND'];

/**
 * Asks a model and tells what is heard meanwhile. What passes is tried again, four times in all; an answer that
 * can't be read, twice. Everything that isn't the provider's doing rejects.
 */
export async function* callModel(call: ModelCall): AsyncGenerator<AgentEvent, CallResult> {
  for (let attempt = 0; ; attempt += 1) {
    const request = call.prepare();
    if (typeof request === 'string') return { type: 'ending', ending: limitReached(request), isRefused: false };
    const queue = createDeltaQueue();
    const heard: { usage: CallUsage | null } = { usage: null };
    const onUsage = (usage: CallUsage): void => {
      heard.usage = usage;
    };
    try {
      const reply = yield* follow(call, request, queue, onUsage);
      return { type: 'reply', reply };
    } catch (error) {
      const isBegun = queue.begun || heard.usage !== null;
      if (isBegun || call.signal.aborted) call.onCut(heard.usage ?? untoldUsage);
      call.signal.throwIfAborted();
      if (!BatonError.is(error)) throw error;
      const waitMs = mapWait(error, attempt, call.clock.now());
      if (waitMs === null)
        return { type: 'ending', ending: mapError(error), isRefused: !isBegun && error.code === 'PROTOCOL_VIOLATION' };
      yield { type: 'provider-event', value: { retry: attempt + 1, code: error.code, message: error.message, waitMs } };
      if (waitMs > 0) await call.clock.sleep(waitMs, { signal: call.signal });
    }
  }
}

async function* follow(
  { client, signal, hold }: ModelCall,
  request: ModelRequest,
  queue: DeltaQueue,
  onUsage: (usage: CallUsage) => void,
): AsyncGenerator<AgentEvent, ModelReply> {
  const replied = hold(client.call(request, { signal, onDelta: queue.push, onUsage })).finally(queue.end);
  replied.catch(() => {});
  try {
    for (let heard = await queue.take(); heard !== null; heard = await queue.take()) yield* heard;
    const reply = await replied;
    if (!queue.heardText) {
      for (const part of reply.parts) if (part.type === 'text') yield { type: 'text-delta', text: part.text };
    }
    return reply;
  } finally {
    // Reached early only by an abort, on which the call ends.
    await replied.catch(() => {});
  }
}

/** How long to wait for the next try; null where there is none. */
function mapWait(error: BatonError, attempt: number, now: number): number | null {
  if (error.code === 'PROTOCOL_VIOLATION') return attempt === 0 ? 0 : null;
  const waitMs = waitsMs[attempt];
  if (waitMs === undefined || !unavailable.includes(error.code)) return null;
  if (!BatonError.is(error, 'RATE_LIMITED')) return waitMs;
  const leftMs = Math.max(0, error.details.retryAt - now);
  return leftMs <= longestLimitMs ? Math.max(leftMs, waitMs) : null;
}

function mapError(error: BatonError): TurnEnding {
  const summary = error.fix === undefined ? error.message : `${error.message} ${error.fix}`;
  const ending = { raw: error.code, summary };
  if (BatonError.is(error, 'RATE_LIMITED')) {
    return { ...ending, unified: 'unavailable', retryAt: error.details.retryAt };
  }
  if (unavailable.includes(error.code) || refused.includes(error.code)) return { ...ending, unified: 'unavailable' };
  if (error.code === 'PROTOCOL_VIOLATION') return { ...ending, unified: 'failed' };
  throw error;
}
