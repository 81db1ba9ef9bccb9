import { describe, expect, it } from 'vitest';
import { judge, manifest } from '../judge-change.js';

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

  it('one that is far longer than manifests are is not read, and holds', async () => {
    const long = { description: 'x'.repeat(600 * 1024) };
    const head = { 'package.json': manifest({ test: 'vitest run', build: 'tsc' }, long) };
    expect(await judge(base, head)).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining("What it changes in `package.json` can't be told"),
    });
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
