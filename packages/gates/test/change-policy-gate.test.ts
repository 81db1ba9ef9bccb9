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
  return createChangePolicyGate(options).check(input);
}

/** A new file of one line, without git: where only the name matters. */
async function judgeName(path: string, options?: ChangePolicyOptions): Promise<GateResult> {
  await using workspace = await createPlainWorkspace();
  const change = { path, oldPath: null, kind: 'added', oldMode: null, mode: '100644' } as const;
  return createChangePolicyGate(options).check(
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
    const unread = { changes: [{ ...change, added: 1, deleted: 0, binary: false }], diff: '@@ -1 +1,9 @@\n+a\n' };
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

  it.each(['src/config.ts', 'docs/.github-guide.md', 'src/test/cart.test.ts', 'tsconfig.json'])(
    '%s does not',
    async (path) => {
      expect((await judgeName(path)).verdict).toBe('pass');
    },
  );

  it('block refuses, allow lets pass, and what is configured comes on top', async () => {
    const head = { '.github/a.yml': 'x\n', 'infra/.hidden/main.tf': 'x\n' };
    const protectedPaths = ['infra/**'];
    expect(await judge({}, head, { onProtected: 'block', protectedPaths })).toMatchObject({
      verdict: 'stop',
      outcome: 'refused',
      reason: 'It changes protected files: `.github/a.yml`, `infra/.hidden/main.tf`.',
    });
    expect((await judge({}, head, { onProtected: 'allow', protectedPaths })).verdict).toBe('pass');
    expect((await judge({}, { '.github/a.yml': 'x\n' }, { protectDefaults: false })).verdict).toBe('pass');
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
      reason: 'It changes how the project is checked: `package.json: scripts.test`.',
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
    [
      'a dependency',
      manifest({ test: 'vitest run', build: 'tsc' }, { dependencies: { left: '1.0.1', right: '2.0.0' } }),
    ],
    ['the order of scripts', manifest({ build: 'tsc', test: 'vitest run' })],
    ['line ends', manifest({ test: 'vitest run', build: 'tsc' }).replaceAll('\n', '\r\n')],
  ])('%s does not', async (_name, content) => {
    expect((await judge(base, { 'package.json': content })).verdict).toBe('pass');
  });

  it('a new package passes: it can weaken nothing', async () => {
    expect((await judge(base, { 'packages/a/package.json': manifest({ test: 'true' }) })).verdict).toBe('pass');
  });

  it('of pyproject.toml the test settings count, however they are spelt', async () => {
    const project = (tool: string, version = '1.0') => ({
      'pyproject.toml': `[project]\nname = "shop"\nversion = "${version}"\n\n${tool}`,
    });
    const before = project('[tool.pytest.ini_options]\naddopts = "-q"\n');
    expect(await judge(before, project('[tool]\npytest.ini_options.addopts = "-q -k none"\n'))).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('pyproject.toml: pytest.ini_options'),
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
    reason: 'It changes protected files: `.github/caf\u00e9 "x" .yml`.',
  });
});
