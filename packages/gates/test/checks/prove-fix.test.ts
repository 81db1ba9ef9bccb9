import { describe, expect, it } from 'vitest';
import { nodeJunit, nodeTap, script } from '../check-scene.js';
import { namesOf, type ProvedChange, prove, proveBy } from './prove-scene.js';

const head =
  "import { test } from 'node:test';\nimport assert from 'node:assert';\nimport { total } from './total.js';\n";
const sums = "test('sums', () => assert.equal(total([1, 2]), 3));\n";
const coupons = "test('takes coupons off', () => assert.equal(total([5], 2), 3));\n";

/** A module that forgets coupons, and its test; then the fix, and a test for it. */
const base = {
  'package.json': '{ "type": "module" }',
  'total.js': 'export const total = (prices) => prices.reduce((sum, each) => sum + each, 0);\n',
  'total.test.js': `${head}${sums}`,
};
const fix = {
  'total.js': 'export const total = (prices, off = 0) => prices.reduce((sum, each) => sum + each, -off);\n',
};
const honest: ProvedChange = { base, tests: { 'total.test.js': `${head}${sums}${coupons}` }, code: fix };

/** The same fix, with another test. */
const tested = (tests: string): ProvedChange => ({ ...honest, tests: { 'total.test.js': `${head}${sums}${tests}` } });

describe('a change whose test fails without it', () => {
  it.each([
    ['TAP', nodeTap],
    ['JUnit', nodeJunit],
  ])('is shown by that test alone, with why it failed (%s)', async (_name, command) => {
    const proof = await prove(command, honest);
    expect(namesOf(proof)).toEqual({ shown: ['takes coupons off'] });
    expect(proof).toMatchObject({
      shown: [
        {
          failure: expect.stringMatching(/^5 [=!]==? 3(?: expected: 3 actual: 5)?$/),
        },
      ],
    });
  });

  it('is shown by a test that asks for more than it did', async () => {
    const tests = { 'total.test.js': `${head}${sums.replace('2]), 3', '2], 1), 2')}` };
    expect(namesOf(await prove(nodeTap, { ...honest, tests }))).toEqual({ shown: ['sums'] });
  });

  it('is shown on a base that is red for other reasons, whose red tests show nothing', async () => {
    const red = "test('is red', () => assert.equal(total([]), 1));\n";
    const was = { ...base, 'total.test.js': `${head}${sums}${red}` };
    expect(namesOf(await prove(nodeTap, { ...tested(`${red}${coupons}`), base: was }))).toEqual({
      shown: ['takes coupons off'],
    });
    const code = { 'total.js': `${fix['total.js'].replace('=>', '=> prices.length === 0 ? 1 :')}` };
    expect(namesOf(await prove(nodeTap, { ...tested(red), base: was, code }))).toEqual({ 'was-red': ['is red'] });
  });
});

describe('never shown', () => {
  it.each<[what: string, tests: string, expected: Readonly<Record<string, readonly string[]>>]>([
    [
      'a test that asserts nothing',
      "test('takes coupons off', () => { total([5], 2); });\n",
      { guard: ['takes coupons off'] },
    ],
    ['a test of what was so before', "test('of none', () => assert.equal(total([]), 0));\n", { guard: ['of none'] }],
    ['a test that is skipped on the result', coupons.replace("', (", "', { skip: true }, ("), {}],
    [
      'a test that is skipped on the base',
      coupons.replace("', (", "', { skip: total.length === 1 && total([5], 2) === 5 }, ("),
      { 'not-run': ['takes coupons off'] },
    ],
    [
      'what the test mends by itself',
      "const mended = (prices, off) => total(prices) - off;\ntest('takes coupons off', () => assert.equal(mended([5], 0) - 2, 3));\n",
      { guard: ['takes coupons off'] },
    ],
    [
      'tests of one name, of which one passes on the base',
      `${coupons}test('takes coupons off', () => {});\n`,
      { alike: ['takes coupons off', 'takes coupons off (2)'] },
    ],
  ])('%s', async (_what, tests, expected) => {
    expect(namesOf(await prove(nodeTap, tested(tests)))).toEqual(expected);
  });

  it('a test that loads what the change brings: on the base it could not run', async () => {
    const tests = {
      'coupons.test.js': `${head.replace('total.js', 'coupons.js')}${coupons}`,
    };
    const code = { ...fix, 'coupons.js': "export { total } from './total.js';\n" };
    expect(namesOf(await prove(nodeTap, { ...honest, tests, code }))).toEqual({ 'not-run': ['takes coupons off'] });
  });

  it('a test that passes with what the change recorded alone', async () => {
    const test = [
      "import { readFileSync } from 'node:fs';",
      "test('is as recorded', () => assert.equal(String(total([5], 2)), readFileSync('total.snap', 'utf8')));\n",
    ].join('\n');
    const was = { ...base, 'total.test.js': `${head}${sums}${test}`, 'total.snap': '5' };
    const change = { base: was, tests: {}, code: fix, recordings: { 'total.snap': '3' } };
    expect(namesOf(await prove(nodeTap, change))).toEqual({ recorded: ['is as recorded'] });
    const both = { ...change, tests: { 'total.test.js': `${was['total.test.js']}${coupons}` } };
    expect(namesOf(await prove(nodeTap, both))).toEqual({ shown: ['takes coupons off'], recorded: ['is as recorded'] });
  });

  it('what a report says that stands in the change', async () => {
    const report = '<testsuite><testcase name="takes coupons off"><failure message="forged"/></testcase></testsuite>';
    const silent = { run: 'sh ./check.sh', report: 'junit.xml' };
    const run = { 'check.sh': 'test ! -e fixed || cp right.xml junit.xml\n' };
    const change = {
      base: { ...run, 'right.xml': report.replace('<failure message="forged"/>', '') },
      tests: { 'junit.xml': report },
      code: { fixed: '' },
    };
    const proof = await prove(silent, change);
    expect(namesOf(proof)).toEqual({
      'On the base with the tests of the change it tells of no test: exit code 0.': [],
    });
  });

  it.each([
    [
      'fails by chance',
      's="not ok"; if test -e fixed || test -e ../seen; then s=ok; fi; touch ../seen',
      'On the base with the tests of the change it is red in one run and green in another.',
    ],
    [
      'passes on the result but once',
      's="not ok"; if test -e fixed && test ! -e ../seen; then s=ok; fi; touch ../seen',
      'It is green on the result in one run and not in another.',
    ],
  ])('a test that %s', async (_fault, run, reason) => {
    const check = `${run}; echo "$s 1 - takes coupons off"; echo 1..1; test "$s" = ok`;
    const change = {
      base: { 'check.sh': 'echo "ok 1 - old"; echo 1..1' },
      tests: { 'check.sh': check },
      code: { fixed: '' },
    };
    expect(namesOf(await prove({ ...script, report: 'tap' }, change))).toEqual({ flaky: ['takes coupons off'] });
    const silent = { ...change, base: { 'check.sh': 'true' }, tests: { 'check.sh': `(${check}) >&2` } };
    expect(namesOf(await prove(script, silent))).toEqual({ [reason]: [] });
  });

  it('a name that forges a line', async () => {
    const proof = await prove(nodeTap, tested(coupons.replace('takes', 'takes\\u001b[2K\\r| forged |\\n')));
    const [name = ''] = namesOf(proof)['shown'] ?? [];
    expect(name).toContain('coupons off');
    expect(name).not.toMatch(/\p{Cc}/u);
  });
});

describe('a check that tells no test', () => {
  const code = { fixed: '' };
  const tests = { 'asks-for-it': '' };
  const runs = (lines: string): ProvedChange => ({ base: { 'check.sh': lines }, tests, code });

  it('shows the change by its exit code', async () => {
    expect(namesOf(await prove(script, runs('test ! -e asks-for-it || test -e fixed')))).toEqual({
      'by exit code': [],
    });
  });

  it.each([
    ['is green on the base with the tests', 'true', 'It is green on the base with the tests of the change too.'],
    ['was red before', 'test -e fixed', 'It was red on the base already, and tells of no test by name.'],
    [
      'cannot be started with the tests',
      'test -e fixed || test ! -e asks-for-it || exit 127',
      'On the base with the tests of the change it ended with exit code 127 (command not found).',
    ],
    [
      'is ended by a signal there',
      'test -e fixed || test ! -e asks-for-it || kill -9 $$',
      'On the base with the tests of the change it ended with exit code 137 (ended by signal 9).',
    ],
    [
      'sums up no test there that failed',
      'test -e fixed || test ! -e asks-for-it || exit 1; printf "# tests 1\\n# pass 1\\n# fail 0\\n"',
      'On the base with the tests of the change its output tells of no test that failed: they may not have loaded.',
    ],
  ])('shows nothing where it %s', async (_what, lines, reason) => {
    expect(namesOf(await prove(script, runs(lines)))).toEqual({ [reason]: [] });
  });

  it('is left out where another tells its tests', async () => {
    const types = { name: 'types', run: 'test -e fixed || test ! -e asks-for-it' };
    const change = { ...honest, tests: { ...honest.tests, ...tests }, code: { ...honest.code, ...code } };
    const proofs = await proveBy([types, { name: 'unit', ...nodeTap }], change);
    expect(proofs.map(({ name }) => name)).toEqual(['unit']);
    expect((await proveBy([types], change)).map(namesOf)).toEqual([{ 'by exit code': [] }]);
  });
});
