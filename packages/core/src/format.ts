import type { AgentUsage } from './coding-agent.js';

/** Stands where nobody knows. */
const unknown = '–';

/** A length of time as people say it: `41 ms`, `0.9 s`, `38 s`, `3 m 34 s`, `1 h 05 m`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} m`;
}

/** Money: `$0.41`, below a cent `$0.0025`; `–` where nobody knows. */
export function formatMoney(microUsd: number | null): string {
  if (microUsd === null) return unknown;
  const usd = microUsd / 1_000_000;
  return `$${usd > 0 && usd < 0.01 ? usd.toFixed(4) : usd.toFixed(2)}`;
}

/**
 * What something cost: `$0.41`, `≥ $0.41` where a part of it is unknown, `–` where all of it is. A known zero beside
 * what nobody knows is nothing.
 */
export function formatCost({ microUsd, basis }: Pick<AgentUsage, 'microUsd' | 'basis'>): string {
  if (basis !== 'unknown') return formatMoney(microUsd);
  return microUsd === null || microUsd === 0 ? unknown : `≥ ${formatMoney(microUsd)}`;
}

/** What something cost, and who says so: `$0.41 (reported)`, `≥ $0.41`, `–`. */
export function describeCost(usage: Pick<AgentUsage, 'microUsd' | 'basis'>): string {
  return usage.basis === 'unknown' ? formatCost(usage) : `${formatCost(usage)} (${usage.basis})`;
}

/** A count of tokens: `940`, `181k`, `1.3M`; `–` where nobody knows. */
export function formatTokens(tokens: number | null): string {
  if (tokens === null) return unknown;
  if (tokens < 1000) return String(tokens);
  return tokens < 999_500 ? `${Math.round(tokens / 1000)}k` : `${(tokens / 1_000_000).toFixed(1)}M`;
}

/** What models read and wrote: `181k in / 9k out`; `–` where nobody knows either. */
export function formatUsage({ inputTokens, outputTokens }: Pick<AgentUsage, 'inputTokens' | 'outputTokens'>): string {
  if (inputTokens === null && outputTokens === null) return unknown;
  return `${formatTokens(inputTokens)} in / ${formatTokens(outputTokens)} out`;
}

/** A size: `512 bytes`, `40 KiB`, `16 MiB`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let size = bytes / 1024;
  let unit = 0;
  // What rounds to 1024 of one unit is 1 of the next.
  while (size >= 1023.5 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size < 10 ? Math.round(size * 10) / 10 : Math.round(size)} ${units[unit]}`;
}

/** A count with its noun: `1 file`, `3 files`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
