import type { Instant } from '@baton/core';

/** What a provider told of a wait. */
export interface ToldWait {
  /** Of the answer, by name in lower case. Null: it has no such header. */
  header(name: string): string | null;
  /** The provider's own sentence. */
  readonly message: string;
}

/** An instant further off is a mistake: nobody waits for it. */
const furthestMs = 31 * 86_400_000;

/** The words of a provider that can't answer now, and may say when it can. */
const waitingStatuses: ReadonlySet<number> = new Set([429, 503, 529]);

/** Whether a failure of this status may name an instant to come back at. */
export function mayNameInstant(status: number): boolean {
  return waitingStatuses.has(status);
}

/**
 * When a provider asks to be asked again, by the first of these that it says: `retry-after-ms`; the later of
 * `retry-after`, in seconds or as a date (RFC 9110, 10.2.3), and of the end of a plan's window
 * (`anthropic-ratelimit-unified-reset`); the latest of the limits that Anthropic or OpenAI shows as used up; what it
 * says in words, as OpenAI does: "Please try again in 6.2s". Null where it says nothing, or nothing that can be meant.
 */
export function mapRetryAt(failure: ToldWait, now: Instant): Instant | null {
  const told = [
    [addTo(now, mapSeconds(failure.header('retry-after-ms'), 1))],
    ['retry-after', 'anthropic-ratelimit-unified-reset'].map((name) => mapInstant(failure.header(name), now)),
    [...anthropicResets(failure, now), ...openAiResets(failure, now)],
    [addTo(now, mapDuration(waitInWords.exec(failure.message)?.[1] ?? null))],
  ];
  for (const group of told) {
    const instants = group.filter((each) => each !== null);
    if (instants.length === 0) continue;
    const at = Math.max(...instants);
    return at <= now + furthestMs ? Math.max(now, Math.ceil(at)) : null;
  }
  return null;
}

const waitInWords = /(?:try again|retry) (?:in|after) ([\d.]+ ?(?:ms|s|m|h)[\d.hms]*)/i;

/** Of the limits that are used up. */
function anthropicResets({ header }: ToldWait, now: Instant): readonly (Instant | null)[] {
  return ['requests', 'tokens', 'input-tokens', 'output-tokens']
    .filter((kind) => header(`anthropic-ratelimit-${kind}-remaining`) === '0')
    .map((kind) => mapInstant(header(`anthropic-ratelimit-${kind}-reset`), now));
}

/** The same of OpenAI. */
function openAiResets({ header }: ToldWait, now: Instant): readonly (Instant | null)[] {
  return ['requests', 'tokens']
    .filter((kind) => header(`x-ratelimit-remaining-${kind}`) === '0')
    .map((kind) => addTo(now, mapDuration(header(`x-ratelimit-reset-${kind}`))));
}

/** Before it seconds are a wait, and from here on they are counted from 1970. */
const firstInstantSeconds = 1_000_000_000;

/** A wait in seconds, seconds since 1970, or a date. */
function mapInstant(text: string | null, now: Instant): Instant | null {
  const seconds = mapSeconds(text, 1);
  if (seconds !== null) return seconds < firstInstantSeconds ? now + seconds * 1000 : seconds * 1000;
  const at = Date.parse(text ?? '');
  return Number.isFinite(at) ? at : null;
}

function mapSeconds(text: string | null, unit: number): number | null {
  return text !== null && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) * unit : null;
}

function addTo(now: Instant, waitMs: number | null): Instant | null {
  return waitMs === null ? null : now + waitMs;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `1h2m3.5s`, `120ms`, or plain seconds, in milliseconds. */
function mapDuration(text: string | null): number | null {
  if (text === null) return null;
  const plain = mapSeconds(text, 1000);
  if (plain !== null) return plain;
  const compact = text.replaceAll(' ', '').replace(/\.$/, '');
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(compact)) return null;
  return [...compact.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit ?? ''] ?? 0),
    0,
  );
}
