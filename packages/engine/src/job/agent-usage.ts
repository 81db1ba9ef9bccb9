import type { AgentUsage } from '@baton/core';

type Basis = AgentUsage['basis'];

/**
 * The sum of two usages, or with `sign` -1 the difference. What is unknown in both stays unknown; what is known of
 * one is kept, since limits count by it.
 */
export function addUsage(left: AgentUsage, right: AgentUsage, sign: 1 | -1 = 1): AgentUsage {
  const add = (a: number | null, b: number | null): number | null =>
    b === null ? a : a === null && sign === 1 ? b : Math.max(0, (a ?? 0) + sign * b);
  return {
    inputTokens: add(left.inputTokens, right.inputTokens),
    cachedInputTokens: add(left.cachedInputTokens, right.cachedInputTokens),
    outputTokens: add(left.outputTokens, right.outputTokens),
    microUsd: add(left.microUsd, right.microUsd),
    basis: sign === 1 ? joinBasis(left.basis, right.basis) : left.basis,
  };
}

/** Who says what a whole cost, by its parts: nobody, where nobody does of one of them. Null: there is no part yet. */
export function joinBasis(left: Basis | null, right: Basis): Basis {
  return left === 'unknown' ? left : right;
}

/** What of a cost is known; null where that is nothing. A known zero beside what nobody knows is nothing. */
export function knownCost({ microUsd, basis }: Pick<AgentUsage, 'microUsd' | 'basis'>): number | null {
  return basis === 'unknown' && microUsd === 0 ? null : microUsd;
}

/** Whether two usages say the same. */
export function isSameUsage(left: AgentUsage, right: AgentUsage): boolean {
  const tell = ({ inputTokens, cachedInputTokens, outputTokens, microUsd, basis }: AgentUsage): string =>
    JSON.stringify([inputTokens, cachedInputTokens, outputTokens, microUsd, basis]);
  return tell(left) === tell(right);
}
