import { BatonError, type Instant } from '@baton/core';
import { mapFailureStatus } from '../wire/failure-status.js';
import { mapRetryAt, mayNameInstant, type ToldFailure } from '../wire/retry-at.js';

/** An answer of the provider that is a failure, without secrets. */
export interface FailedAnswer extends ToldFailure {
  readonly status: number;
}

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
  const retryAt = mayNameInstant(status) ? mapRetryAt(answer, now) : null;
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

/** A failure that came inside an answer which had begun well. `now` is where waiting times count from. */
export function mapStreamError(
  failure: { readonly type: string; readonly message: string },
  adapter: string,
  now: Instant,
): BatonError {
  const message = `The model's answer broke off (${failure.type}): ${clip(failure.message)}`;
  if (/^(invalid|bad)_?request|context_length/.test(failure.type)) {
    return new BatonError('PROTOCOL_VIOLATION', message, { details: { received: failure.type }, adapter });
  }
  const status = mapFailureStatus(failure.type);
  const told = { header: () => null, message: failure.message };
  const retryAt = status !== null && mayNameInstant(status) ? mapRetryAt(told, now) : null;
  return retryAt === null
    ? new BatonError('UNAVAILABLE', message, { details: {}, adapter })
    : new BatonError('RATE_LIMITED', message, { details: { retryAt }, adapter });
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

function clip(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500).toWellFormed()}…` : text;
}
