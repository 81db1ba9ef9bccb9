import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { CheckRun } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createCheckGate } from '../src/index.js';
import { createPlainWorkspace } from './plain-workspace.js';
import { type Files, type How, inCache, installed, runners, without } from './runners.js';

async function measure(run: string, report: string | null, files: Files): Promise<CheckRun | null> {
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const gate = createCheckGate({
    commands: [
      { name: 'test', run, ...(report !== null && { report }), env: { PATH: path, PYTHONDONTWRITEBYTECODE: '1' } },
    ],
  });
  await using workspace = await createPlainWorkspace(files);
  const [evidence] = (await gate.baseline?.(workspace)) ?? [];
  return evidence?.base ?? null;
}

describe.each(runners)('$name sums up on its output', ({ missing, run, sumsUp = run, report, write }) => {
  const shop = (...hows: readonly How[]): Files =>
    write(
      'shop',
      hows.map((how, index) => ({ name: `pays_${index}`, how })),
    );

  it.for<[string, Files]>([
    ['green', shop('pass', 'pass', 'skip')],
    ['one red test', shop('pass', 'fail', 'skip')],
    ['several in two files', { ...shop('fail', 'pass', 'fail'), ...write('cart', [{ name: 'adds', how: 'fail' }]) }],
  ])('as its report tells: %s', async ([, files], context) => {
    if (missing !== null) context.skip(missing);
    const measured = await measure(sumsUp, report, files);
    const failed = measured?.tests?.filter(({ status }) => status === 'failed').length;
    expect(measured?.exitCode === 0, measured?.excerpt).toBe(failed === 0);
    expect(measured?.summary?.failed ?? 0, measured?.excerpt).toBe(failed);
  });
});

/** Runners that leave no report of theirs: two tests that pass and those of `red` that don't. */
const printing: readonly (readonly [string, string | null, string, (red: readonly string[]) => Files])[] = [
  [
    'unittest',
    without(['python3', '-c', 'import unittest']),
    'python3 -m unittest',
    (red) => ({
      'test_shop.py': [
        'import unittest\nclass Shop(unittest.TestCase):',
        '    def test_pays(self): pass',
        '    @unittest.expectedFailure\n    def test_later(self): self.fail()',
        ...red.map(
          (name, index) => `    def test_${name}(self): ${index === 0 ? 'self.fail()' : 'raise RuntimeError()'}`,
        ),
      ].join('\n'),
    }),
  ],
  [
    'CTest',
    without(['ctest', '--version']),
    'cmake -S . -B build && ctest --test-dir build',
    (red) => ({
      'CMakeLists.txt': [
        'cmake_minimum_required(VERSION 3.10)\nproject(shop NONE)\nenable_testing()\nadd_test(NAME pays COMMAND true)',
        ...red.map((name) => `add_test(NAME ${name} COMMAND false)`),
      ].join('\n'),
    }),
  ],
  [
    'Cargo',
    without(['cargo', '--version']),
    // A home of its own has no toolchain.
    `RUSTUP_HOME='${process.env['RUSTUP_HOME'] ?? join(homedir(), '.rustup')}' cargo test --offline --no-fail-fast`,
    (red) => ({
      'Cargo.toml': '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/lib.rs': `#[test] fn pays() {}\n#[test] #[ignore] fn later() {}\n${red.map((name) => `#[test] fn ${name}() { panic!() }`).join('\n')}\n`,
    }),
  ],
  [
    'prove',
    without(['prove', '--version']),
    'prove shop.t',
    (red) => ({
      'shop.t': [
        "use Test::More;\nok(1, 'pays');\nTODO: { local $TODO = 'later'; ok(0, 'later'); }",
        ...red.map((name) => `ok(0, '${name}');`),
        'done_testing();\n',
      ].join('\n'),
    }),
  ],
  [
    'bats, as people read it',
    installed('bats/bin/bats'),
    `TERM=xterm ${inCache('bats/bin/bats')} --pretty .`,
    (red) => ({
      'shop.bats': ['@test "pays" { true; }', ...red.map((name) => `@test "${name}" { false; }`), ''].join('\n'),
    }),
  ],
];

it.for(printing)('%s sums up on its output, without a report', async ([, missing, run, write], context) => {
  if (missing !== null) context.skip(missing);
  const green = await measure(run, null, write([]));
  expect(green, green?.excerpt).toMatchObject({ exitCode: 0, summary: { failed: 0, runners: [expect.any(String)] } });
  const red = await measure(run, null, write(['adds', 'refunds']));
  expect(red?.exitCode).not.toBe(0);
  expect(red?.summary, red?.excerpt).toEqual({ failed: 2, runners: green?.summary?.runners });
});
