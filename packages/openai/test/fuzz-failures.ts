import { fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import { BatonError, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { createStreamFailure, mapFailure } from '../src/api/map-error.js';

const key = 'sk-CANARY';
const said = mutatedJson([
  { error: { message: `Incorrect API key provided: ${key}`, type: 'invalid_request_error', code: 'invalid_api_key' } },
  { error: { message: 'You exceeded your quota', type: 'insufficient_quota', code: 'insufficient_quota' } },
  { error: { message: 'The model `m` does not exist', code: 'model_not_found' } },
  { error: { message: "This model's maximum context length is 8192 tokens", code: 'context_length_exceeded' } },
  {
    error: {
      message: 'Rate limit reached. Please try again in 6.2s. Visit',
      type: 'tokens',
      code: 'rate_limit_exceeded',
    },
  },
  { error: { message: 'try again in 1h2m3.5s', code: 503 } },
  { error: { message: 'Provider returned error', code: 502, metadata: { raw: 'upstream is away' } } },
  { error: { code: 'content_filter', message: 'The response was filtered' } },
  [{ error: { code: 400, message: 'API key not valid', status: 'INVALID_ARGUMENT' } }],
  { object: 'error', message: 'internal', type: 'InternalServerError', code: 500, metadata: { raw: { why: 1 } } },
  { detail: 'Not found' },
  { error: 'overloaded' },
  { code: 'permission_denied', message: `x${'long '.repeat(150)}` },
]);

const now = 1_800_000_000_000;
const wait = fc.oneof(
  fc.nat(99).map((each) => `${each}`),
  fc.constantFrom('0', '1.5', '-1', '', 'soon', '120ms', '6m0s', '1h2m3.5s', '9'.repeat(400), '90d', '2 s'),
  fc.constantFrom('Fri, 15 Jan 2027 09:00:00 GMT', 'Fri, 15 Jan 2038 09:00:00 GMT'),
  fc.string({ unit: fc.constantFrom(...'0123456789.hms ') }),
);
const header = fc.oneof(
  fc.tuple(fc.constantFrom('retry-after', 'retry-after-ms'), wait).map((each) => [each]),
  fc
    .tuple(fc.constantFrom('requests', 'tokens'), fc.constantFrom('0', '0', '1', null), fc.option(wait))
    .map(([kind, remaining, reset]): [string, string][] => [
      ...(remaining === null ? [] : [[`x-ratelimit-remaining-${kind}`, remaining] satisfies [string, string]]),
      ...(reset === null ? [] : [[`x-ratelimit-reset-${kind}`, reset] satisfies [string, string]]),
    ]),
);
const status = fc.constantFrom(429, 429, 429, 503, 302, 400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 503);
const failure = fc.record({
  said,
  status: fc.option(status),
  headers: fc.array(header, { maxLength: 2 }).map((each) => each.flat()),
  how: fc.constantFrom('outside', 'outside', 'inside', 'page', 'network', 'deep', 'json', 'ours', 'value'),
  hasKey: fc.boolean(),
});

/** As the SDK throws it: its own words, and beside them what the server sent. */
function apiError(message: string, more: object): Error {
  return Object.assign(new Error(message), more);
}

/** Whatever a server tells of a failure comes to something that Baton knows, at an instant that can come, without the key. */
export const failures = fuzzed('a failure becomes one that Baton knows, without the key', failure, (told) => {
  const value: JsonValue = JSON.parse(told.said);
  const headers = new Headers(told.headers);
  const answer = { ...(told.status === null ? {} : { status: told.status }), headers };
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const ours = new BatonError('UNAVAILABLE', 'Nothing was said for long.', { details: {} });
  const errors: Readonly<Record<typeof told.how, () => unknown>> = {
    outside: () => apiError(`${told.status} said ${told.said}`, { ...answer, error: value }),
    inside: () => createStreamFailure(value),
    page: () => apiError('502 <html>Bad Gateway</html>', { ...answer, error: undefined }),
    network: () => new TypeError('fetch failed', { cause: refused }),
    deep: () => new Error('', { cause: new Error('Connection error.') }),
    json: () => new SyntaxError(told.said),
    ours: () => new Error('Connection error.', { cause: ours }),
    value: () => told.said,
  };
  const mapped = mapFailure(errors[told.how](), { adapter: 'x', key: told.hasKey ? key : null, now });
  if (mapped.type === 'stop') {
    expect(['overflow', 'refused']).toContain(mapped.stop.unified);
    expect(mapped.stop.raw).not.toBe('');
    return;
  }
  const { error } = mapped;
  const isOurWord = told.how === 'value' || told.how === 'json';
  if (told.hasKey && !isOurWord) expect(error.message).not.toContain(key);
  expect(error.message.isWellFormed()).toBe(true);
  expect(error.message.length).toBeLessThan(700);
  if (BatonError.is(error, 'RATE_LIMITED')) {
    expect(error.details.retryAt).toBeGreaterThanOrEqual(now);
    expect(error.details.retryAt).toBeLessThan(now + 32 * 86_400_000);
  }
});
