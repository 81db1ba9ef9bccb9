import type { AgentLimits, AgentUsage, ModelPrice } from '@baton/core';
import type { CallUsage } from '../model/model.js';

/** What a call may use at most, as far as that can be told before. */
interface CallEstimate {
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
}

/** Counts what a turn uses. What a provider doesn't tell counts as it was reserved: unknown is never none. */
export interface Meter {
  /** Cumulative. What came from a cache is null once a reply didn't tell it; it counts as other input then. */
  readonly usage: AgentUsage;
  /** Also of a call that broke off after it had begun to answer: with what was told until then. */
  add(usage: CallUsage, estimate: CallEstimate): void;
  /**
   * How many tokens the next call may answer with, so that no limit is passed: at most `maxOutputTokens`. Or
   * the limit that leaves no room for a useful answer.
   */
  allow(limits: AgentLimits, next: CallEstimate): number | 'max tokens' | 'max cost';
  /** About how many calls with so much input the limits still allow. */
  callsLeft(limits: AgentLimits, inputTokens: number): number;
}

/** An answer of fewer tokens is not worth its input. */
const leastOutputTokens = 2_000;

/** About what a text takes as input, told high: most take a token for three to four bytes. */
export function estimateTokens(bytes: number): number {
  return Math.ceil(bytes / 3);
}

/** A meter at zero. `cacheWriteFactor`: what input that is written to a cache costs, as a multiple of other input. */
export function createMeter(price: ModelPrice | null, cacheWriteFactor: number): Meter {
  const used = { input: 0, output: 0, microUsd: 0 };
  let toldCached: number | null = 0;

  return {
    get usage(): AgentUsage {
      const tokens = { inputTokens: used.input, cachedInputTokens: toldCached, outputTokens: used.output };
      return price === null
        ? { ...tokens, microUsd: null, basis: 'unknown' }
        : { ...tokens, microUsd: Math.ceil(used.microUsd), basis: 'computed' };
    },
    add(usage, estimate) {
      const input = usage.inputTokens ?? estimate.inputTokens;
      const cached = Math.min(input, usage.cachedInputTokens ?? 0);
      const written = usage.inputTokens === null ? input : (usage.cacheWriteTokens ?? 0);
      const output = usage.outputTokens ?? estimate.maxOutputTokens;
      used.input += input;
      toldCached = toldCached === null || usage.cachedInputTokens === null ? null : toldCached + cached;
      used.output += output;
      if (price === null) return;
      const other = Math.max(0, input - cached - written);
      used.microUsd +=
        other * price.input +
        written * price.input * cacheWriteFactor +
        cached * (price.cachedInput ?? price.input) +
        output * price.output;
    },
    allow({ maxTokens, maxMicroUsd }, { inputTokens, maxOutputTokens }) {
      const least = Math.min(leastOutputTokens, maxOutputTokens);
      const byTokens = maxTokens === null ? maxOutputTokens : maxTokens - used.input - used.output - inputTokens;
      if (byTokens < least) return 'max tokens';
      let byMoney = maxOutputTokens;
      if (price !== null && maxMicroUsd !== null) {
        const left = maxMicroUsd - Math.ceil(used.microUsd) - inputTokens * price.input * cacheWriteFactor;
        if (left < 0) return 'max cost';
        if (price.output > 0) byMoney = Math.floor(left / price.output);
      }
      if (byMoney < least) return 'max cost';
      return Math.min(maxOutputTokens, byTokens, byMoney);
    },
    callsLeft({ maxTokens, maxMicroUsd }, inputTokens) {
      const byTokens =
        maxTokens === null ? Number.POSITIVE_INFINITY : (maxTokens - used.input - used.output) / inputTokens;
      // All but the newest input comes from the cache, where there is one.
      const cost = inputTokens * (price?.cachedInput ?? price?.input ?? 0);
      const byMoney =
        maxMicroUsd === null || cost === 0 ? Number.POSITIVE_INFINITY : (maxMicroUsd - used.microUsd) / cost;
      return Math.min(byTokens, byMoney);
    },
  };
}
