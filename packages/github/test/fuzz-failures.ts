import { fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import { BatonError } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { mapAnswer, mapError } from '../src/host/map-error.js';
import { readGraphql } from '../src/host/read-graphql.js';
import { words } from './fuzz-texts.js';

const answer = mutatedJson(
  [
    { data: { repository: null }, errors: [{ type: 'NOT_FOUND', message: 'Could not resolve', path: ['repository'] }] },
    { data: null, errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
    { data: { a: 1 }, errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible', path: ['a', 'reviews'] }] },
    { errors: [{ message: 'Something went wrong' }] },
    { data: null, errors: [{ type: 'INSUFFICIENT_SCOPES', message: 'x' }] },
    { data: null, errors: [{ type: 'SOME_OTHER', message: 'x' }] },
    { data: { viewer: { login: 'a' } } },
  ],
  2,
);
const header = fc.constantFrom<readonly [string, string]>(
  ['retry-after', '30'],
  ['retry-after', '-5'],
  ['retry-after', 'soon'],
  ['retry-after', 'Fri, 15 Jan 2027 09:00:00 GMT'],
  ['x-ratelimit-remaining', '0'],
  ['x-ratelimit-reset', '1800000100'],
  ['x-ratelimit-reset', 'x'],
  ['x-github-sso', 'required'],
  ['content-type', 'text/html; charset=utf-8'],
);
const now = 1_800_000_000_000;

const hows = ['status', 'network', 'ours', 'strange', 'odd', 'unheaded', 'thrown'] as const;

export const failures = fuzzed(
  'a failure becomes one that Baton knows',
  fc.record({
    answer,
    status: fc.constantFrom(400, 401, 403, 403, 403, 404, 409, 410, 422, 429, 500),
    headers: fc.array(header, { maxLength: 3 }),
    message: fc.oneof(words, fc.constantFrom('You have exceeded a secondary rate limit', 'Issue is locked')),
    takes: fc.constantFrom('all' as const, ['reviews'], []),
    how: fc.constantFrom(...hows),
  }),
  (told) => {
    try {
      const conceal = (each: string): string => each;
      expect(readGraphql(JSON.parse(told.answer), { what: 'x', takesParts: told.takes, conceal }).isLimited).toBeTypeOf(
        'boolean',
      );
    } catch (error) {
      if (!BatonError.is(error)) throw error;
    }
    const headers = Object.fromEntries(told.headers);
    const { status, message } = told;
    const errors: Readonly<Record<typeof told.how, unknown>> = {
      status: Object.assign(new Error(message), { status, response: { headers } }),
      network: new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code: 'ECONNREFUSED' }) }),
      ours: new Error('x', { cause: new BatonError('UNAVAILABLE', 'Away.', { details: {} }) }),
      strange: Object.assign(new Error(message), { status, response: null }),
      odd: Object.assign(new Error(message), { status, response: 7, cause: { code: 7 } }),
      unheaded: Object.assign(new Error(message), { status, response: { headers: 7 } }),
      thrown: message,
    };
    for (const error of [
      mapError(errors[told.how], 'look', now),
      mapAnswer({ status, headers, message }, 'look', now),
    ]) {
      expect(error.message.isWellFormed()).toBe(true);
      expect(error.message).not.toMatch(/\p{Cc}|\bghp_abcdef/u);
      if (!BatonError.is(error, 'RATE_LIMITED')) continue;
      expect(error.details.retryAt).toBeGreaterThan(now);
      expect(error.details.retryAt).toBeLessThanOrEqual(now + 7_200_000);
    }
  },
  hows.flatMap((how) => [
    ...(
      [
        ['Repository was archived so is read-only.', 403],
        ['Resource not accessible by integration', 403],
        ['You have exceeded a secondary rate limit', 429],
      ] as const
    ).map(([message, status]) => ({ answer: '{}', status, headers: [], message, takes: [], how })),
    {
      answer: '{"data":null}',
      status: 404 as const,
      headers: [['content-type', 'text/html'] as const],
      message: '',
      takes: [],
      how,
    },
  ]),
);
