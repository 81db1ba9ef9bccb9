import type { AgentLimits, AgentUsage, Clock, ModelPrice } from '@baton/core';
import type { CallKind, CallRequest, Reading } from '../wire/protocol.js';

/** Which limit a call would have passed. */
export type PassedLimit = 'max steps' | 'max tokens' | 'max cost' | 'deadline';

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
export interface TurnBudget {
  readonly usage: AgentUsage;
  readonly passed: PassedLimit | null;
  admit(call: MeteredCall): AdmittedCall | PassedLimit;
}

/** What a meter is made of. */
export interface TurnBudgetOptions {
  readonly limits: AgentLimits;
  readonly clock: Clock;
  price(model: string): ModelPrice | null;
  readonly listener: TurnListener;
}

/** Where nobody said how much a text comes to. Models take three to four characters for a token of English or code. */
const charactersPerToken = 3;
/** What an answer may come to where the request doesn't say. */
const assumedOutputTokens = 128_000;
/** A call that could be answered by no more than this isn't worth making. */
const usefulOutputTokens = 1_024;

/** A meter for one turn. Calls under way count with the most that they may come to. */
export function createTurnBudget({ limits, clock, price, listener }: TurnBudgetOptions): TurnBudget {
  const used = { input: 0, cached: 0, output: 0, microUsd: 0, unpriced: false };
  const reserved = { tokens: 0, microUsd: 0 };
  let calls = 0;
  let passed: PassedLimit | null = null;

  const usage = (): AgentUsage => ({
    inputTokens: used.input,
    cachedInputTokens: used.cached,
    outputTokens: used.output,
    // Halves of a millionth are counted, but not told; sums of floating point numbers are slightly off.
    microUsd: used.unpriced ? null : Math.max(0, Math.ceil(used.microUsd - 1e-6)),
    basis: used.unpriced ? 'unknown' : 'computed',
  });

  const refuse = (limit: PassedLimit): PassedLimit => {
    if (passed === null) {
      passed = limit;
      listener.onPassed?.(limit);
    }
    return limit;
  };

  /** How long an answer the limits still allow, or the limit that allows no useful one. */
  const fit = (input: number, wanted: number, least: number, cost: ModelPrice | null): number | PassedLimit => {
    const floor = Math.max(Math.min(wanted, usefulOutputTokens), least);
    let room = wanted;
    if (limits.maxTokens !== null) {
      room = Math.min(room, limits.maxTokens - used.input - used.output - reserved.tokens - input);
      if (room < floor) return 'max tokens';
    }
    if (limits.maxMicroUsd !== null && cost !== null) {
      const left = limits.maxMicroUsd - used.microUsd - reserved.microUsd - input * cost.input;
      if (cost.output > 0) room = Math.min(room, Math.floor(left / cost.output));
      if (left < 0 || room < floor) return 'max cost';
    }
    return room;
  };

  const reserve = (input: number, output: number, cost: ModelPrice | null, wanted: number): AdmittedCall => {
    const held = { tokens: input + output, microUsd: cost === null ? 0 : input * cost.input + output * cost.output };
    reserved.tokens += held.tokens;
    reserved.microUsd += held.microUsd;
    let open = true;
    return {
      outputCap: output < wanted ? output : null,
      settle(reading) {
        if (!open) return;
        open = false;
        reserved.tokens -= held.tokens;
        reserved.microUsd -= held.microUsd;
        if (reading === null) return;
        const read = reading.inputTokens ?? input;
        const told = reading.outputTokens;
        const written = reading.complete && told !== null ? told : Math.max(told ?? 0, output);
        const cached = Math.min(read, reading.cachedInputTokens ?? 0);
        used.input += read;
        used.cached += cached;
        used.output += written;
        if (cost === null) used.unpriced = true;
        else {
          const fresh = read - cached + reading.surchargeTokens;
          used.microUsd += fresh * cost.input + cached * (cost.cachedInput ?? cost.input) + written * cost.output;
        }
        listener.onUsage?.(usage());
      },
    };
  };

  return {
    get usage() {
      return usage();
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
      const cost = price(call.model);
      const input = Math.ceil(call.bytes / charactersPerToken);
      const wanted = call.maxOutputTokens ?? assumedOutputTokens;
      const output = fit(input, wanted, call.minOutputTokens, cost);
      if (typeof output === 'string') return refuse(output);
      calls++;
      return reserve(input, output, cost, wanted);
    },
  };
}
