import { type GateRig, gateContract } from '@baton/conformance';
import type { GateInput, GateResult } from '@baton/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestLossGate } from '../src/index.js';
import { gateInput } from './gate-input.js';
import { createPlainWorkspace } from './plain-workspace.js';
import { changeOf, type Entry } from './repository.js';

type Entries = Readonly<Record<string, Entry>>;

async function judge(base: Entries, head: Entries): Promise<GateResult> {
  await using input = await changeOf({ 'README.md': 'hello\n', ...base }, head);
  return await createTestLossGate().check(input);
}

const adds =
  "import test from 'node:test';\n\ntest('adds', () => {\n  check(1 + 1, 2);\n});\n\ntest('rounds', () => {\n  check(Math.round(1.2), 1);\n});\n";

describe('as a gate', () => {
  const opened: AsyncDisposable[] = [];
  afterAll(async () => {
    for (const each of opened) await each[Symbol.asyncDispose]();
  });
  const situation = (head: Entries): (() => Promise<GateInput>) => {
    let made: Promise<GateInput & AsyncDisposable> | undefined;
    return async () => {
      made ??= changeOf({ 'a.test.js': adds, 'a.js': '1\n' }, head);
      opened.push(await made);
      return made;
    };
  };
  const situations: GateRig['situations'] = {
    pass: situation({ 'a.js': '2\n' }),
    hold: situation({ 'a.test.js': null }),
  };
  gateContract(it, async () => ({
    gate: createTestLossGate(),
    checks: [],
    situations,
    processes: async () => [],
    dispose: async () => {},
  }));
});

describe('tests that are taken away', () => {
  it.each<[string, Entries, string]>([
    ['a deleted file', { 'add.test.js': null }, 'deletes test files: `add.test.js`'],
    ['one renamed so that no runner finds it', { 'add.test.js': null, 'add.tst.js': adds }, 'add.test.js → add.tst.js'],
    ['an emptied one', { 'add.test.js': '\n' }, 'takes test cases out of: `add.test.js`'],
    ['one test fewer', { 'add.test.js': adds.slice(0, adds.indexOf("test('rounds")) }, 'takes test cases out of'],
    [
      'one test fewer beside a line that says what a diff would',
      {
        'add.test.js': adds.slice(0, adds.indexOf("test('rounds")),
        'notes.txt': 'so\u2028diff --git a/add.test.js b/add.test.js\n',
      },
      'takes test cases out of',
    ],
    ['one commented out', { 'add.test.js': adds.replace("test('rounds'", "// test('rounds'") }, 'takes test cases out'],
    ['one skipped', { 'add.test.js': adds.replace("test('adds'", "test.skip('adds'") }, 'skipped in: `add.test.js`'],
    ['the others left out', { 'add.test.js': adds.replace("test('adds'", "test.only('adds'") }, 'other tests from'],
    [
      'the others left out behind a comment',
      { 'more.test.js': "/**/it.only('works', () => {});\n" },
      'other tests from',
    ],
    [
      'the others left out behind the end of one',
      { 'more.test.js': "/*\n * x\n */ it.only('works', () => {});\n" },
      'other tests from',
    ],
    ['skipped by an option', { 'add.test.js': adds.replace("'adds', ", "'adds', { skip: true }, ") }, 'skipped in'],
    ['a link in its place', { 'add.test.js': { link: 'README.md' } }, 'something else: `add.test.js`'],
    ['bytes in its place', { 'add.test.js': new Uint8Array([0, 1, 2, 0]) }, 'add.test.js'],
  ])('%s holds, and is named', async (_name, head, words) => {
    expect(await judge({ 'add.test.js': adds }, head)).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining(words),
    });
  });

  it.each<[string, string, string, string]>([
    [
      'test_shop.py',
      'def test_pay():\n    pass\n',
      '@pytest.mark.skip(reason="x")\ndef test_pay():\n    pass\n',
      'skipped',
    ],
    ['tests/shop.py', 'def test_pay():\n    pass\n', 'def pay():\n    pass\n', 'takes test cases'],
    [
      'shop_test.go',
      'func TestPay(t *testing.T) {\n}\n',
      'func TestPay(t *testing.T) {\n\tt.Skip("x")\n}\n',
      'skipped',
    ],
    ['src/lib.rs', '#[test]\nfn pays() {}\n', '#[test]\n#[ignore]\nfn pays() {}\n', 'skipped'],
    ['src/lib.rs', '#[test]\nfn pays() {}\n', 'fn pays() {}\n', 'takes test cases'],
    ['src/test/java/PayTest.java', '@Test\nvoid pays() {}\n', '@Test\n@Disabled\nvoid pays() {}\n', 'skipped'],
    ['PayTests.cs', '[Fact]\npublic void Pays() {}\n', '[Fact(Skip = "x")]\npublic void Pays() {}\n', 'skipped'],
    [
      'tests/PayTest.php',
      'function testPays() {\n}\n',
      'function testPays() {\n  $this->markTestSkipped();\n}\n',
      'skipped',
    ],
    ['spec/pay_spec.rb', "it 'pays' do\nend\n", "xit 'pays' do\nend\n", 'skipped'],
    ['test/pay_test.exs', 'test "pays" do\nend\n', '@tag :skip\ntest "pays" do\nend\n', 'skipped'],
    ['test/pay.bats', '@test "pays" {\n}\n', '@test "pays" {\n  skip\n}\n', 'skipped'],
    ['PayTests.swift', 'func testPays() {\n}\n', 'func testPays() throws {\n  throw XCTSkip()\n}\n', 'skipped'],
    ['pay_test.cc', 'TEST(Pay, Works) {\n}\n', 'TEST(Pay, DISABLED_Works) {\n}\n', 'skipped'],
    ['features/pay.feature', 'Scenario: pays\n', '@wip\nScenario: pays\n', 'skipped'],
  ])('%s in the words of its language: %j', async (path, before, after, words) => {
    const result = await judge({ [path]: before }, { [path]: after });
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining(words) });
  });
});

describe('tests that a new file keeps from running', () => {
  it.each<[string, string]>([
    ['a.test.js', "it.only('works', () => {});\n"],
    ['a.spec.ts', "fdescribe('all', () => {});\n"],
    ['test/aaa.js', 'process.exit(0);\n'],
    ['tests/test_a.py', 'import os\nos._exit(0)\n'],
    ['a_test.go', 'package a\n\nfunc TestMain(m *testing.M) {\n}\n'],
    ['tests/a.rs', '#[test]\nfn a() {\n  std::process::exit(0);\n}\n'],
    ['src/test/java/ATest.java', '@Test\nvoid a() { System.exit(0); }\n'],
    ['ATests.cs', '[Fact]\npublic void A() { Environment.Exit(0); }\n'],
    ['tests/ATest.php', '<?php\nexit(0);\n'],
    ['spec/a_spec.rb', "it 'a', :focus do\nend\n"],
    ['test/a_test.exs', 'System.halt(0)\n'],
    ['ATests.swift', 'func testA() { exit(0) }\n'],
    ['a_test.cc', 'TEST(A, B) { _exit(0); }\n'],
    ['test/a.bats', '@test "a" { # bats:focus\n}\n'],
    ['test/a_test.dart', "test('a', () => exit(0));\n"],
  ])('%s holds', async (path, text) => {
    expect(await judge({ 'b.test.js': adds }, { [path]: text })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('keeps other tests from running'),
    });
  });
});

describe('what tests are made of', () => {
  it.each<[string, Entries, Entries, string]>([
    ['a case that is data', { 'tests/cases/a.json': '{}\n' }, { 'tests/cases/a.json': null }, 'deletes'],
    ['a case of Go', { 'pkg/testdata/a.golden': '1\n' }, { 'pkg/testdata/a.golden': null }, 'deletes'],
    ['a test in a language that is not known here', { 'tests/a.zig': 'test\n' }, { 'tests/a.zig': null }, 'deletes'],
    [
      'a case by another name',
      { 'spec/cases/a.txt': 'one\ntwo\n' },
      { 'spec/cases/a.txt': null, 'spec/cases/a.off': 'one\ntwo\n' },
      'renames',
    ],
    ['a right to be run', { 'tests/a': { program: 'true\n' } }, { 'tests/a': 'true\n' }, 'can not be run'],
  ])('%s that is gone holds', async (_name, base, head, words) => {
    expect(await judge(base, head)).toMatchObject({ verdict: 'hold', reason: expect.stringContaining(words) });
  });
});

it.each([
  'test/a.js',
  'src/__tests__/a.tsx',
  'packages/x/test/deep/a.ts',
  'a.spec.ts',
  'a_test.go',
  'pkg/test_a.py',
  'pkg/a_test.py',
  'tests/a.rs',
  'spec/models/a_spec.rb',
  'src/test/java/com/AIT.java',
  'src/test/kotlin/ATest.kt',
  'Shop.Tests/PayTests.cs',
  'tests/Unit/PayTest.php',
  't/01-load.t',
  'cypress/e2e/a.cy.js',
  'src/__snapshots__/a.snap',
  'odd\nname.test.js',
])('%j is a test file by its name', async (path) => {
  await using workspace = await createPlainWorkspace();
  const change = { path, oldPath: null, kind: 'deleted', oldMode: '100644', mode: null } as const;
  const changes = [{ ...change, added: 0, deleted: 1, binary: false, bytes: 0, oldBytes: 4, filter: null }];
  expect((await createTestLossGate().check(gateInput(workspace, { changes }))).verdict).toBe('hold');
});

describe('no loss', () => {
  it.each<[string, Entries, Entries]>([
    ['a source deleted', { 'shop.js': 'a\n' }, { 'shop.js': null }],
    ['data deleted that is no test’s', { 'data/a.json': '{}\n' }, { 'data/a.json': null }],
    ['data of a test that says another thing', { 'tests/data/a.json': '{}\n' }, { 'tests/data/a.json': '[]\n' }],
    [
      'a program that ends',
      {},
      { 'src/main.rs': 'fn main() { std::process::exit(0) }\n', 'cli.js': 'process.exit(0);\n' },
    ],
    ['a test that says more', { 'a.test.js': adds }, { 'a.test.js': adds.replace('1 + 1, 2', '1 + 2, 3') }],
    ['a test that is called otherwise', { 'a.test.js': adds }, { 'a.test.js': adds.replace("'adds'", "'sums'") }],
    ['a test more', { 'a.test.js': adds }, { 'a.test.js': `${adds}test('ceils', () => {});\n` }],
    ['a skip taken out', { 'a.test.js': adds.replace("test('a", "test.skip('a") }, { 'a.test.js': adds }],
    ['a new file with a skip of its own', {}, { 'b.test.js': "test.skip('later', () => {});\n" }],
    ['a mode', { 'a.test.js': adds }, { 'a.test.js': adds, 'b.js': '1\n' }],
  ])('%s', async (_name, base, head) => {
    expect(await judge(base, head)).toEqual({ verdict: 'pass', checks: [] });
  });
});
