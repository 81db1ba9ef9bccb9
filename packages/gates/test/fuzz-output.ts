import { stripVTControlCharacters } from 'node:util';
import { fuzzed, mutatedText } from '@baton/conformance/fuzz';
import fc from 'fast-check';
import { expect } from 'vitest';
import { readSummaries } from '../src/output/read-summaries.js';
import { summaryForms } from '../src/output/summary-forms.js';
import { createReadingPace } from '../src/reports/reading-pace.js';

const green = [
  'ok  \texample.com/cart\t0.1s',
  '# pass 2',
  'ℹ skipped 1',
  '[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0',
];
const examples = [...summaryForms.map(({ example }) => example), ...green];
const pieces = [
  ...['web:test: ', '[0] ', 'web-1  | ', '\r', '\r\n', '\n', '\u001b[31m', '\u001b[0m', '    ', '9'.repeat(400)],
  ...[
    ', 3 failed',
    '1 failed, '.repeat(150),
    '(1 failed)',
    ' in 0.1s',
    '0',
    '-1',
    '# TODO',
    ' # skip',
    'x'.repeat(2_100),
  ],
];
const runs = Array.from({ length: Math.ceil(examples.length / 6) }, (_each, part) =>
  examples.slice(part * 6, part * 6 + 6).join('\n'),
);
const output = fc.oneof(
  { weight: 5, arbitrary: mutatedText([...examples, ...runs], pieces) },
  fc.constantFrom('', '\n'),
);

export const summaries = fuzzed(
  'output is read into a number of failures, which nothing that is printed later lowers',
  fc.record({ first: output, second: output, truncated: fc.boolean() }),
  async ({ first, second, truncated }) => {
    const read = async (stdout: string, stderr = ''): ReturnType<typeof readSummaries> =>
      await readSummaries({ stdout, stderr, truncated }, createReadingPace(60_000));
    const before = (await read(first)) ?? { failed: 0, runners: [] };
    expect(Number.isSafeInteger(before.failed) && before.failed >= 0).toBe(true);
    expect(before.runners).toEqual([...new Set(before.runners)].toSorted());
    const after = (await read(first, second)) ?? { failed: 0, runners: [] };
    expect(after.runners).toEqual(expect.arrayContaining([...before.runners]));
    // What a summary counts as passed is compared with how many tests it counts.
    if (!/ (?:pass|skipped|todo) /.test(stripVTControlCharacters(second)))
      expect(after.failed).toBeGreaterThanOrEqual(before.failed);
  },
  examples.map((example) => ({ first: example, second: `web:test: ${example}`, truncated: true })),
);
