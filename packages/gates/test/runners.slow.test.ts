import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import type { GateResult } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createCheckGate } from '../src/index.js';
import { gateInput } from './gate-input.js';
import { createPlainWorkspace } from './plain-workspace.js';

const cache = process.env['BATON_RUNNER_CACHE'] ?? '';
const node = `'${process.execPath}'`;

type Files = Readonly<Record<string, string>>;
type How = 'pass' | 'fail' | 'skip';

interface Test {
  readonly name: string;
  readonly how: How;
}

/** A test runner as projects use it, and how tests are written for it. */
interface Runner {
  readonly name: string;
  /** Why it can't be tried on this machine; null where it can. */
  readonly missing: string | null;
  readonly run: string;
  readonly report: string;
  /** A file of tests; `file` is its name without an ending. */
  write(file: string, tests: readonly Test[]): Files;
  /** A file that can't be loaded. */
  readonly broken: Files;
  /** A file whose one test is skipped and whose last hook fails; null where the runner runs no hook then. */
  readonly failingHook: Files | null;
}

const installed = (program: string): string | null =>
  existsSync(join(cache, 'node_modules', program)) ? null : `${program} is not in $BATON_RUNNER_CACHE`;
const inCache = (program: string): string => `'${join(cache, 'node_modules', program)}'`;
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

function without(probe: readonly [string, ...string[]]): string | null {
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

const runners: readonly Runner[] = [
  {
    ...nodeFiles,
    name: 'node:test with its JUnit',
    run: `${node} --test --test-reporter=junit --test-reporter-destination=junit.xml`,
    report: 'junit.xml',
  },
  { ...nodeFiles, name: 'node:test with its TAP', run: `${node} --test --test-reporter=tap`, report: 'tap' },
  {
    ...globals,
    name: 'vitest',
    missing: null,
    run: `${node} '${vitest}' run --globals --reporter=junit --outputFile=junit.xml`,
    report: 'junit.xml',
    write: (file, tests) => ({ [`${file}.test.js`]: calls('', 'test.skip')(tests) }),
    broken: { 'broken.test.js': "import './no-such-module';" },
  },
  {
    ...globals,
    name: 'jest with jest-junit',
    missing: installed('jest/bin/jest.js'),
    run: `JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true ${node} ${inCache('jest/bin/jest.js')} --rootDir . --reporters ${inCache('jest-junit')}`,
    report: 'junit.xml',
    write: (file, tests) => ({ 'package.json': '{}', [`${file}.test.js`]: calls('', 'test.skip')(tests) }),
  },
  {
    ...globals,
    name: 'mocha with mocha-junit-reporter',
    missing: installed('mocha/bin/mocha.js'),
    run: `${node} ${inCache('mocha/bin/mocha.js')} --reporter ${inCache('mocha-junit-reporter')} '*.test.js'`,
    report: 'test-results.xml',
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

async function judge(runner: Runner, base: Files, head: Files, run = runner.run): Promise<GateResult> {
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const gate = createCheckGate({
    commands: [{ name: 'test', run, report: runner.report, env: { PATH: path, PYTHONDONTWRITEBYTECODE: '1' } }],
    flakeRetries: 0,
  });
  await using before = await createPlainWorkspace(base);
  await using now = await createPlainWorkspace(head);
  const baseline = (await gate.baseline?.(before)) ?? [];
  return await gate.check(gateInput(now, { baseline }));
}

const tests = (pay: How, refund: How): readonly Test[] => [
  { name: 'pays', how: pay },
  { name: 'refunds', how: refund },
  { name: 'later', how: 'skip' },
];

describe.each(runners)('$name', (runner) => {
  const { write, missing } = runner;
  const shop = (pay: How, refund: How): Files => write('shop', tests(pay, refund));
  const whole = `( ${runner.run} )`;

  it.for<[string, Files, Files, GateResult['verdict']]>([
    ['green stays green', shop('pass', 'pass'), shop('pass', 'pass'), 'pass'],
    ['a failure of the base stays', shop('pass', 'fail'), shop('pass', 'fail'), 'pass'],
    ['one is mended', shop('fail', 'fail'), shop('pass', 'fail'), 'pass'],
    ['one breaks beside one that was red', shop('pass', 'fail'), shop('fail', 'fail'), 'rework'],
    ['one is mended and another breaks', shop('pass', 'fail'), shop('fail', 'pass'), 'rework'],
    ['a test is skipped', shop('pass', 'pass'), shop('skip', 'pass'), 'hold'],
  ])('%s', async ([_name, base, head, verdict], context) => {
    if (missing !== null) context.skip(missing);
    expect((await judge(runner, base, head)).verdict).toBe(verdict);
  });

  it('a file that does not load any more never passes', async (context) => {
    if (missing !== null) context.skip(missing);
    const green = shop('pass', 'pass');
    expect((await judge(runner, green, { ...green, ...runner.broken })).verdict).toBe('rework');
    const red = shop('pass', 'fail');
    expect((await judge(runner, red, { ...red, ...runner.broken })).verdict).not.toBe('pass');
  });

  it('of two tests with one name, one mended and the other broken never passes', async (context) => {
    if (missing !== null) context.skip(missing);
    const two = (cart: How, order: How): Files => ({
      ...write('cart', [{ name: 'same', how: cart }]),
      ...write('order', [{ name: 'same', how: order }]),
    });
    expect((await judge(runner, two('pass', 'fail'), two('fail', 'pass'))).verdict).not.toBe('pass');
    expect((await judge(runner, two('fail', 'fail'), two('fail', 'fail'))).verdict).toBe('pass');
  });

  it('a hook that fails where tests are skipped never passes', async (context) => {
    if (missing !== null) context.skip(missing);
    if (runner.failingHook === null) context.skip(`${runner.name} runs no such hook, or tells nothing of it`);
    const red = shop('pass', 'fail');
    expect((await judge(runner, red, { ...red, ...runner.failingHook })).verdict).not.toBe('pass');
  });

  it('an exit code that contradicts the tests is seen', async (context) => {
    if (missing !== null) context.skip(missing);
    const swallowed = `${whole} || true`;
    const broken = await judge(runner, shop('pass', 'pass'), shop('fail', 'pass'), swallowed);
    expect(broken).toMatchObject({ verdict: 'rework', feedback: expect.stringContaining('pays') });
    const always = `${whole}; exit $(cat code)`;
    const coded = (code: number): Files => ({ ...shop('pass', 'pass'), code: `${code}` });
    expect((await judge(runner, coded(0), coded(3), always)).verdict).toBe('rework');
    expect((await judge(runner, coded(3), coded(3), always)).verdict).toBe('hold');
  });
});
