import type { Instant } from '@baton/core';

/** Nobody is asked to wait longer in earnest. */
const longestWaitMs = 31 * 86_400_000;

/**
 * When a server asks to be asked again: `retry-after-ms`, `retry-after` in seconds or as a date (RFC 9110, 10.2.3),
 * the longest of the limits that `x-ratelimit-remaining-*` shows as used up, or else what it says in words, as OpenAI
 * does: "Please try again in 6.2s". Null where it says nothing, or nothing that can be meant.
 */
export function mapRetryAt(headers: Headers, message: string, now: Instant): Instant | null {
  const told = [
    () => mapNumber(headers.get('retry-after-ms')),
    () => mapRetryAfter(headers.get('retry-after'), now),
    () => mapResets(headers),
    () => mapDuration(/(?:try again|retry) (?:in|after) ([\d.]+ ?(?:ms|s|m|h)[\d.hms]*)/i.exec(message)?.[1] ?? null),
  ];
  for (const each of told) {
    const waitMs = each();
    if (waitMs !== null) return waitMs <= longestWaitMs ? now + Math.max(0, Math.ceil(waitMs)) : null;
  }
  return null;
}

function mapNumber(text: string | null): number | null {
  return text !== null && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null;
}

function mapRetryAfter(text: string | null, now: Instant): number | null {
  const seconds = mapNumber(text);
  if (seconds !== null) return seconds * 1000;
  const at = Date.parse(text ?? '');
  return Number.isFinite(at) ? at - now : null;
}

/** Of the limits that are used up, the one that is free again last. */
function mapResets(headers: Headers): number | null {
  const waits = ['requests', 'tokens']
    .filter((kind) => headers.get(`x-ratelimit-remaining-${kind}`) === '0')
    .map((kind) => mapDuration(headers.get(`x-ratelimit-reset-${kind}`)))
    .filter((each) => each !== null);
  return waits.length === 0 ? null : Math.max(...waits);
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `1h2m3.5s`, `120ms`, or plain seconds, in milliseconds. */
function mapDuration(text: string | null): number | null {
  if (text === null) return null;
  const plain = mapNumber(text);
  if (plain !== null) return plain * 1000;
  const compact = text.replaceAll(' ', '').replace(/\.$/, '');
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(compact)) return null;
  return [...compact.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit ?? ''] ?? 0),
    0,
  );
}
