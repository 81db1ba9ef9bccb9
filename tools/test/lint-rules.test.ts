import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root as repository, runProcess } from '../run-process.ts';

const biome = join(repository, 'node_modules/.bin/biome');

/** Lints one file under the repository's own rules, at the given path of an otherwise empty repository. */
async function lint(path: string, text: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'baton-lint-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const config = await import('../../biome.json', { with: { type: 'json' } });
  const { vcs: _vcs, ...rules } = config.default;
  writeFileSync(join(root, 'biome.json'), JSON.stringify(rules));
  await cp(join(repository, 'tools/lint'), join(root, 'tools/lint'), { recursive: true });
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  const result = await runProcess(biome, ['lint', '--colors=off', path], { output: 'keep', cwd: root });
  return result.exitCode === 0 ? '' : result.output;
}

describe('the lint rules', () => {
  it.each([
    ['export const x = Date.now();\n', 'instead of Date.now'],
    ['export const x = new Date();\n', 'new Date() reads the clock'],
    ['export const x = Math.random();\n', 'instead of Math.random'],
    ['export const x = setTimeout;\n', 'Time comes from Runtime'],
    ['export const x = setInterval;\n', 'Time comes from Runtime'],
    ['export const x = setImmediate;\n', 'Time comes from Runtime'],
    ['export const x = performance.now();\n', 'Time comes from Runtime'],
    ['export const x = process.env;\n', 'the process belongs to the daemon'],
    ["export { join } from 'node:path';\n", 'noNodejsModules'],
    ["export { env } from 'node:process';\n", 'noNodejsModules'],
  ])('refuse in core and engine: %s', async (text, complaint) => {
    expect(await lint('packages/engine/src/one.ts', text)).toContain(complaint);
    expect(await lint('packages/core/src/one.ts', text)).toContain(complaint);
    expect(await lint('packages/sqlite/test/one.ts', text)).toBe('');
  });

  it('leave what is pure about dates to core and engine', async () => {
    const text = 'export const at = (instant: number): string => new Date(instant).toISOString();\n';
    expect(await lint('packages/engine/src/one.ts', text)).toBe('');
  });

  it.each([
    "import { simpleGit } from 'simple-git';\n\nsimpleGit();\n",
    "import { spawn } from 'node:child_process';\n\nspawn('git', ['status']);\n",
    "export const request = { command: 'git', args: ['status'] };\n",
    "export const argv = ['git', 'status'];\n",
  ])('keep git to its rooms: %s', async (text) => {
    const complaint = 'Git runs in packages/git-worktree and in the servers for tests alone';
    expect(await lint('packages/local/src/one.ts', text)).toContain(complaint);
    expect(await lint('apps/daemon/src/one.ts', text)).toContain(complaint);
    for (const path of [
      'packages/git-worktree/src/one.ts',
      'packages/conformance/src/real-host/one.ts',
      'packages/fake-hosts/src/git/one.ts',
      'packages/local/test/one.test.ts',
    ]) {
      expect(await lint(path, text)).toBe('');
    }
  });

  it('keep git to its rooms by whatever way it is named', async () => {
    const planted = [
      "const program = 'git';",
      'let late: string = "git";',
      "late = '/usr/bin/git';",
      "const programs = { tool: 'git' };",
      'const run = (named = `git`): string => named;',
      "const argv = [late, 'git'];",
      "exec('git status');",
      "const shell = ['sh', '-c', 'git status'];",
      "export const used = [program, programs, run, argv, shell, pick(late === '' ? 'git.exe' : '')];",
    ];
    const said = await lint('apps/daemon/src/one.ts', `${planted.join('\n')}\n`);
    const lines = [...said.matchAll(/one\.ts:(\d+):\d+ plugin/g)].map(([, line]) => Number(line));
    expect(lines).toEqual(planted.map((_, index) => index + 1));
  });

  it('let git be spoken of', async () => {
    const spoken = [
      "export const kind = { of: 'git', paths: ['**/.gitattributes'] };",
      "export const url = 'https://example.com/acme/shop.git';",
      "export const fix = 'run git status, then try again';",
      "export const isSaid = (text: string): boolean => text.startsWith('git ');",
    ];
    expect(await lint('packages/local/src/one.ts', `${spoken.join('\n')}\n`)).toBe('');
  });

  it.each([
    "export const path = process.env['PATH'];\n",
    'export const { PATH } = process.env;\n',
    "import { env } from 'node:process';\n\nexport const { PATH } = env;\n",
  ])('keep the environment to one file: %s', async (text) => {
    for (const path of ['packages/local/src/one.ts', 'apps/daemon/src/one.ts', 'apps/daemon/src/wire/one.ts']) {
      expect(await lint(path, text)).toContain('Adapters read the environment by AdapterHost.environment');
    }
    for (const path of ['apps/daemon/src/environment/load-environment.ts', 'packages/local/test/one.test.ts']) {
      expect(await lint(path, text)).toBe('');
    }
  });

  it.each([
    ['one.ts', "export * from './two.js';\n", 'noReExportAll'],
    ['one.ts', 'export default 1;\n', 'noDefaultExport'],
    ['one.ts', 'export const x: any = 1;\n', 'noExplicitAny'],
    ['one.ts', 'export const x = (y: string | null): string => y!;\n', 'noNonNullAssertion'],
    ['one.ts', "console.log('x');\n", 'noConsole'],
    ['one.ts', "import { x } from './x.js';\n\nexport const y = 1;\n", 'noUnusedImports'],
    ['one.ts', 'const x = 1;\n\nexport const y = 1;\n', 'noUnusedVariables'],
    ['oneTwo.ts', 'export const x = 1;\n', 'useFilenamingConvention'],
  ])('refuse in %s: %s', async (file, text, rule) => {
    expect(await lint(`packages/sqlite/src/${file}`, text)).toContain(rule);
  });

  it('let adapter entry points export a default, and the daemon print', async () => {
    expect(await lint('packages/sqlite/src/adapter.ts', 'export default 1;\n')).toBe('');
    expect(await lint('apps/daemon/src/one.ts', "console.log('x');\n")).toBe('');
  });
});
