import { describe, expect, it } from 'vitest';

import { parseTap, read, told } from './parsed.js';

describe('TAP', () => {
  it.each([
    ['of more keys than YAML reads in a day', (at: number): string => `  k${at}: 1\n`],
    ['of more keys in a line', (at: number): string => `  k${at}: {${'a,b,c,d,e,'.repeat(1_000)}}\n`],
  ])('with a diagnosis %s is read', async (_name, line) => {
    const diagnosis = Array.from({ length: (200_000 / line(0).length) * 10 }, (_each, at) => line(at)).join('');
    const text = `not ok 1 - a\n  ---\n  error: boom\n${diagnosis}  ...\nnot ok 2 - b\n1..2\n`;
    const parsed = read(await parseTap(text));
    expect(told(parsed)).toEqual({ a: 'failed', b: 'failed' });
    expect(parsed.incomplete).toBeNull();
  });

  it('whose diagnosis never ends has its tests all the same', async () => {
    const text = `1..2\nnot ok 1 - a\n  ---\n${'  x\n'.repeat(5_000)}not ok 2 - b\n`;
    expect(told(await parseTap(text))).toEqual({ a: 'failed', b: 'failed' });
  });

  it('of several producers is read to its end, and each test told by its package', async () => {
    const text = `
> a@1.0.0 test
> node --test

TAP version 13
# Subtest: red
not ok 1 - red
# Subtest: same
ok 2 - same
1..2
# tests 2
npm error Lifecycle script failed

> @shop/b@1.0.0 test
> node --test

TAP version 13
not ok 1 - other
ok 2 - same
1..2
`;
    expect(told(await parseTap(text))).toEqual({
      red: 'failed',
      'a > same': 'passed',
      other: 'failed',
      '@shop/b > same': 'passed',
    });
  });

  it.each([
    ['with plans before', '1..1\nok 1 - a\n1..2\nnot ok 1 - b\nok 2 - c\n'],
    ['with plans behind', 'ok 1 - a\n1..1\nnot ok 1 - b\nok 2 - c\n1..2\n'],
    ['with a plan before and one behind', '1..1\nok 1 - a\nnot ok 1 - b\nok 2 - c\n1..2\n'],
    ['of two versions', 'TAP version 13\nok 1 - a\n1..1\nTAP version 14\n1..2\nnot ok 1 - b\nok 2 - c\n'],
    ['with line ends of Windows', 'TAP version 13\r\n1..3\r\nok 1 - a\r\nnot ok 2 - b\r\nok 3 - c\r\n'],
  ])('of several producers, %s', async (_name, text) => {
    const parsed = read(await parseTap(text));
    expect(told(parsed)).toEqual({ a: 'passed', b: 'failed', c: 'passed' });
    expect(parsed.incomplete).toBeNull();
  });

  it.each([
    ['fewer tests than planned', '1..3\nok 1 - a\n', 'planned 3 tests and told 1'],
    ['fewer in a subtest', '# Subtest: s\n    1..2\n    ok 1 - a\nok 1 - s\n1..1\n', '`s` planned 2 tests and told 1'],
    ['bailing out', '1..3\nok 1 - a\nBail out! no database\n', 'bailed out: no database'],
    ['bailing out first', 'Bail out!\n', 'bailed out.'],
  ])('with %s is not whole', async (_name, text, words) => {
    expect(read(await parseTap(text)).incomplete).toContain(words);
  });

  it('names a test that has no name by its number', async () => {
    expect(told(await parseTap('1..2\nok 1\nnot ok 2\n'))).toEqual({ '(test 1)': 'passed', '(test 2)': 'failed' });
  });

  it.each([
    ['a diagnosis that holds itself', 'not ok 1 - a\n  ---\n  found: &a [*a]\n  ...\n1..1\n'],
    [
      'a diagnosis with a number without end',
      'not ok 1 - a\n  ---\n  found: !bigint 12345678901234567890\n  ...\n1..1\n',
    ],
    ['indentation without end', `ok 1 - b\n${' '.repeat(400_000)}ok 1 - deep\nnot ok 2 - a\n1..2\n`],
    ['a line without end', `${'x'.repeat(3_000_000)}\nnot ok 1 - a\n1..1\n`],
  ])('is read with %s in it', async (_name, text) => {
    expect(told(await parseTap(text))).toMatchObject({ a: 'failed' });
  });
});
