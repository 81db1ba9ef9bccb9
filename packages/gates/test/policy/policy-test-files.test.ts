import { describe, expect, it } from 'vitest';
import type { ChangePolicyOptions } from '../../src/index.js';
import { createTestMatcher, testFilePatterns } from '../../src/tests/test-conventions.js';
import { type Entries, judge } from '../judge-change.js';

describe('files of tests', () => {
  const testsOf = async (base: Entries, head: Entries, options?: ChangePolicyOptions) =>
    (await judge(base, head, options)).tests;

  it('are named, new ones and what tests are made of too, whatever is protected', async () => {
    const head = {
      'src/a.ts': 'x\n',
      'src/a.test.ts': 'x\n',
      'test/support/match.js': 'x\n',
      '__mocks__/chai.js': 'x\n',
      'tests/__init__.py': 'x\n',
      'test/line\nbreak.js': 'x\n',
    };
    const named = [
      '__mocks__/chai.js',
      'src/a.test.ts',
      'test/line\nbreak.js',
      'test/support/match.js',
      'tests/__init__.py',
    ];
    expect((await testsOf({}, head))?.toSorted()).toEqual(named);
    expect((await testsOf({}, head, { protectDefaults: false }))?.toSorted()).toEqual(named);
    expect(await testsOf({}, { 'src/a.ts': 'x\n' })).toBeUndefined();
  });

  it('of a moved one are both paths, wherever it went to', async () => {
    const text = 'it("adds", () => assert.equal(add(1, 2), 3));\nit("takes away", () => assert.equal(sub(3, 2), 1));\n';
    expect(await testsOf({ 'a.test.js': text }, { 'a.test.js': null, 'old/a.txt': text })).toEqual(['a.test.js']);
    expect(await testsOf({ 'a.test.js': text }, { 'a.test.js': null, 'test/b.js': text })).toEqual([
      'a.test.js',
      'test/b.js',
    ]);
    expect(await testsOf({ 'a.test.js': text }, { 'a.test.js': null })).toEqual(['a.test.js']);
  });
});

describe('what is looked at for tests', () => {
  const isTest = createTestMatcher(testFilePatterns);

  it('is found in however many directories of tests, ten thousand times over', () => {
    const deep = 'tests/'.repeat(560);
    for (let at = 0; at < 10_000; at += 1) expect(isTest(`${deep}${at}`)).toBe(false);
    expect(isTest(`${deep}a.py`)).toBe(true);
  });

  it.each([
    ['src/tests/deep/in/it/a.go', true],
    ['t/in/basic.t', true],
    ['src/basic.t', false],
    ['a/__snapshots__/b/c.snap', true],
    ['contests/a.go', false],
    ['tests.go/a.go', false],
    ['.hidden/test/.a.js', true],
  ])('%s: %s', (path, expected) => {
    expect(isTest(path)).toBe(expected);
  });
});
