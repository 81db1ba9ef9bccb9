import { describe, expect, it } from 'vitest';
import { parseTap } from '../src/reports/parse-tap.js';
import { testLanguages } from '../src/tests/test-conventions.js';
import { cleanOutput } from '../src/text/clean-output.js';

/** What a line can be filled with so that a pattern has many ways to read it. */
const fillings = [
  ' ',
  '\t',
  'a',
  '_',
  '0',
  ':',
  '.a',
  '(',
  '[',
  '#',
  '*',
  '/',
  '@tag ',
  'TEST_CASE',
  'BOOST_',
  '*/ ',
  'it.',
];
const beginnings = [
  '',
  '@tag',
  '@moduletag:',
  'skip',
  'BOOST_',
  'it',
  'test',
  '#[',
  '# if',
  '@test',
  'func TestMain',
  'xit',
];

it('reads the places that a TAP report tells once each', async () => {
  const test = (place: string) => `not ok - t\n  ---\n  location: '${place}'\n  ...\n`;
  const tap = (place: string) => `TAP version 14\n1..400\n${test(place).repeat(400)}`;
  const costOf = async (place: string): Promise<number> => {
    const before = process.cpuUsage();
    await parseTap(tap(place), async () => {});
    return process.cpuUsage(before).user / 1000;
  };
  await costOf('a.js:1:2');
  const plain = await costOf('a'.repeat(3_900));
  expect(await costOf(`${':0'.repeat(1_950)}x`)).toBeLessThan(plain * 2 + 400);
});

it('shows what a line was drawn over with last, once for each return', () => {
  expect(cleanOutput('10%\r20%\rdone \r\r\n\r\r\nend', 100)).toBe('done\n\nend');
  const cost = cpuMs(() => cleanOutput(`${'\r'.repeat(200_000)}x`, 50_000));
  expect(cost).toBeLessThan(1_000);
});

function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('lines of a change that are longer than anybody writes', () => {
  it.for(
    testLanguages.flatMap(({ endings, cases, skips, alone, comments }) =>
      [cases, skips, alone, comments].flatMap((pattern) => (pattern === null ? [] : [{ ending: endings[0], pattern }])),
    ),
  )('are read once: $ending $pattern', ({ pattern }) => {
    for (const beginning of beginnings) {
      for (const filling of fillings) {
        const line = `${beginning}${filling.repeat(160_000 / filling.length)}!`;
        expect(
          cpuMs(() => pattern.test(line)),
          `${beginning} ${filling}`,
        ).toBeLessThan(800);
      }
    }
  });
});
