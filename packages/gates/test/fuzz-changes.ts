import { fuzzed, mutatedJson, mutatedText } from '@baton/conformance/fuzz';
import fc from 'fast-check';
import { expect } from 'vitest';
import { maskName } from '../src/checks/mask-name.js';
import { parseChangeDiff } from '../src/diff/change-diff.js';
import { judgeCharacters } from '../src/policy/judge-characters.js';
import { compareManifest, rulesOf } from '../src/protected/manifest-settings.js';
import { canonicalPath } from '../src/text/canonical-path.js';
import { cleanName, cleanOutput, listNames } from '../src/text/clean-output.js';
import { createGlob } from '../src/text/glob.js';

const manifests: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'package.json': mutatedJson([
    { name: 'a', version: '1.0.0', scripts: { test: 'vitest run' }, dependencies: { b: '^1.0.0' }, jest: {} },
    { name: 'a', type: 'module', engines: { node: '>=20' }, exports: { '.': './a.js' }, 'lint-staged': ['x'] },
  ]),
  'composer.json': mutatedJson([{ name: 'a/b', require: { php: '>=8' }, autoload: { 'psr-4': { 'A\\': 'src' } } }]),
  'pyproject.toml': mutatedText(
    [
      '[project]\nname = "a"\nrequires-python = ">=3.12"\ndependencies = ["b"]\n[tool.pytest.ini_options]\naddopts = "-q"\n',
      '[tool.poetry]\nversion = "1"\n[tool.poetry.dependencies]\na = { version = "1", extras = [] }\nat = 2026-01-01\n',
    ],
    [
      '[',
      ']',
      '[[tool.x]]\n',
      '"',
      "'''",
      '=',
      '__proto__ = 1\n',
      'a.b.c = 9223372036854775807\n',
      '{',
      '}',
      'inf',
      '\n',
    ],
  ),
  'Cargo.toml': mutatedText(
    [
      '[package]\nname = "a"\nedition = "2024"\nbuild = "build.rs"\n[dependencies]\nb = "1"\n[profile.release]\nlto = true\n',
    ],
    ['[', ']', '[[bin]]\n', '"', '=', 'constructor = 1\n', '9_000', '\n', '\ufeff'],
  ),
};
const manifest = fc
  .constantFrom(...Object.keys(manifests))
  .chain((name) => fc.record({ name: fc.constant(name), before: text(name), now: text(name) }));

function text(name: string): fc.Arbitrary<string> {
  const grown = manifests[name] ?? expect.fail(name);
  return fc.oneof({ weight: 9, arbitrary: grown }, fc.constantFrom('', '\ufeff{}', '{'));
}

export const manifestChanges = fuzzed(
  'a manifest tells which settings differ, or can not be read',
  manifest,
  (told) => {
    const rules = rulesOf(`some/where/${told.name}`) ?? expect.fail(told.name);
    const found = compareManifest(rules, told.before, told.now);
    if (found !== null) for (const { key } of found) expect(key).toBeTypeOf('string');
    expect(compareManifest(rules, told.now, told.now) ?? []).toEqual([]);
    expect((compareManifest(rules, told.now, told.before) ?? []).length).toBe(found?.length ?? 0);
  },
  [{ name: 'package.json', before: '{}', now: `{${' '.repeat(600 * 1_024)}}` }],
);

const diff = mutatedText(
  [
    `diff --git a/a.txt b/a.txt
index 1234567..89abcde 100644
--- a/a.txt
+++ b/a.txt
@@ -1,3 +1,3 @@ context
 one
-two
+zwei
 three
\\ No newline at end of file
`,
    `diff --git a/old.txt b/new.txt
similarity index 90%
rename from old.txt
rename to new.txt
--- a/old.txt
+++ b/new.txt
@@ -1 +1 @@
-a
+b
diff --git a/gone.txt b/gone.txt
deleted file mode 100644
index 1234567..0000000
--- a/gone.txt
+++ /dev/null
@@ -1 +0,0 @@
-gone
`,
    'diff --git a/HEAD b/HEAD\nnew file mode 100644\n--- /dev/null\n+++ b/HEAD\n@@ -0,0 +1 @@\n+ref: refs/heads/main\n',
    'diff --git a/x.png b/x.png\nBinary files a/x.png and b/x.png differ\n',
  ],
  [
    ...[
      '@@ -1 +1 @@\n',
      '@@ -0,0 +1,999999999 @@\n',
      '--- ',
      '+++ ',
      '+',
      '-',
      ' ',
      '\\ No newline at end of file\n',
      '\r',
      '\u2028',
    ],
    ...['--- "a/\\303\\251"\n', '\u202e', '\u200b', '\u001b[2J', '+++ /dev/null\n', 'Index: x\n', '===\n', '\n', '\0'],
    ...['\rdiff --git a/a.txt b/a.txt', '\u2028diff --git a/a.txt b/a.txt\u2028@@ -1 +1 @@'],
  ],
);

const headers = (text: string): number => text.split('\n').filter((line) => line.startsWith('diff --git ')).length;

export const diffs = fuzzed('a diff tells what it adds, or can not be read', diff, (each) => {
  const files = parseChangeDiff(each);
  // What stands before the first header is one, too. No line that a change adds makes another.
  expect(files?.length ?? 0).toBeLessThanOrEqual(headers(each) + 1);
  for (const file of files ?? []) {
    const before = file.restore('one\nzwei\nthree');
    if (before !== null) expect(before).toBeTypeOf('string');
    for (const line of file.addedLines) expect(each).toContain(line);
  }
  for (const { text: objection } of judgeCharacters(files ?? [])) expect(objection).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

const names = mutatedText(
  [
    'src/cart.ts > adds 0x7ffe4 in 12 ms at 2026-01-01T10:00:00Z',
    '.GIT/config',
    'git~1/x:$DATA',
    '/tmp/a-1 127.0.0.1:8080 123e4567-e89b-12d3-a456-426614174000',
    '\u001b[31mred\u001b[0m\r\nover\rdrawn\n',
    'x'.repeat(200),
  ],
  [
    '\u001b[',
    '\u202e',
    '\ud800',
    '\r',
    '\n',
    '.',
    ' ',
    '/',
    '\\',
    ':',
    '\u200d',
    '\u00df',
    'a'.repeat(99),
    '\u009b31m',
  ],
);

export const texts = fuzzed('a name or output is shown without what a terminal obeys', names, (each) => {
  const [name, output] = [cleanName(each, 80), cleanOutput(each, 120)];
  expect(name.length).toBeLessThanOrEqual(80);
  expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(output).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(output.length).toBeLessThanOrEqual(122);
  expect(listNames(each.split(/\W/))).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(maskName(each)).toBeTypeOf('string');
  expect(rulesOf(each)).toBe(null);
  expect(canonicalPath(each).split('/')).not.toContain('.GIT');
});

const path = fc.array(fc.constantFrom('a', 'b', 'aa', 'src', '.', '', '*', '😀', '\udc00'), { maxLength: 30 });
const segment = fc
  .array(fc.constantFrom('a', 'b', '*', '?', '😀', '.'), { maxLength: 24 })
  .map((each) => each.join(''));
const pattern = fc.array(fc.oneof(segment, fc.constantFrom('**', '', '.')), { maxLength: 12 });

export const patterns = fuzzed(
  'a pattern meets what lies below what it meets, and takes no time',
  fc.record({
    pattern: fc.oneof(
      pattern.map((each) => each.join('/')),
      fc.constantFrom('', 'src'),
    ),
    path: path.map((each) => each.join('/')),
  }),
  ({ pattern: wanted, path: found }) => {
    const meets = createGlob(wanted);
    if (meets(found)) expect(meets(`${found}/below`)).toBe(true);
    expect(createGlob(`${'*a'.repeat(12)}/**/${wanted}`)('a'.repeat(4_000))).toBeTypeOf('boolean');
  },
);
