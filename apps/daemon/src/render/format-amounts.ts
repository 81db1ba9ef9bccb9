import type { JobView } from '@baton/engine';

/** `41 ms`, `0.9 s`, `38 s`, `3 m 34 s`, `1 h 05 m`. */
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

/** `$0.41`; a dash where nobody knows. */
export function formatMoney(microUsd: number | null): string {
  if (microUsd === null) return '–';
  const usd = microUsd / 1_000_000;
  return `$${usd > 0 && usd < 0.01 ? usd.toFixed(4) : usd.toFixed(2)}`;
}

/** `$0.41`, or `≥ $0.41` where nobody knows the rest; a dash where nobody knows anything. */
export function formatCost({ microUsd, basis }: JobView['cost']): string {
  return basis === 'unknown' && microUsd !== null ? `≥ ${formatMoney(microUsd)}` : formatMoney(microUsd);
}

/** `940`, `181k`, `1.2M`; a dash where nobody knows. */
export function formatTokens(tokens: number | null): string {
  if (tokens === null) return '–';
  if (tokens < 1000) return String(tokens);
  return tokens < 1_000_000 ? `${Math.round(tokens / 1000)}k` : `${(tokens / 1_000_000).toFixed(1)}M`;
}

/** `10:02:11`, in the machine's time zone. */
export function formatTime(at: number): string {
  // Not by `toLocaleTimeString`: the first use of a locale takes longer than most verbs.
  return new Date(at).toTimeString().slice(0, 8);
}

/** `12:59`, or `2026-11-30 12:59` on another day, in the machine's time zone: the first whole minute that isn't before it. */
export function formatInstant(at: number, now: number): string {
  const minute = new Date(Math.ceil(at / 60_000) * 60_000);
  const time = minute.toTimeString().slice(0, 5);
  if (minute.toDateString() === new Date(now).toDateString()) return time;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minute.getFullYear()}-${two(minute.getMonth() + 1)}-${two(minute.getDate())} ${time}`;
}

/** `12 s ago`, `3 h ago`. */
export function formatAge(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ago`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86_400)} d ago`;
}
