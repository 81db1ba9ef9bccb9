import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChecks } from '../../src/forge/checks.js';
import { excerptOf } from '../../src/forge/job-log.js';

const fixed = { seed: 4711, numRuns: 1_000 };
const word = fc.oneof(
  fc.constantFrom('SUCCESS', 'FAILURE', 'CANCELLED', 'ACTION_REQUIRED', 'NEW_WORD', ''),
  fc.string({ maxLength: 5 }),
);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const context = fc.record({
  __typename: fc.constantFrom('CheckRun', 'StatusContext', 'NewKind'),
  databaseId: maybe(fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 60n }))),
  name: maybe(fc.constantFrom('test', 'lint')),
  context: maybe(fc.constantFrom('ci')),
  conclusion: maybe(word),
  state: maybe(word),
  title: maybe(fc.string()),
  summary: maybe(fc.string()),
  description: maybe(fc.string()),
  checkSuite: maybe(fc.record({ app: maybe(fc.record({ slug: fc.constantFrom('github-actions', 'other') })) })),
});
const rollup = fc.record({
  state: word,
  contexts: fc.record({ nodes: maybe(fc.array(maybe(context), { maxLength: 8 })) }),
});

describe('whatever checks GitHub tells of', () => {
  it('come to one summary that agrees with itself', async () => {
    await fc.assert(
      fc.asyncProperty(rollup, async (told) => {
        const { state, failures, notes } = await readChecks(told, { readLog: async () => null, mask: (text) => text });
        expect(failures.length > 0).toBe(state === 'failed');
        expect([...failures, ...notes].every(({ name }) => name !== '')).toBe(true);
      }),
      fixed,
    );
  });
});

describe('the log of a job', () => {
  it('is told without controls and in sixty lines, whatever it holds', () => {
    const pieces = [
      '\u001b[31m',
      '\u001b',
      '##[error]',
      '##[group]',
      '2026-01-01T00:00:00.0000000Z ',
      '\r',
      '\n',
      '\r\n',
      '\ufeff',
      'expected 3',
    ];
    const log = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 200 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(log, (text) => {
        const excerpt = excerptOf(text);
        expect(excerpt.split('\n').length).toBeLessThanOrEqual(60);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
        expect(excerpt).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
      }),
      fixed,
    );
  });
});
