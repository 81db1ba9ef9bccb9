import { type BudgetedCall, createTurnBudget, estimateTokens, type SpentLimit } from '@baton/agent-kit';
import type { AgentLimits, AgentUsage, Clock, ModelPrice } from '@baton/core';
import type { CallKind, CallRequest, Reading } from '../wire/protocol.js';

/** Which limit a call would have passed. */
export type PassedLimit = SpentLimit | 'max steps' | 'deadline';

/** Who wants to hear of a turn at once. */
export interface TurnListener {
  /** After each call to the model, cumulative. */
  onUsage?(usage: AgentUsage): void;
  /** At the first call that is refused for a limit. */
  onPassed?(limit: PassedLimit): void;
}

/** A call to be made. */
export interface MeteredCall extends CallRequest {
  readonly kind: CallKind;
  /** How long the request is. */
  readonly bytes: number;
}

/** A call that may be made. Settled once, whatever becomes of it. */
export interface AdmittedCall {
  /** What its answer has to be cut to. Null: the request may stand as it is. */
  readonly outputCap: number | null;
  /**
   * What it came to. What an answer didn't tell, or hadn't told when it ended, is charged as it was reserved: unknown
   * is never none. Null: it was never made, or the provider refused it, and nothing is charged.
   */
  settle(reading: Reading | null): void;
}

/** Counts what a turn uses, and says no before a limit is passed. */
export interface CallMeter {
  readonly usage: AgentUsage;
  readonly passed: PassedLimit | null;
  admit(call: MeteredCall): AdmittedCall | PassedLimit;
}

/** What a meter is made of. */
export interface CallMeterOptions {
  readonly limits: AgentLimits;
  readonly clock: Clock;
  price(model: string): ModelPrice | null;
  readonly listener: TurnListener;
}

/** What an answer may come to where the request doesn't say. */
const assumedOutputTokens = 128_000;

/** A meter for one turn. Calls under way count with the most that they may come to. */
export function createCallMeter({ limits, clock, price, listener }: CallMeterOptions): CallMeter {
  const budget = createTurnBudget(limits);
  let calls = 0;
  let passed: PassedLimit | null = null;

  const refuse = (limit: PassedLimit): PassedLimit => {
    if (passed === null) {
      passed = limit;
      listener.onPassed?.(limit);
    }
    return limit;
  };

  const reserve = (call: BudgetedCall, wanted: number): AdmittedCall => {
    const giveBack = budget.reserve(call);
    let isOpen = true;
    return {
      outputCap: call.maxOutputTokens < wanted ? call.maxOutputTokens : null,
      settle(reading) {
        if (!isOpen) return;
        isOpen = false;
        giveBack();
        if (reading === null) return;
        const told = reading.outputTokens;
        const outputTokens = reading.complete && told !== null ? told : Math.max(told ?? 0, call.maxOutputTokens);
        const { inputTokens, cachedInputTokens, surchargeTokens } = reading;
        budget.add({ inputTokens, cachedInputTokens, outputTokens, surchargeTokens }, call);
        listener.onUsage?.(budget.usage);
      },
    };
  };

  return {
    get usage() {
      return budget.usage;
    },
    get passed() {
      return passed;
    },
    admit(call) {
      if (limits.deadline !== null && clock.now() >= limits.deadline) return refuse('deadline');
      if (limits.maxSteps !== null && calls >= limits.maxSteps) return refuse('max steps');
      if (call.kind === 'count') {
        calls++;
        return { outputCap: null, settle: () => {} };
      }
      const wanted = call.maxOutputTokens ?? assumedOutputTokens;
      const asked = {
        inputTokens: estimateTokens(call.bytes),
        maxOutputTokens: wanted,
        minOutputTokens: call.minOutputTokens,
        price: price(call.model),
      };
      const output = budget.allow(asked);
      if (typeof output === 'string') return refuse(output);
      calls++;
      return reserve({ ...asked, maxOutputTokens: output }, wanted);
    },
  };
}
