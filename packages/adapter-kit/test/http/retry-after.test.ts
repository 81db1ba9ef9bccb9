import { describe, expect, it } from 'vitest';
import { parseReset, parseRetryAfter, readQuota } from '../../src/index.js';

const now = Date.UTC(2026, 0, 1);

describe('when a host may be asked again', () => {
  it.each([
    ['17', 17_000],
    [' 17 ', 17_000],
    ['Thu, 01 Jan 2026 00:02:00 GMT', 120_000],
    ['Thursday, 01-Jan-26 00:02:00 GMT', 120_000],
    ['0', null],
    ['-5', null],
    ['5.5', null],
    ['Mon, 01 Jan 2001 00:00:00 GMT', null],
    ['tomorrow', null],
    ['soon 2040', null],
    ['', null],
    ['9'.repeat(400), null],
    [null, null],
    [undefined, null],
  ])('reads Retry-After %j', (header, waitMs) => {
    expect(parseRetryAfter(header, now)).toBe(waitMs === null ? null : now + waitMs);
  });

  it.each([
    [String(now / 1000 + 300), now + 300_000],
    [String(now / 1000), null],
    ['12', null],
    ['soon', null],
    [null, null],
  ])('reads the end of a period %j', (header, at) => {
    expect(parseReset(header, now)).toBe(at);
  });
});

describe('a quota', () => {
  const told = { 'x-limit': '5000', 'x-remaining': '0', 'x-reset': '1800000000' };

  it('is read where all of it is told', () => {
    const quota = { limit: 5000, remaining: 0, resetAt: 1_800_000_000_000 };
    expect(readQuota(new Headers(told), 'x-')).toEqual(quota);
    expect(readQuota(new Headers(told), 'y-')).toBeNull();
  });

  it.each([{ 'x-limit': '0' }, { 'x-limit': '' }, { 'x-remaining': '-1' }, { 'x-reset': 'soon' }, { 'x-reset': '0' }])(
    'is none with %j',
    (odd) => {
      expect(readQuota(new Headers({ ...told, ...odd }), 'x-')).toBeNull();
    },
  );
});
