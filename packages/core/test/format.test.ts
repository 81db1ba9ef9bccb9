import { describe, expect, it } from 'vitest';
import {
  describeCost,
  formatBytes,
  formatCost,
  formatDuration,
  formatMoney,
  formatTokens,
  formatUsage,
  plural,
} from '../src/index.js';

const minute = 60_000;
const hour = 60 * minute;

describe('one way of writing', () => {
  it.each([
    [0, '0 ms'],
    [99.4, '99 ms'],
    [100, '0.1 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [59_499, '59 s'],
    [59_500, '1 m 00 s'],
    [3 * minute + 34_000, '3 m 34 s'],
    [hour - 400, '1 h 00 m'],
    [2 * hour + 5 * minute, '2 h 05 m'],
    [30 * hour, '30 h 00 m'],
  ])('a length of time: %d ms', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it.each([
    [null, '–'],
    [0, '$0.00'],
    [2_500, '$0.0025'],
    [41_200, '$0.04'],
    [410_000, '$0.41'],
    [12_000_000, '$12.00'],
  ])('money: %s millionths of a dollar', (microUsd, text) => {
    expect(formatMoney(microUsd)).toBe(text);
  });

  it.each([
    [{ microUsd: 410_000, basis: 'reported' }, '$0.41'],
    [{ microUsd: 0, basis: 'computed' }, '$0.00'],
    [{ microUsd: 410_000, basis: 'unknown' }, '≥ $0.41'],
    [{ microUsd: 0, basis: 'unknown' }, '–'],
    [{ microUsd: null, basis: 'unknown' }, '–'],
  ] as const)('a cost: %o', (usage, text) => {
    expect(formatCost(usage)).toBe(text);
    expect(describeCost(usage)).toBe(usage.basis === 'unknown' ? text : `${text} (${usage.basis})`);
  });

  it.each([
    [null, '–'],
    [999, '999'],
    [1_000, '1k'],
    [181_400, '181k'],
    [999_499, '999k'],
    [999_500, '1.0M'],
    [1_250_000, '1.3M'],
  ])('a count of tokens: %s', (tokens, text) => {
    expect(formatTokens(tokens)).toBe(text);
  });

  it('what models read and wrote', () => {
    expect(formatUsage({ inputTokens: 181_000, outputTokens: null })).toBe('181k in / – out');
    expect(formatUsage({ inputTokens: null, outputTokens: null })).toBe('–');
  });

  it.each([
    [1, '1 byte'],
    [1_023, '1023 bytes'],
    [1_024, '1 KiB'],
    [1_536, '1.5 KiB'],
    [40 * 1_024, '40 KiB'],
    [1_048_570, '1 MiB'],
    [16 * 1_024 ** 2, '16 MiB'],
    [1.5 * 1_024 ** 3, '1.5 GiB'],
    [4_096 * 1_024 ** 4, '4096 TiB'],
  ])('a size: %d', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('a count with its noun', () => {
    expect([plural(1, 'file'), plural(3, 'file'), plural(2, 'entry', 'entries')]).toEqual([
      '1 file',
      '3 files',
      '2 entries',
    ]);
  });
});
