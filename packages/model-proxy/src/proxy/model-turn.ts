import type { AgentLimits, AgentUsage, BatonError, Clock, ModelPrice, RefusedRequest } from '@baton/core';
import { type CallMeter, createCallMeter, type PassedLimit, type TurnListener } from './call-meter.js';
import { createRefusalLog, type RefusalLog } from './refusal-log.js';

/** What the proxy saw of one turn. Read it while the turn goes on, or after it. */
export interface ModelTurn {
  /** Cumulative over the turn, of calls that have ended. `computed` where every model has a price, else the cost is unknown. */
  readonly usage: AgentUsage;
  /** The limit for which a call was refused first. */
  readonly passed: PassedLimit | null;
  /** Why the last call failed. Null where it went well, or none was made. `RATE_LIMITED` holds the instant to come back at. */
  readonly failure: BatonError | null;
  /** Why the model stopped in the last answer, in the provider's word: `end_turn`, `refusal`, `content_filter`. */
  readonly stop: string | null;
  /** What was not let through, whatever its limits, by name. Bounded: from the 21st name on they count as `others`. */
  readonly refused: readonly RefusedRequest[];
  /** No call is let through any more; those under way are cut. */
  end(): void;
}

/** What the turn is for those who serve its calls. */
export interface TurnRecord {
  readonly meter: CallMeter;
  readonly signal: AbortSignal;
  readonly refusals: RefusalLog;
  failure: BatonError | null;
  stop: string | null;
}

/** A turn and its record. */
export function createModelTurn(options: {
  readonly limits: AgentLimits;
  readonly clock: Clock;
  price(model: string): ModelPrice | null;
  readonly listener: TurnListener;
}): { readonly turn: ModelTurn; readonly record: TurnRecord } {
  const ended = new AbortController();
  const meter = createCallMeter(options);
  const record: TurnRecord = { meter, signal: ended.signal, refusals: createRefusalLog(), failure: null, stop: null };
  const turn: ModelTurn = {
    get usage() {
      return meter.usage;
    },
    get passed() {
      return meter.passed;
    },
    get failure() {
      return record.failure;
    },
    get stop() {
      return record.stop;
    },
    get refused() {
      return record.refusals.list();
    },
    end: () => ended.abort(),
  };
  return { turn, record };
}
