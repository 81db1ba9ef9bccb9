import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const cache = process.env['BATON_RUNNER_CACHE'] ?? '';
const node = `'${process.execPath}'`;

/** Files of a checkout, by path. */
export type Files = Readonly<Record<string, string>>;
export type How = 'pass' | 'fail' | 'skip';

/** A test, and what becomes of it. */
export interface Test {
  readonly name: string;
  readonly how: How;
}

/** A test runner as projects use it, and how tests are written for it. */
export interface Runner {
  readonly name: string;
  /** Why it can't be tried on this machine; null where it can. */
  readonly missing: string | null;
  readonly run: string;
  readonly report: string;
  /** The command that leaves the report and sums up on its output too, where `run` leaves the report alone. */
  readonly sumsUp?: string;
  /** A file of tests; `file` is its name without an ending. */
  write(file: string, tests: readonly Test[]): Files;
  /** A file that can't be loaded. */
  readonly broken: Files;
  /** A file whose one test is skipped and whose last hook fails; null where the runner runs no hook then. */
  readonly failingHook: Files | null;
}

/** Why a program isn't to be had from the cache of runners; null where it is. */
export const installed = (program: string): string | null =>
  existsSync(join(cache, 'node_modules', program)) ? null : `${program} is not in $BATON_RUNNER_CACHE`;
/** A file of the cache of runners, for a shell. */
export const inCache = (program: string): string => `'${join(cache, 'node_modules', program)}'`;
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

/** Why a program can't be used on this machine, by a command that says so; null where it can. */
export function without(probe: readonly [string, ...string[]]): string | null {
  try {
    const [program, ...rest] = probe;
    execFileSync(program, rest, { stdio: 'ignore' });
    return null;
  } catch {
    return `\`${probe.join(' ')}\` fails here`;
  }
}

/** For runners whose tests are calls with a name and a function. */
function calls(head: string, skip: string): (tests: readonly Test[]) => string {
  return (tests) =>
    [
      head,
      ...tests.map(({ name, how }) => {
        const call = how === 'skip' ? skip : 'test';
        return `${call}('${name}', () => { ${how === 'fail' ? "throw new Error('boom');" : ''} });`;
      }),
    ].join('\n');
}

const nodeHead = "const { test, after } = require('node:test');";
const nodeFiles: Pick<Runner, 'missing' | 'write' | 'broken' | 'failingHook'> = {
  missing: null,
  write: (file, tests) => ({ [`${file}.test.js`]: calls(nodeHead, 'test.skip')(tests) }),
  broken: { 'broken.test.js': "require('./no-such-module');" },
  failingHook: {
    'hook.test.js': `${nodeHead}\nafter(() => { throw new Error('leaks'); });\ntest.skip('card', () => {});`,
  },
};
const globals: Pick<Runner, 'broken' | 'failingHook'> = {
  broken: { 'broken.test.js': "require('./no-such-module');" },
  failingHook: null,
};

/** The runners that are tried for real. */
export const runners: readonly Runner[] = [
  {
    ...nodeFiles,
    name: 'node:test with its JUnit',
    run: `${node} --test --test-reporter=junit --test-reporter-destination=junit.xml`,
    report: 'junit.xml',
    sumsUp: `${node} --test --test-reporter=junit --test-reporter-destination=junit.xml --test-reporter=spec --test-reporter-destination=stdout`,
  },
  { ...nodeFiles, name: 'node:test with its TAP', run: `${node} --test --test-reporter=tap`, report: 'tap' },
  {
    ...globals,
    name: 'vitest',
    missing: null,
    run: `${node} '${vitest}' run --globals --reporter=junit --outputFile=junit.xml`,
    report: 'junit.xml',
    sumsUp: `${node} '${vitest}' run --globals --reporter=default --reporter=junit --outputFile=junit.xml`,
    write: (file, tests) => ({ [`${file}.test.js`]: calls('', 'test.skip')(tests) }),
    broken: { 'broken.test.js': "import './no-such-module';" },
  },
  {
    ...globals,
    name: 'jest with jest-junit',
    missing: installed('jest/bin/jest.js'),
    run: `JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true ${node} ${inCache('jest/bin/jest.js')} --rootDir . --reporters ${inCache('jest-junit')}`,
    report: 'junit.xml',
    sumsUp: `JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true ${node} ${inCache('jest/bin/jest.js')} --rootDir . --reporters default --reporters ${inCache('jest-junit')}`,
    write: (file, tests) => ({ 'package.json': '{}', [`${file}.test.js`]: calls('', 'test.skip')(tests) }),
  },
  {
    ...globals,
    name: 'mocha with mocha-junit-reporter',
    missing: installed('mocha/bin/mocha.js'),
    run: `${node} ${inCache('mocha/bin/mocha.js')} --reporter ${inCache('mocha-junit-reporter')} '*.test.js'`,
    report: 'test-results.xml',
    // One run has one reporter: what the second one prints is of the same tests.
    sumsUp: `for reporter in spec ${inCache('mocha-junit-reporter')}; do ${node} ${inCache('mocha/bin/mocha.js')} --reporter $reporter '*.test.js'; code=$?; done; exit $code`,
    write: (file, tests) => ({ [`${file}.test.js`]: calls('const test = it;', 'it.skip')(tests) }),
  },
  {
    ...globals,
    name: 'tape',
    missing: installed('tape/bin/tape'),
    run: `NODE_PATH=${inCache('')} ${node} ${inCache('tape/bin/tape')} '*.test.js'`,
    report: 'tap',
    write: (file, tests) => ({
      [`${file}.test.js`]: [
        "const test = require('tape');",
        ...tests.map(
          ({ name, how }) =>
            `test('group of ${name}', (t) => { t.ok(${how !== 'fail'}, '${name}'${how === 'skip' ? ', { skip: true }' : ''}); t.end(); });`,
        ),
      ].join('\n'),
    }),
  },
  {
    name: 'pytest',
    missing: without(['python3', '-c', 'import pytest']),
    run: 'python3 -m pytest -q -p no:cacheprovider --junit-xml=junit.xml',
    report: 'junit.xml',
    write: (file, tests) => ({
      [`test_${file}.py`]: [
        'import pytest',
        ...tests.map(
          ({ name, how }) =>
            `${how === 'skip' ? '@pytest.mark.skip\n' : ''}def test_${name}():\n    assert ${how === 'fail' ? 'False' : 'True'}\n`,
        ),
      ].join('\n'),
    }),
    broken: { 'test_broken.py': 'import no_such_module\n' },
    failingHook: {
      'test_hook.py':
        "import pytest\ndef teardown_module():\n    raise RuntimeError('leaks')\ndef test_first(): pass\n@pytest.mark.skip\ndef test_card(): pass\n",
    },
  },
  {
    name: 'bats',
    missing: installed('bats/bin/bats'),
    run: `${inCache('bats/bin/bats')} --tap --print-output-on-failure .`,
    report: 'tap',
    write: (file, tests) => ({
      [`${file}.bats`]: tests
        .map(({ name, how }) => `@test "${name}" { ${how === 'skip' ? 'skip' : how === 'fail' ? 'false' : 'true'}; }\n`)
        .join(''),
    }),
    broken: { 'broken.bats': '@test "cut off" {\n' },
    failingHook: { 'hook.bats': 'teardown_file() { false; }\n@test "card" { skip; }\n' },
  },
  {
    name: 'Test::More, whose files prove runs',
    missing: without(['perl', '-MTest::More', '-e', '1']),
    run: 'red=0; for file in *.t; do perl "$file" || red=1; done; exit $red',
    report: 'tap',
    write: (file, tests) => ({
      [`${file}.t`]: [
        `use Test::More tests => ${tests.length};`,
        ...tests.map(({ name, how }) =>
          how === 'skip'
            ? `SKIP: { skip '${name}', 1; ok(1, '${name}'); }`
            : `ok(${how === 'fail' ? 0 : 1}, '${name}');`,
        ),
      ].join('\n'),
    }),
    broken: { 'broken.t': 'use Test::More tests => 1;\nuse NoSuchModule;\n' },
    failingHook: null,
  },
];
