import type { AgentLimits, AgentUsage, ModelPrice } from '@baton/core';
import type { CallUsage } from '../model/model.js';

/** A call to a model, as far as that can be told before. */
export interface BudgetedCall {
  /** Told high: see `estimateTokens`. */
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
  /** The fewest to which its answer may be cut. Default 1. */
  readonly minOutputTokens?: number;
  /** Of its model. Null: nobody says, and a limit in money can't hold it back. */
  readonly price: ModelPrice | null;
  /** What input that is written to the provider's cache costs, as a multiple of other input. Default 1. */
  readonly cacheWriteFactor?: number;
}

/** What a call came to, as it was told. */
export interface SpentCall extends CallUsage {
  /** Input tokens that are charged on top, for writing to a cache. Default: by the call's `cacheWriteFactor`. */
  readonly surchargeTokens?: number;
}

/** Which limit leaves no room for a useful answer. */
export type SpentLimit = 'max tokens' | 'max cost';

/** What a turn has used, and what its limits still allow. What a provider doesn't tell counts as it was reserved: unknown is never none. */
export interface TurnBudget {
  /**
   * Cumulative. What came from a cache is null once an answer didn't tell it; it counts as other input then. The cost
   * is `unknown` once a model without a price was asked.
   */
  readonly usage: AgentUsage;
  /** How many tokens a call may answer with, so that no limit is passed: at most `maxOutputTokens`. Or the limit. */
  allow(call: BudgetedCall): number | SpentLimit;
  /** From here on a call that is under way counts with the most that it may come to, until what this gives back is called. */
  reserve(call: BudgetedCall): () => void;
  /** A call has ended, or broke off after it had begun to answer: with what was told until then. */
  add(usage: SpentCall, call: BudgetedCall): void;
  /** About how many such calls the limits still allow, where all but the newest input comes from a cache. */
  callsLeft(call: BudgetedCall): number;
}

/** An answer of fewer tokens is not worth its input. */
const leastOutputTokens = 1_024;

/** About what a text takes as input, told high: most take a token for three to four bytes. */
export function estimateTokens(bytes: number): number {
  return Math.ceil(bytes / 3);
}

/** The budget of one turn, of which nothing is used. */
export function createTurnBudget({
  maxTokens,
  maxMicroUsd,
}: Pick<AgentLimits, 'maxTokens' | 'maxMicroUsd'>): TurnBudget {
  const used = { input: 0, output: 0, microUsd: 0, isPriced: true };
  const reserved = { tokens: 0, microUsd: 0 };
  let toldCached: number | null = 0;

  return {
    get usage(): AgentUsage {
      const tokens = { inputTokens: used.input, cachedInputTokens: toldCached, outputTokens: used.output };
      if (!used.isPriced) return { ...tokens, microUsd: null, basis: 'unknown' };
      // Parts of a millionth are counted, but not told; sums of floating point numbers are slightly off.
      return { ...tokens, microUsd: Math.max(0, Math.ceil(used.microUsd - 1e-6)), basis: 'computed' };
    },
    allow({ inputTokens, maxOutputTokens, minOutputTokens = 1, price, cacheWriteFactor = 1 }) {
      const least = Math.max(Math.min(leastOutputTokens, maxOutputTokens), minOutputTokens);
      let room = maxOutputTokens;
      if (maxTokens !== null) {
        room = Math.min(room, maxTokens - used.input - used.output - reserved.tokens - inputTokens);
        if (room < least) return 'max tokens';
      }
      if (maxMicroUsd !== null && price !== null) {
        const left = maxMicroUsd - used.microUsd - reserved.microUsd - inputTokens * price.input * cacheWriteFactor;
        if (price.output > 0) room = Math.min(room, Math.floor(left / price.output));
        if (left < 0 || room < least) return 'max cost';
      }
      return room;
    },
    reserve({ inputTokens, maxOutputTokens, price, cacheWriteFactor = 1 }) {
      const tokens = inputTokens + maxOutputTokens;
      const microUsd =
        price === null ? 0 : inputTokens * price.input * cacheWriteFactor + maxOutputTokens * price.output;
      reserved.tokens += tokens;
      reserved.microUsd += microUsd;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        reserved.tokens -= tokens;
        reserved.microUsd -= microUsd;
      };
    },
    add(usage, { inputTokens, maxOutputTokens, price, cacheWriteFactor = 1 }) {
      const input = usage.inputTokens ?? inputTokens;
      const output = usage.outputTokens ?? maxOutputTokens;
      const cached = Math.min(input, usage.cachedInputTokens ?? 0);
      used.input += input;
      used.output += output;
      toldCached = toldCached === null || usage.cachedInputTokens === null ? null : toldCached + cached;
      if (price === null) {
        used.isPriced = false;
        return;
      }
      const written = usage.inputTokens === null ? input : (usage.cacheWriteTokens ?? 0);
      const surcharge = usage.surchargeTokens ?? written * (cacheWriteFactor - 1);
      used.microUsd +=
        (input - cached + surcharge) * price.input +
        cached * (price.cachedInput ?? price.input) +
        output * price.output;
    },
    callsLeft({ inputTokens, price }) {
      const byTokens =
        maxTokens === null ? Number.POSITIVE_INFINITY : (maxTokens - used.input - used.output) / inputTokens;
      const cost = inputTokens * (price?.cachedInput ?? price?.input ?? 0);
      const byMoney =
        maxMicroUsd === null || cost === 0 ? Number.POSITIVE_INFINITY : (maxMicroUsd - used.microUsd) / cost;
      return Math.min(byTokens, byMoney);
    },
  };
}
