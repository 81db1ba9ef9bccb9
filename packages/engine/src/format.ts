import type { AgentUsage } from '@baton/core';
import { knownCost } from './agent-usage.js';

/** A duration as people say it: `0.2 s`, `38 s`, `3 m 36 s`, `2 h 5 m`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

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

/** Room on a disk: `512 MiB`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  if (mebibytes < 1024) return `${Math.round(mebibytes)} MiB`;
  return `${Math.round((mebibytes / 1024) * 10) / 10} GiB`;
}

/** The first seven digits, as people quote commits. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/** `1 file`, `3 files`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
