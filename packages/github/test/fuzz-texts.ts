import { fuzzed, mutatedText } from '@baton/conformance/fuzz';
import fc from 'fast-check';
import { expect } from 'vitest';
import { excerptOf } from '../src/forge/job-log.js';
import { quote } from '../src/host/map-error.js';
import { referredNumber } from '../src/host/reference.js';
import { mentionedBlockers } from '../src/source/blockers.js';

export const words = mutatedText(
  [
    'Blocked by #12, acme/api#3\n> depends on: #4\n<!-- requires #5 -->\n```\nblocked by #6\n```\n',
    'P1',
    'priority: constructor',
    'prio/high',
    'priority-3',
    '#412',
    'acme/shop#412',
    'https://github.com/acme/shop/issues/412',
    'https://evil.example/acme/shop/issues/4',
    '2026-01-01T00:00:00.0000000Z \u001b[31m##[error]expected 3\u001b[0m\n##[group]x\n\ufeff2026-01-01T00:00:00Z y\r\n',
  ],
  [
    '#1',
    '\n',
    '<!--',
    '-->',
    '```',
    '~~~',
    'blocked by ',
    '\u001b[',
    '/',
    ':',
    '0',
    'ghp_abcdef',
    '\ud83d\ude00'.repeat(300),
    '##[error]',
    '__proto__',
  ],
  3,
);
const long = fc.constantFrom(
  `Blocked by ${'a.'.repeat(30_000)}`,
  `Blocked by ${'a/'.repeat(30_000)}`,
  '<!--'.repeat(15_000),
  '```\n'.repeat(15_000),
  `requires ${' '.repeat(60_000)}`,
);
const text = fc.oneof({ weight: 200, arbitrary: words }, long);

export const texts = fuzzed('what people write is read for what it says, and takes no time', text, (each) => {
  const blockers = mentionedBlockers(each, 'acme/shop');
  expect(blockers.length).toBeLessThanOrEqual(20);
  for (const { number } of blockers) expect(Number.isInteger(number)).toBe(true);
  const number = referredNumber(each, 'acme/shop', 'https://api.github.com');
  if (number !== null) expect(number).toBeGreaterThan(0);
  expect(excerptOf(each).split('\n').length).toBeLessThanOrEqual(60);
  expect(quote(each)).not.toMatch(/\p{Cc}/u);
  expect(quote(each).isWellFormed()).toBe(true);
});
