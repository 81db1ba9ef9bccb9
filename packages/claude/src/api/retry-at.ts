import type { Instant } from '@baton/core';

const limits = ['requests', 'tokens', 'input-tokens', 'output-tokens', 'unified'] as const;
/** An instant further off is a mistake: nobody waits for it. */
const furthestMs = 31 * 24 * 3_600_000;

/** When an answer asks to come back, by `retry-after` or by the limit that is used up; null where it doesn't say. */
export function mapRetryAt(headers: Headers, now: Instant): Instant | null {
  const after = readAfter(headers.get('retry-after'), now);
  if (after !== null) return after;
  const resets = limits.map((limit) => ({
    isUsedUp: headers.get(`anthropic-ratelimit-${limit}-remaining`) === '0',
    at: readInstant(headers.get(`anthropic-ratelimit-${limit}-reset`), now),
  }));
  const usedUp = resets.filter((reset) => reset.isUsedUp);
  const instants = (usedUp.length > 0 ? usedUp : resets).flatMap(({ at }) => (at === null ? [] : [at]));
  return instants.length === 0 ? null : Math.max(...instants);
}

/** Seconds or a date: RFC 9110, section 10.2.3. */
function readAfter(value: string | null, now: Instant): Instant | null {
  if (value !== null && /^\d+(\.\d+)?$/.test(value.trim())) return bound(now + Math.ceil(Number(value) * 1_000), now);
  return readInstant(value, now);
}

/** A date, or seconds since 1970. */
function readInstant(value: string | null, now: Instant): Instant | null {
  if (value === null) return null;
  return bound(/^\d+$/.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value), now);
}

function bound(at: number, now: Instant): Instant | null {
  return Number.isNaN(at) || at > now + furthestMs ? null : Math.max(at, now);
}
