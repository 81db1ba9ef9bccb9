import type { AgentUsage } from '@baton/core';
import { knownCost } from '../job/agent-usage.js';

/**
 * What it cost and who says so: `$0.41 (reported)`, `$0.0025 (computed)` below ten cents, `at least $0.41` where
 * nobody knows the rest; a dash where nobody knows anything.
 */
export function formatCost(usage: AgentUsage): string {
  const known = knownCost(usage);
  if (known === null) return '—';
  const usd = known / 1_000_000;
  const amount = `$${usd.toFixed(usd > 0 && usd < 0.1 ? 4 : 2)}`;
  return usage.basis === 'unknown' ? `at least ${amount}` : `${amount} (${usage.basis})`;
}

/** Tokens: `181k in / 9k out`; a dash where nobody knows. */
export function formatTokens(usage: AgentUsage): string {
  const short = (count: number | null): string =>
    count === null ? '—' : count < 10_000 ? `${count}` : `${Math.round(count / 1000)}k`;
  if (usage.inputTokens === null && usage.outputTokens === null) return '—';
  return `${short(usage.inputTokens)} in / ${short(usage.outputTokens)} out`;
}
