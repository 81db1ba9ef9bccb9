import { type GateRig, gateContract } from '@baton/conformance';
import type { GateInput, GateResult } from '@baton/core';
import { afterAll, describe, expect, it } from 'vitest';
import { type ChangePolicyOptions, createChangePolicyGate } from '../src/index.js';
import { gateInput } from './gate-input.js';
import { createPlainWorkspace } from './plain-workspace.js';
import { changeOf, type Entry } from './repository.js';

type Entries = Readonly<Record<string, Entry>>;

async function judge(base: Entries, head: Entries, options?: ChangePolicyOptions): Promise<GateResult> {
  await using input = await changeOf({ 'README.md': 'hello\n', ...base }, head);
  return await createChangePolicyGate(options).check(input);
}

/** A new file of one line, without git: where only the name matters. */
async function judgeName(path: string, options?: ChangePolicyOptions): Promise<GateResult> {
  await using workspace = await createPlainWorkspace();
  const change = { path, oldPath: null, kind: 'added', oldMode: null, mode: '100644' } as const;
  return await createChangePolicyGate(options).check(
    gateInput(workspace, {
      changes: [{ ...change, added: 1, deleted: 0, binary: false, bytes: 4, oldBytes: 0, filter: null }],
    }),
  );
}

const manifest = (scripts: Readonly<Record<string, string>>, more: object = {}): string =>
  `${JSON.stringify({ name: 'shop', version: '1.0.0', scripts, dependencies: { left: '1.0.0' }, ...more }, null, 2)}\n`;

describe('as a gate', () => {
  const opened: AsyncDisposable[] = [];
  afterAll(async () => {
    for (const each of opened) await each[Symbol.asyncDispose]();
  });
  /** Made once for all cases: git takes its time, and the suite itself sees to it that no gate changes a checkout. */
  const situation = (head: Entries): (() => Promise<GateInput>) => {
    let made: Promise<GateInput & AsyncDisposable> | undefined;
    return async () => {
      made ??= changeOf({ 'a.ts': 'one\n' }, head);
      opened.push(await made);
      return made;
    };
  };
  const situations: GateRig['situations'] = {
    pass: situation({ 'a.ts': 'two\n' }),
    rework: situation({ 'a.ts': '<<<<<<< ours\none\n=======\ntwo\n>>>>>>> theirs\n' }),
    hold: situation({ '.github/workflows/ci.yml': 'on: push\n' }),
    stop: situation({ 'vendor/lib': 'gitlink' }),
  };
  gateContract(it, async () => ({
    gate: createChangePolicyGate(),
    checks: [],
    situations,
    processes: async () => [],
    dispose: async () => {},
  }));
});

describe('size', () => {
  it('up to the limits passes; more files or lines than allowed hold', async () => {
    const three = { 'a.ts': '1\n2\n', 'b.ts': '1\n', 'c.ts': '1\n' };
    expect(await judge({}, three, { maxFiles: 3, maxLines: 4 })).toEqual({ verdict: 'pass', checks: [] });
    expect(await judge({}, three, { maxFiles: 2 })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('3 files'),
    });
    expect(await judge({}, three, { maxLines: 3 })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('4 lines'),
    });
  });

  it('no change is none of its business (G24)', async () => {
    expect((await judge({}, {})).verdict).toBe('pass');
  });

  it('a change that leaves nothing holds', async () => {
    expect(await judge({}, { 'README.md': null })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('every file'),
    });
  });

  it.each(['maxFiles', 'maxLines'] as const)('%s below zero is refused', (setting) => {
    expect(() => createChangePolicyGate({ [setting]: Number.NaN })).toThrowError(
      expect.objectContaining({ code: 'CONFIG_INVALID', details: { setting } }),
    );
  });
});

describe('what Baton itself is run by', () => {
  const refusal = {
    verdict: 'stop',
    outcome: 'refused',
    reason: expect.stringContaining('It changes what Baton itself is run by, which only people may'),
  };
  const lenient: ChangePolicyOptions = { onProtected: 'allow', protectDefaults: false, onBinary: 'allow' };

  it.each([
    'baton.config.yaml',
    'baton.config.yml',
    'baton.config.json',
    'baton.config.ts',
    'packages/web/baton.config.mjs',
    '.baton.yaml',
    '.baton.yml',
    '.baton',
    '.baton.yaml/anything',
    '.baton.yml/anything',
    '.baton/local/people.yaml',
    '.baton/local/issues/0002-next.md',
    'tools/.baton/policy.yaml',
    // As other file systems and readers take them.
    'Baton.Config.YAML',
    'ｂaton.config.yaml',
    'baton\u200d.config.yaml',
    'baton.config.yaml.',
    'baton.config.yaml::$DATA',
    '.BATON\\local\\people.yaml',
  ])('%s is refused whatever is set', async (path) => {
    expect(await judgeName(path, lenient)).toMatchObject(refusal);
  });

  it('a change, a move, a link in its place and a deletion are refused too, and so is one that no diff tells', async () => {
    const base = { 'baton.config.yaml': 'version: 1\nprojects: []\nconcurrency: 3\n', 'a.ts': 'one\n' };
    const text = base['baton.config.yaml'];
    const heads: readonly Entries[] = [
      { 'baton.config.yaml': `${text}# more\n` },
      { 'baton.config.yaml': null, 'old.yaml': text },
      { 'baton.config.yaml': { link: 'a.ts' } },
      { 'baton.config.yaml': null },
      { '.baton': 'gitlink' },
    ];
    for (const head of heads) expect(await judge(base, head, lenient)).toMatchObject(refusal);
    await using workspace = await createPlainWorkspace();
    const change = { path: '.baton.yaml', oldPath: null, kind: 'added', oldMode: null, mode: '100644' } as const;
    const unread = {
      changes: [{ ...change, added: 1, deleted: 0, binary: false, bytes: 4, oldBytes: 0, filter: null }],
      diff: '@@ -1 +1,9 @@\n+a\n',
    };
    expect(await createChangePolicyGate().check(gateInput(workspace, unread))).toMatchObject(refusal);
  });

  it('files that the operator names are among it, and others are not', async () => {
    const options = { ...lenient, controls: ['ops/Daemon.yaml'] };
    expect(await judgeName('ops/daemon.yaml', options)).toMatchObject(refusal);
    for (const path of ['ops/other.yaml', 'src/baton.ts', 'baton.yaml', 'docs/baton.config.md.txt/a']) {
      expect(await judgeName(path, options)).toMatchObject({ verdict: 'pass' });
    }
  });
});

describe('protected paths', () => {
  it.each([
    '.github/workflows/ci.yml',
    '.gitlab-ci.yml',
    '.gitattributes',
    'vitest.config.ts',
    'packages/web/jest.config.mjs',
    'packages/web/.mocharc.json',
    'pytest.ini',
    'tests/conftest.py',
    'setup.cfg',
    'Makefile',
  ])('%s holds by default', async (path) => {
    expect(await judge({}, { [path]: 'x\n' })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining(path),
    });
  });

  it.each(['src/config.ts', 'docs/.github-guide.md', 'src/test/cart.test.ts'])('%s does not', async (path) => {
    expect((await judgeName(path)).verdict).toBe('pass');
  });

  it('block refuses, allow lets pass, and what is configured comes on top', async () => {
    const head = { '.github/a.yml': 'x\n', 'infra/.hidden/main.tf': 'x\n' };
    const protectedPaths = ['infra/**'];
    expect(await judge({}, head, { onProtected: 'block', protectedPaths })).toMatchObject({
      verdict: 'stop',
      outcome: 'refused',
      reason: expect.stringMatching(
        /It changes ci \(.+\): `\.github\/a\.yml`\. It changes protected files: `infra\/\.hidden\/main\.tf`\./,
      ),
    });
    expect((await judge({}, head, { onProtected: 'allow', protectedPaths })).verdict).toBe('pass');
    expect((await judge({}, { '.github/a.yml': 'x\n' }, { protectDefaults: false })).verdict).toBe('pass');
  });

  it('each kind leads to what is set for it, and what is allowed is told all the same', async () => {
    const head = { 'yarn.lock': 'x\n', 'src/a.ts': 'x\n' };
    const told = [
      expect.stringMatching(/^It changes lockfiles \(lock files, which .+\): `yarn\.lock`\.$/),
      "Checks are not run with the base's versions of what decides what is installed: `yarn.lock`.",
    ];
    expect(await judge({}, head)).toMatchObject({ verdict: 'hold', notes: told });
    expect(await judge({}, head, { onProtected: { lockfiles: 'block' } })).toMatchObject({
      verdict: 'stop',
      notes: told,
    });
    expect(await judge({}, head, { onProtected: { ci: 'block' } })).toMatchObject({ verdict: 'hold', notes: told });
    expect(await judge({}, head, { onProtected: { lockfiles: 'allow' } })).toEqual({
      verdict: 'pass',
      checks: [],
      notes: told,
    });
    expect(
      await judge({}, { 'infra/a': 'x\n' }, { protectedPaths: ['infra/**'], onProtected: { configured: 'block' } }),
    ).toMatchObject({
      verdict: 'stop',
    });
  });

  it('one that is moved away or deleted counts too', async () => {
    const base = { 'vitest.config.ts': 'export default { test: { include: ["a", "b"] } };\n' };
    const text = base['vitest.config.ts'];
    expect((await judge(base, { 'vitest.config.ts': null, 'old/config.ts': text })).verdict).toBe('hold');
    expect((await judge(base, { 'vitest.config.ts': null })).verdict).toBe('hold');
  });
});

describe('scripts and settings in manifests', () => {
  const base = { 'package.json': manifest({ test: 'vitest run', build: 'tsc' }) };

  it('a weakened script holds, and is named', async () => {
    const head = { 'package.json': manifest({ test: 'vitest run || true', build: 'tsc' }) };
    expect(await judge(base, head)).toMatchObject({
      verdict: 'hold',
      reason: expect.stringMatching(/^It changes tasks \(scripts .+\): `package\.json: scripts\.test`\.$/),
    });
    expect(await judge(base, head, { onProtected: 'block' })).toMatchObject({ verdict: 'stop', outcome: 'refused' });
  });

  it.each([
    ['a hook around a script', manifest({ pretest: 'rm -r test', test: 'vitest run', build: 'tsc' })],
    ['a script removed', manifest({ test: 'vitest run' })],
    ['settings of a runner', manifest({ test: 'vitest run', build: 'tsc' }, { jest: { testMatch: [] } })],
    ['something that is no JSON', '{ "scripts": '],
    ['no file', null],
  ])('%s holds', async (_name, content) => {
    expect((await judge(base, { 'package.json': content })).verdict).toBe('hold');
  });

  it.each([
    ['the order of scripts', manifest({ build: 'tsc', test: 'vitest run' })],
    ['line ends', manifest({ test: 'vitest run', build: 'tsc' }).replaceAll('\n', '\r\n')],
  ])('%s does not', async (_name, content) => {
    expect((await judge(base, { 'package.json': content })).verdict).toBe('pass');
  });

  it.each([
    ['dependencies', 'a dependency', 'dependencies.left', { dependencies: { left: '1.0.1' } }],
    ['dependencies', 'an override', 'overrides.left', { overrides: { left: 'npm:other@1' } }],
    ['package-manager', 'the package manager', 'packageManager', { packageManager: 'npm@1.0.0' }],
    ['toolchain', 'engines', 'engines.node', { engines: { node: '>=1' } }],
    ['test-runner', 'settings of a test runner', 'jest.testMatch', { jest: { testMatch: [] } }],
    ['tasks', 'a program of the package', 'bin.vitest', { bin: { vitest: 'true.js' } }],
    ['tools', 'a section that nobody knows', 'acme.skip', { acme: { skip: true } }],
  ] as const)('%s: %s is named', async (kind, _what, key, more) => {
    const head = { 'package.json': manifest({ test: 'vitest run', build: 'tsc' }, more) };
    expect(await judge(base, head)).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining(`package.json: ${key}`),
    });
    expect(await judge(base, head, { onProtected: { [kind]: 'allow' } })).toMatchObject({ verdict: 'pass' });
    expect(await judge(base, head, { onProtected: { [kind]: 'block' } })).toMatchObject({ verdict: 'stop' });
  });

  it('a new one can weaken as well as a changed one; one that only names and exports can not', async () => {
    expect((await judge(base, { 'packages/a/package.json': manifest({ test: 'true' }) })).verdict).toBe('hold');
    expect(await judge({}, { 'pyproject.toml': '[tool.pytest.ini_options]\naddopts = "-k none"\n' })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('pyproject.toml: tool.pytest.ini_options'),
    });
    const plain = '{ "name": "a", "version": "1.0.0", "type": "module", "exports": "./a.js" }\n';
    expect((await judge(base, { 'packages/a/package.json': plain })).verdict).toBe('pass');
  });

  it('one that is gone or moved counts by what it held', async () => {
    const text = base['package.json'];
    expect(await judge(base, { 'package.json': null })).toMatchObject({
      reason: expect.stringContaining('package.json: scripts.test'),
    });
    const moved = await judge(base, { 'package.json': null, 'old/package.json': text });
    expect(moved).toMatchObject({ reason: expect.stringContaining('`old/package.json: scripts.test`') });
    expect(moved).toMatchObject({ reason: expect.stringContaining('`package.json: scripts.test`') });
  });

  it.each([
    ['Cargo.toml', '[package]\nname = "a"\nversion = "1.0.0"\n', '[dependencies]\nleft = "1"\n', 'dependencies.left'],
    ['Cargo.toml', '[package]\nname = "a"\n', '[[test]]\nname = "t"\nharness = false\n', 'test'],
    ['pyproject.toml', '[project]\nname = "a"\n', '[build-system]\nrequires = ["x"]\n', 'build-system.requires'],
    ['composer.json', '{"name":"a/b"', ',"scripts":{"test":"true"}', 'scripts.test'],
  ])('of %s too: %j with %j', async (name, before, more, key) => {
    const end = name.endsWith('json') ? '}\n' : '';
    const files = { [name]: `${before}${end}` };
    expect(await judge(files, { [name]: `${before}${more}${end}` })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining(`${name}: ${key}`),
    });
  });

  it('of pyproject.toml the test settings count, however they are spelt', async () => {
    const project = (tool: string, version = '1.0') => ({
      'pyproject.toml': `[project]\nname = "shop"\nversion = "${version}"\n\n${tool}`,
    });
    const before = project('[tool.pytest.ini_options]\naddopts = "-q"\n');
    expect(await judge(before, project('[tool]\npytest.ini_options.addopts = "-q -k none"\n'))).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('pyproject.toml: tool.pytest.ini_options'),
    });
    expect((await judge(before, project('[tool.pytest.ini_options]\naddopts = "-q"\n', '1.1'))).verdict).toBe('pass');
  });
});

describe('links', () => {
  it.each([
    ['absolute', 'etc', '/etc/passwd'],
    ['out of the tree', 'src/out', '../../secret'],
    ['by way of a directory', 'out', 'src/../../secret'],
    ['into git', 'src/config', '../.git/config'],
  ])('a symlink that leads %s is refused', async (_name, path, link) => {
    expect(await judge({}, { [path]: { link } })).toMatchObject({
      verdict: 'stop',
      outcome: 'refused',
      reason: expect.stringContaining(path),
    });
  });

  it('one that stays inside holds, whether new, changed, moved, or in place of a file', async () => {
    const base = { 'a.ts': 'one\n', 'now.ts': { link: 'a.ts' } };
    expect((await judge(base, { 'src/b.ts': { link: '../a.ts' } })).verdict).toBe('hold');
    expect((await judge(base, { 'now.ts': { link: 'README.md' } })).verdict).toBe('hold');
    expect((await judge(base, { 'now.ts': null, 'src/deep/now.ts': { link: 'a.ts' } })).verdict).toBe('hold');
    expect((await judge(base, { 'a.ts': { link: 'README.md' } })).verdict).toBe('hold');
    expect((await judge(base, { 'a.ts': { link: '/etc/passwd' } })).verdict).toBe('stop');
    expect((await judge(base, { 'now.ts': null })).verdict).toBe('pass');
  });

  it('a nested repository is refused', async () => {
    expect(await judge({}, { 'vendor/lib': 'gitlink' })).toMatchObject({
      verdict: 'stop',
      outcome: 'refused',
      reason: expect.stringContaining('vendor/lib'),
    });
  });
});

describe('what nobody can read', () => {
  const bytes = new Uint8Array([0, 1, 2, 3]);

  it('a new binary file holds, a deleted one does not, and the operator may allow them', async () => {
    expect(await judge({}, { 'logo.png': bytes })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('logo.png'),
    });
    expect((await judge({}, { 'logo.png': bytes }, { onBinary: 'allow' })).verdict).toBe('pass');
    expect((await judge({ 'logo.png': bytes }, { 'logo.png': null })).verdict).toBe('pass');
  });

  it('a diff that is none holds', async () => {
    await using workspace = await createPlainWorkspace({ 'a.ts': 'two\n' });
    const change = { path: 'a.ts', oldPath: null, kind: 'modified', oldMode: '100644', mode: '100644' } as const;
    const result = await createChangePolicyGate().check(
      gateInput(workspace, {
        changes: [{ ...change, added: 1, deleted: 1, binary: false, bytes: 4, oldBytes: 4, filter: null }],
        diff: 'diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1,9 +1,9 @@\n-one\n+two\n',
      }),
    );
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('could not be read') });
  });
});

describe('what reads as something else', () => {
  it.each([
    ["git's own directory", '.g\u200cit/config'],
    ["git's own directory", 'docs/GIT~1/config'],
    ["git's own directory", '.git./config'],
    ["git's own directory", '.git::$INDEX_ALLOCATION/config'],
    ['characters that nobody sees', 'src/a\u202egpj.ts'],
    ['Windows', 'src/nul.ts'],
    ['Windows', 'docs/BATONC~1.YAM'],
    ['Windows', 'src/a?.ts'],
  ])('a name that is read as %s holds: %j', async (told, path) => {
    expect(await judgeName(path)).toMatchObject({ verdict: 'hold', reason: expect.stringContaining(told) });
  });

  it('names that differ in case alone hold, of files and of directories', async () => {
    expect((await judge({}, { 'src/a.ts': 'x\n', 'src/A.ts': 'x\n' })).verdict).toBe('hold');
    expect((await judge({}, { 'src/a.ts': 'x\n', 'Src/b.ts': 'x\n' })).verdict).toBe('hold');
    expect((await judge({ 'src/a.ts': 'one\n' }, { 'src/a.ts': null, 'src/A.ts': 'one\n' })).verdict).toBe('pass');
  });

  it('a repository written as plain files holds', async () => {
    const head = { 'docs/api/HEAD': 'ref: refs/heads/main\n', 'docs/api/config': '[core]\n', 'docs/api/objects/x': '' };
    expect(await judge({}, head)).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('docs/api/HEAD') });
    expect((await judge({}, { 'bin/head': '#!/bin/sh\n' })).verdict).toBe('pass');
  });

  it.each([
    ['if (user !== "admin\u202e \u2066// check\u2069 \u2066") {}'],
    ['const a\u200b = 1;'],
    ['const \u3164 = 1;'],
    ['text\u{e0041}\u{e0042}'],
    ['const x\u200d = 1;'],
    ['a\ufeffb'],
    ['a\ufe01b'],
    ['echo \u001b[2Kfine'],
  ])('an added line that shows other than it is holds: %j', async (line) => {
    expect(await judge({}, { 'a.ts': `${line}\n` })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('a.ts'),
    });
    expect((await judge({ 'a.ts': `${line}\n` }, { 'a.ts': 'x\n' })).verdict).toBe('pass');
  });

  it.each([['\ufeffusing System;'], ['"👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3"'], ['"می\u200cخواهم"'], ['a\tb\r']])(
    'writing as people write passes: %j',
    async (line) => {
      expect((await judge({}, { 'a.ts': `${line}\n` })).verdict).toBe('pass');
    },
  );
});

describe('what steers checks', () => {
  const strict = 'export default { test: { include: ["a", "b"], passWithNoTests: false } };\n';
  const steersOf = async (base: Entries, head: Entries, options?: ChangePolicyOptions) =>
    (await judge(base, head, options)).steers;

  it('is named, file by file, where it holds, where it is allowed, and where nothing else is', async () => {
    const head = {
      'vitest.config.ts': 'x\n',
      '.env.test': 'x\n',
      'src/a.ts': 'x\n',
      'AGENTS.md': 'x\n',
      CODEOWNERS: 'x\n',
    };
    const named = ['.env.test', 'vitest.config.ts'];
    expect(await judge({}, head)).toMatchObject({ verdict: 'hold', steers: named });
    expect(await judge({}, head, { onProtected: 'allow' })).toMatchObject({ verdict: 'pass', steers: named });
    expect(await judge({}, head, { onProtected: 'block' })).toMatchObject({ verdict: 'stop', steers: named });
    expect(await steersOf({}, head, { protectDefaults: false })).toBeUndefined();
    expect(
      await steersOf({}, { 'src/a.ts': 'x\n', 'infra/a': 'x\n' }, { protectedPaths: ['infra/**'] }),
    ).toBeUndefined();
  });

  it('of a moved file is both paths, wherever it went to', async () => {
    for (const to of ['old/strict.txt', 'requirements-old.txt', 'vendor/strict.js']) {
      const steers = await steersOf({ 'vitest.config.ts': strict }, { 'vitest.config.ts': null, [to]: strict });
      expect(steers, to).toEqual(['vitest.config.ts', to]);
    }
    expect(await steersOf({ 'vitest.config.ts': strict }, { 'vitest.config.ts': null })).toEqual(['vitest.config.ts']);
  });

  it('of a manifest goes by what of it differs, and what is installed is left out and said', async () => {
    const base = { 'package.json': manifest({ test: 'vitest run' }) };
    const weak = { 'package.json': manifest({ test: 'exit 0' }) };
    expect(await steersOf(base, weak)).toEqual(['package.json']);
    expect(
      await steersOf(base, { 'package.json': manifest({ test: 'vitest run' }, { version: '2.0.0' }) }),
    ).toBeUndefined();
    for (const head of [
      { 'package.json': manifest({ test: 'exit 0' }, { dependencies: { left: '2.0.0' } }) },
      { 'package.json': 'not json\n' },
      { 'package-lock.json': '{}\n' },
      { '.nvmrc': '24\n' },
    ]) {
      const judged = await judge(base, head);
      const [name = ''] = Object.keys(head);
      expect(judged.steers, name).toBeUndefined();
      expect(judged.notes?.at(-1), name).toBe(
        `Checks are not run with the base's versions of what decides what is installed: \`${name}\`.`,
      );
    }
    expect(await steersOf(base, { ...weak, 'package-lock.json': '{}\n' })).toEqual(['package.json']);
  });
});

describe('what the configured commands name', () => {
  const commandsOf = (run: string): ChangePolicyOptions => ({ commands: { checks: [run], setup: [] } });

  it('by a check is held, and steers checks', async () => {
    const judged = await judge({ runtests: 'node --test\n' }, { runtests: 'exit 0\n' }, commandsOf('sh runtests'));
    expect(judged).toMatchObject({
      verdict: 'hold',
      reason: 'It changes check-scripts (what a configured check runs, which decides what is green): `runtests`.',
      steers: ['runtests'],
    });
  });

  it('by the setup is held, and what is installed is told to go with the change', async () => {
    const options = { commands: { checks: [], setup: ['sh tools/prep.sh'] } };
    const judged = await judge({ 'tools/prep.sh': 'npm ci\n' }, { 'tools/prep.sh': 'ln -s x\n' }, options);
    expect(judged).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('setup-scripts') });
    expect(judged.steers).toBeUndefined();
    expect(judged.notes?.at(-1)).toContain('`tools/prep.sh`');
  });

  it.each([
    ['./runtests --fast', 'runtests'],
    ['cat runtests | sh -e', 'runtests'],
    ['echo "$(sh runtests)"', 'runtests'],
    ['npm run build && sh "tools/check"', 'tools/check'],
    ["sh -c 'tools/check; echo done'", 'tools/check'],
    ['true|tools/check', 'tools/check'],
    ['cat check | sh', 'check'],
    ['test -x check && ./check', 'check'],
    ['CHECK=./tools/check make-it', 'tools/check'],
    ['sh $PWD/tools/../tools//check', 'tools/check'],
    ['cd app && ./check', 'app/check'],
    ['cd app && sh ../check', 'check'],
    ['sh Tools/Check', 'tools/check'],
    // Named as tests are, and still what starts them.
    ['sh test.sh', 'test.sh'],
    ['bash scripts/run_tests.sh', 'scripts/run_tests.sh'],
    ['sh .github/verify', '.github/verify'],
  ])('%s names %s, new or changed', async (run, path) => {
    expect(await judgeName(path, commandsOf(run))).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('check-scripts'),
      steers: [path],
    });
  });

  it.each([
    ['node --test test/a.test.js', 'test/a.test.js'],
    ['pytest tests', 'tests/test_cart.py'],
    ['ruff check src', 'src/main.py'],
    ['sh runtests', 'docs/runtests'],
    ['./check', 'app/check'],
    ['! grep -q wrong answer.txt && test -s answer.txt', 'answer.txt'],
    ['echo "found: $(cat answer.txt)" >&2; grep -qx right answer.txt', 'answer.txt'],
  ])('%s leaves %s free', async (run, path) => {
    expect((await judgeName(path, commandsOf(run))).verdict).toBe('pass');
  });

  it('a manifest goes by what of it differs, and a file of a kind that says as much keeps to that kind', async () => {
    const base = { 'package.json': manifest({ test: 'vitest run' }), 'requirements.txt': 'a==1\n' };
    const renamed = { 'package.json': manifest({ test: 'vitest run' }, { version: '2.0.0' }) };
    expect((await judge(base, renamed, commandsOf('jq . package.json'))).verdict).toBe('pass');
    const allowed = { commands: { checks: [], setup: ['pip install -r requirements.txt'] } };
    const onProtected = { dependencies: 'allow' } as const;
    expect((await judge(base, { 'requirements.txt': 'a==2\n' }, { ...allowed, onProtected })).verdict).toBe('pass');
  });

  it.each([
    ['npm run lint', { lint: 'node lint.mjs' }, 'lint.mjs'],
    ['pnpm lint', { lint: 'node ./tools/lint.mjs --all' }, 'tools/lint.mjs'],
    ['npm test', { pretest: 'sh prep', test: 'vitest' }, 'prep'],
    ['CI=1 npm t', { test: 'sh all' }, 'all'],
    ['node --run=lint', { lint: 'node lint.mjs' }, 'lint.mjs'],
    ['npm run check', { check: 'npm run lint:js && yarn fmt', 'lint:js': 'eslint .', fmt: 'node fmt.mjs' }, 'fmt.mjs'],
    ['npm run check', { check: 'run-p "lint:*"', 'lint:js': 'node lint.mjs' }, 'lint.mjs'],
    ['npm run check', { check: 'concurrently npm:lint:js', 'lint:js': 'node lint.mjs' }, 'lint.mjs'],
  ] as const)('%s names what the scripts %j of the base name: %s', async (run, scripts, path) => {
    const base = { 'package.json': manifest(scripts), [path]: 'check();\n' };
    const judged = await judge(base, { [path]: 'console.log("ok 1")\n' }, commandsOf(run));
    expect(judged).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('check-scripts'), steers: [path] });
  });

  it.each([
    ['cd app && npm run lint', 'app/lint.mjs', 'node lint.mjs'],
    ['npm --prefix=app run lint', 'tools/lint.mjs', 'node ../tools/lint.mjs'],
  ])('%s names what a package below says: %s', async (run, path, script) => {
    const base = { 'app/package.json': manifest({ lint: script }), [path]: 'check();\n' };
    const judged = await judge(base, { [path]: 'true\n' }, commandsOf(run));
    expect(judged).toMatchObject({ verdict: 'hold', reason: expect.stringContaining(`\`${path}\``), steers: [path] });
  });

  it('goes by the base, whatever the change makes of its scripts', async () => {
    const base = { 'package.json': manifest({ lint: 'node lint.mjs' }), 'lint.mjs': 'check();\n' };
    const onProtected = { tasks: 'allow' } as const;
    for (const left of [manifest({ lint: 'node other.mjs' }), null]) {
      const change = { 'package.json': left, 'lint.mjs': 'true\n', 'other.mjs': 'true\n' };
      const { reason } = { reason: '', ...(await judge(base, change, { ...commandsOf('npm run lint'), onProtected })) };
      expect(reason).toMatch(/check-scripts \([^)]*\): `lint.mjs`\.$/);
    }
  });

  it.each([
    ['npm test', { test: 'vitest', start: 'node server.mjs' }],
    ['node check.mjs lint', { lint: 'node server.mjs' }],
    ['npm run build', { build: 'esbuild server.mjs --bundle' }],
    ['npm run a', { a: 'npm run b', b: 'npm run a' }],
  ])('%s of %j leaves what no script runs free', async (run, scripts) => {
    const base = { 'package.json': manifest(scripts), 'server.mjs': 'one\n' };
    expect((await judge(base, { 'server.mjs': 'two\n' }, commandsOf(run))).verdict).toBe('pass');
  });

  it('of thousands of words in a line is told in no time that grows with their square', async () => {
    const many = (of: string): string => Array.from({ length: 20_000 }, (_, index) => `${of}${index}`).join(' ');
    const run = `npm run a b; sh ${many('w')} ${many('../u')}`;
    expect((await judgeName('w1/w19999', commandsOf(run))).verdict).toBe('hold');
    expect((await judgeName('w1/x', commandsOf(run))).verdict).toBe('pass');
  });

  it('may be allowed by kind, and steers checks then too', async () => {
    const onProtected = { 'check-scripts': 'allow' } as const;
    const judged = await judge({}, { runtests: 'x\n' }, { ...commandsOf('sh runtests'), onProtected });
    expect(judged).toMatchObject({ verdict: 'pass', steers: ['runtests'] });
  });
});

describe('conflict markers', () => {
  it('that were added go back, those that stood there do not', async () => {
    const marked = 'text\n<<<<<<< ours\n=======\n>>>>>>> theirs\n';
    expect(await judge({}, { 'a.ts': marked })).toMatchObject({
      verdict: 'rework',
      feedback: expect.stringContaining('`a.ts`'),
    });
    expect((await judge({ 'guide.md': marked }, { 'guide.md': `${marked}more\n` })).verdict).toBe('pass');
  });
});

it('names of files that are not plain are read and shown right', async () => {
  const result = await judge({}, { '.github/caf\u00e9 "x"\u001b[31m\n.yml': 'x\n' });
  expect(result).toMatchObject({
    verdict: 'hold',
    reason: expect.stringContaining('`.github/caf\u00e9 "x" .yml`'),
  });
});
