import { BatonError, type Instant } from '@baton/core';

/** An answer of the provider that is a failure. */
export interface FailedAnswer {
  readonly status: number;
  header(name: string): string | null;
  /** What was wrong, in the provider's words, without secrets. */
  readonly message: string;
}

const furthestMs = 31 * 24 * 3_600_000;

const fixes = {
  key: 'Check the key and the base address of the model.',
  model: 'Check the name of the model, and whether the key may use it.',
} as const;

/** What a failed answer means. `now` is where waiting times count from. */
export function mapAnswerError(answer: FailedAnswer, adapter: string, now: Instant): BatonError {
  const { status } = answer;
  const said = answer.message === '' ? '' : `: ${clip(answer.message)}`;
  if (status === 401) {
    const message = `The model's provider refused the key${said}`;
    return new BatonError('AUTH_FAILED', message, { details: { status }, adapter, fix: fixes.key });
  }
  if (status === 403) {
    const message = `The key may not use this model${said}`;
    return new BatonError('PERMISSION_DENIED', message, { details: { resource: 'model' }, adapter, fix: fixes.model });
  }
  if (status === 404) {
    const message = `The model's provider has no such model or address${said}`;
    return new BatonError('NOT_FOUND', message, { details: { resource: 'model' }, adapter, fix: fixes.model });
  }
  const retryAt = status === 429 || status === 503 || status === 529 ? mapRetryAt(answer, now) : null;
  if (retryAt !== null) {
    const message = `The model's provider asks to wait until ${new Date(retryAt).toISOString()} (${status})${said}`;
    return new BatonError('RATE_LIMITED', message, { details: { retryAt }, adapter });
  }
  // A spent balance is no fault of the request: Anthropic tells it by 400, others by 402. What a provider calls wrong it
  // quotes, and an agent could have every other job of the key wait: its own sentence is known by its beginning.
  if (
    status === 402 ||
    status === 408 ||
    status === 429 ||
    status >= 500 ||
    (status === 400 && /^your credit balance\b/i.test(answer.message))
  ) {
    const message = `The model's provider can't answer now (${status})${said}`;
    return new BatonError('UNAVAILABLE', message, { details: { status }, adapter });
  }
  if (status >= 300 && status < 400) {
    const message = `The model's address leads elsewhere (${status}), and redirects aren't followed`;
    return new BatonError('PROTOCOL_VIOLATION', message, {
      details: { received: String(status) },
      adapter,
      fix: 'Set the base address to where the model really answers.',
    });
  }
  const message = `The model's provider called the request wrong (${status})${said}`;
  return new BatonError('PROTOCOL_VIOLATION', message, { details: { received: clip(answer.message) }, adapter });
}

/** A failure that came inside an answer which had begun well. */
export function mapStreamError(
  failure: { readonly type: string; readonly message: string },
  adapter: string,
): BatonError {
  const message = `The model's answer broke off (${failure.type}): ${clip(failure.message)}`;
  if (/^(invalid|bad)_?request|context_length/.test(failure.type)) {
    return new BatonError('PROTOCOL_VIOLATION', message, { details: { received: failure.type }, adapter });
  }
  return new BatonError('UNAVAILABLE', message, { details: {}, adapter });
}

/** A failure on the way. The words of system errors hold addresses, but no secret. */
export function mapNetworkError(error: unknown, adapter: string): BatonError {
  const why = error instanceof Error ? ('code' in error ? String(error.code) : error.message) : 'it was cut';
  return new BatonError('UNAVAILABLE', `The connection to the model failed: ${why}.`, {
    details: {},
    adapter,
    cause: error,
  });
}

/**
 * When to come back: `retry-after` in seconds or as a date (RFC 9110, 10.2.3), `retry-after-ms`, or the latest of
 * the limits that are used up by `anthropic-ratelimit-*-reset` (RFC 3339) and `anthropic-ratelimit-unified-reset` (epoch seconds).
 */
function mapRetryAt(answer: FailedAnswer, now: Instant): Instant | null {
  const milliseconds = Number(answer.header('retry-after-ms') ?? Number.NaN);
  if (milliseconds >= 0) return bound(now + milliseconds, now);
  const after = answer.header('retry-after');
  const unified = Number(answer.header('anthropic-ratelimit-unified-reset') ?? Number.NaN) * 1000;
  const told =
    after === null ? Number.NaN : /^\d+(\.\d+)?$/.test(after) ? now + Number(after) * 1000 : Date.parse(after);
  const instants = [told, unified].filter(Number.isFinite);
  if (instants.length > 0) return bound(Math.max(...instants), now);
  const resets = ['requests', 'tokens', 'input-tokens', 'output-tokens']
    .filter((kind) => answer.header(`anthropic-ratelimit-${kind}-remaining`) === '0')
    .map((kind) => Date.parse(answer.header(`anthropic-ratelimit-${kind}-reset`) ?? ''))
    .filter(Number.isFinite);
  return resets.length > 0 ? bound(Math.max(...resets), now) : null;
}

/** An instant further off is a mistake: nobody waits for it. */
function bound(at: Instant, now: Instant): Instant | null {
  return at > now + furthestMs ? null : Math.max(Math.ceil(at), now);
}

function clip(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500).toWellFormed()}…` : text;
}
