import type { AgentUsage } from '@baton/core';

/** The sum of two usages, or with `sign` -1 the difference. What is unknown in both stays unknown. */
export function addUsage(left: AgentUsage, right: AgentUsage, sign: 1 | -1 = 1): AgentUsage {
  const add = (a: number | null, b: number | null): number | null =>
    b === null ? a : a === null && sign === 1 ? b : Math.max(0, (a ?? 0) + sign * b);
  return {
    inputTokens: add(left.inputTokens, right.inputTokens),
    cachedInputTokens: add(left.cachedInputTokens, right.cachedInputTokens),
    outputTokens: add(left.outputTokens, right.outputTokens),
    microUsd: add(left.microUsd, right.microUsd),
    basis: right.basis === 'unknown' ? left.basis : right.basis,
  };
}
