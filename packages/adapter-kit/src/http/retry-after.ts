import type { Instant } from '@baton/core';
import type { Quota } from './gateway.js';

const weekday = /^(?:mon|tue|wed|thu|fri|sat|sun)/i;

/**
 * From when on a host may be asked again, by its header `Retry-After`: seconds or a date (RFC 9110, section 10.2.3).
 * Null where it says nothing that can be meant, the past included. However far off: bound it.
 */
export function parseRetryAfter(header: string | null | undefined, now: Instant): Instant | null {
  const text = header?.trim() ?? '';
  const at = isCount(text) ? now + Number(text) * 1000 : weekday.test(text) ? Date.parse(text) : Number.NaN;
  return at > now ? at : null;
}

/** When a period ends, as hosts say it in `RateLimit-Reset`: in seconds since 1970. Null where that isn't ahead. */
export function parseReset(header: string | null | undefined, now: Instant): Instant | null {
  const text = header?.trim() ?? '';
  const at = isCount(text) ? Number(text) * 1000 : Number.NaN;
  return at > now ? at : null;
}

/** The quota that an answer tells in headers such as `x-ratelimit-limit`, where `prefix` is `x-ratelimit-`. Null: none. */
export function readQuota(headers: Headers, prefix: string): Quota | null {
  const texts = ['limit', 'remaining', 'reset'].map((each) => headers.get(`${prefix}${each}`)?.trim() ?? '');
  const [limit = 0, remaining = 0, reset = 0] = texts.map(Number);
  return texts.every(isCount) && limit > 0 && reset > 0 ? { limit, remaining, resetAt: reset * 1000 } : null;
}

function isCount(text: string): boolean {
  return /^\d{1,12}$/.test(text);
}
