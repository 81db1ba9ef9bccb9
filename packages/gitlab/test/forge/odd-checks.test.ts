import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf } from '../../src/forge/job-log.js';
import { plainTitle, titleOf } from '../../src/forge/pull-request.js';

const fixed = { seed: 4711, numRuns: 1_000 };
const pieces = [
  '\u001b[0K',
  '\u001b[31m',
  '\u001b',
  'section_start:1:x\r',
  'section_end:1:x',
  '\r',
  '\n',
  '\r\n',
  '\u0007',
  'expected 3',
];
const trace = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 30 })
  .map((parts) => parts.join(''));

describe('the log of a job', () => {
  it('is told without controls and within its bound, whatever it holds', () => {
    fc.assert(
      fc.property(trace, fc.integer({ min: 1, max: 400 }), (log, times) => {
        const excerpt = excerptOf(log.repeat(times), (text) => text);
        expect(excerpt).not.toMatch(/[^\P{Cc}\n\t]/u);
        expect(excerpt.length).toBeLessThanOrEqual(4001);
      }),
      { ...fixed, numRuns: 200 },
    );
  });
});

describe('a title', () => {
  it('is a draft’s exactly where it was asked for', () => {
    const words = fc.array(fc.constantFrom('Draft:', '[draft]', '(DRAFT)', 'draft', ':', ' ', 'terms'), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(words, fc.boolean(), (parts, draft) => {
        const title = titleOf({ title: `${parts.join('')}x`, draft });
        expect(plainTitle(title) !== title).toBe(draft);
      }),
      fixed,
    );
  });
});
