import { FailedAnswer } from '@baton/agent-kit';
import { fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import { BatonError, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { mapAnswerError, mapStreamError } from '../src/proxy/map-error.js';
import { errorOf, mapModelError, mapUnanswered } from '../src/wire/map-model-error.js';
import { findFailure } from '../src/wire/read-failure.js';

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
  { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
  { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } },
  { error: { type: 'invalid_request_error', message: 'prompt is too long: 201 tokens > 200 maximum' } },
  { error: 'Your credit balance is too low' },
  { type: 'ping' },
  { type: 'error', code: 'server_error', message: '' },
  { error: { message: '<!doctype html><p>no' } },
  'no words of JSON',
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
const status = fc.constantFrom(
  429,
  429,
  429,
  503,
  302,
  400,
  400,
  401,
  402,
  403,
  404,
  408,
  409,
  413,
  422,
  429,
  500,
  529,
);
const failure = fc.record({
  said,
  status: fc.option(status),
  headers: fc.array(header, { maxLength: 2 }).map((each) => each.flat()),
  name: fc.constantFrom(null, 'error', 'x'),
  how: fc.constantFrom('told', 'told', 'told', 'network', 'json', 'ours', 'stranger', 'value'),
  hasKey: fc.boolean(),
});

class APIConnectionError extends Error {}

const fixes = { key: 'Key.', credit: 'Credit.', model: 'Model.', address: 'Address.' };

/** Whatever a server tells of a failure comes to something that Baton knows, at an instant that can come, without the key. */
export const failures = fuzzed('a failure becomes one that Baton knows, without the key', failure, (told) => {
  const value: JsonValue = JSON.parse(told.said);
  const found = findFailure(value, told.name);
  if (told.name === 'error') expect(found).not.toBe(null);
  const headers = new Headers(told.headers);
  const answer = new FailedAnswer({ status: told.status, body: value, header: (name) => headers.get(name) });
  const errors: Readonly<Record<typeof told.how, () => unknown>> = {
    told: () =>
      new APIConnectionError('Connection error.', { cause: found === null ? answer : FailedAnswer.inside(found) }),
    network: () => new APIConnectionError('Connection error.'),
    json: () => new SyntaxError(told.said),
    ours: () => new BatonError('UNAVAILABLE', 'Nothing was said for long.', { details: {} }),
    stranger: () => new Error(told.said),
    value: () => told.said,
  };
  for (const error of [errors[told.how](), answer]) {
    const place = { adapter: 'x', fixes, key: told.hasKey ? key : null, now };
    const trouble = mapModelError(error, place);
    if (trouble === null) {
      expect(['stranger', 'value']).toContain(told.how);
      continue;
    }
    if (trouble.type === 'stop') {
      expect(['overflow', 'refused']).toContain(trouble.stop.unified);
      expect(trouble.stop.raw).not.toBe('');
      expect(mapUnanswered(trouble).parts).toEqual([]);
    }
    checkError(errorOf(trouble, 'x'), told.hasKey);
  }
  checkError(mapStreamError(value, 'x', now), false);
  checkError(mapAnswerError({ status: told.status ?? 500, body: told.said, header: answer.header }, 'x', now), false);
});

function checkError(error: BatonError, hasKey: boolean): void {
  if (hasKey) expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain(key);
  expect(error.message.isWellFormed()).toBe(true);
  expect(error.message.length).toBeLessThan(1_200);
  if (!BatonError.is(error, 'RATE_LIMITED')) return;
  expect(error.details.retryAt).toBeGreaterThanOrEqual(now);
  expect(error.details.retryAt).toBeLessThan(now + 32 * 86_400_000);
}
