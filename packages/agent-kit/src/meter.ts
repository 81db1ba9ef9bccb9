import type { AgentLimits, AgentUsage, ModelPrice } from '@baton/core';
import type { CallUsage } from './model.js';

/** What a call may use at most, as far as that can be told before. */
interface CallEstimate {
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
}

/** Counts what a turn uses: what the provider says for telling, and at least that for the limits. */
export interface Meter {
  /** Cumulative. Tokens are null once a reply came without them; money is then counted by the estimate. */
  readonly usage: AgentUsage;
  add(usage: CallUsage, estimate: CallEstimate): void;
  /** A call that broke off after it had begun to answer. Nobody says what it cost: it counts for limits and money. */
  addCut(estimate: CallEstimate): void;
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
  let told: Pick<AgentUsage, 'inputTokens' | 'cachedInputTokens' | 'outputTokens'> = {
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
  };
  /** At least what was used. */
  let tokens = 0;
  let microUsd = 0;

  const count = (input: number, cached: number, written: number, output: number): void => {
    tokens += input + output;
    if (price === null) return;
    const other = Math.max(0, input - cached - written);
    microUsd +=
      other * price.input +
      written * price.input * cacheWriteFactor +
      cached * (price.cachedInput ?? price.input) +
      output * price.output;
  };

  return {
    get usage(): AgentUsage {
      return price === null
        ? { ...told, microUsd: null, basis: 'unknown' }
        : { ...told, microUsd: Math.ceil(microUsd), basis: 'computed' };
    },
    add(usage, estimate) {
      told = {
        inputTokens: sum(told.inputTokens, usage.inputTokens),
        cachedInputTokens: sum(told.cachedInputTokens, usage.cachedInputTokens),
        outputTokens: sum(told.outputTokens, usage.outputTokens),
      };
      const input = usage.inputTokens ?? estimate.inputTokens;
      const written = usage.inputTokens === null ? input : (usage.cacheWriteTokens ?? 0);
      count(input, usage.cachedInputTokens ?? 0, written, usage.outputTokens ?? estimate.maxOutputTokens);
    },
    addCut: ({ inputTokens, maxOutputTokens }) => count(inputTokens, 0, inputTokens, maxOutputTokens),
    allow({ maxTokens, maxMicroUsd }, { inputTokens, maxOutputTokens }) {
      const least = Math.min(leastOutputTokens, maxOutputTokens);
      const byTokens = maxTokens === null ? maxOutputTokens : maxTokens - tokens - inputTokens;
      if (byTokens < least) return 'max tokens';
      let byMoney = maxOutputTokens;
      if (price !== null && maxMicroUsd !== null) {
        const left = maxMicroUsd - Math.ceil(microUsd) - inputTokens * price.input * cacheWriteFactor;
        if (left < 0) return 'max cost';
        if (price.output > 0) byMoney = Math.floor(left / price.output);
      }
      if (byMoney < least) return 'max cost';
      return Math.min(maxOutputTokens, byTokens, byMoney);
    },
    callsLeft({ maxTokens, maxMicroUsd }, inputTokens) {
      const byTokens = maxTokens === null ? Number.POSITIVE_INFINITY : (maxTokens - tokens) / inputTokens;
      // All but the newest input comes from the cache, where there is one.
      const cost = inputTokens * (price?.cachedInput ?? price?.input ?? 0);
      const byMoney = maxMicroUsd === null || cost === 0 ? Number.POSITIVE_INFINITY : (maxMicroUsd - microUsd) / cost;
      return Math.min(byTokens, byMoney);
    },
  };
}

function sum(total: number | null, value: number | null): number | null {
  return total === null || value === null ? null : total + value;
}
