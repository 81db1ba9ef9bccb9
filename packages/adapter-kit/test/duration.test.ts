import { expect, it } from 'vitest';
import { durationPattern, parseDuration } from '../src/index.js';

it.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5m', 90_000],
  ['1h', 3_600_000],
  ['1d', 86_400_000],
  [250, 250],
  ['30', null],
  ['-1s', null],
  [-1, null],
  [`${'9'.repeat(400)}s`, null],
])('reads the duration %s as %s', (written, milliseconds) => {
  expect(parseDuration(written)).toBe(milliseconds);
  if (typeof written === 'string') expect(durationPattern.test(written)).toBe(milliseconds !== null);
});
