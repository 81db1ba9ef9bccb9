import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { root as repository, runProcess } from '../run-process.ts';

it.each([
  ['a fresh clone', false],
  ['an earlier build', true],
])('a command is built with the licences of what is bundled, from %s', async (_name, built) => {
  const root = mkdtempSync(join(tmpdir(), 'baton-notices-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const dependency = join(root, 'node_modules/left');
  for (const each of [dependency, join(root, 'src'), ...(built ? [join(root, 'dist')] : [])]) {
    mkdirSync(each, { recursive: true });
  }
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'acme', type: 'module', exports: {} }));
  writeFileSync(join(root, 'src/main.ts'), "import { left } from 'left';\nconsole.log(left);\n");
  const manifest = { name: 'left', version: '1.2.3', license: 'MIT', type: 'module', exports: './left.js' };
  writeFileSync(join(dependency, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(dependency, 'left.js'), 'export const left = 1;\n');
  writeFileSync(join(dependency, 'LICENSE'), 'Do as you please.\n');
  const { exitCode, output } = await runProcess(
    join(repository, 'node_modules/.bin/tsup'),
    ['--config', join(repository, 'tools/tsup.config.ts')],
    { output: 'keep', cwd: root },
  );
  expect(exitCode, output).toBe(0);
  expect(existsSync(join(root, 'dist/main.js'))).toBe(true);
  expect(readFileSync(join(root, 'dist/NOTICES.txt'), 'utf8')).toBe('left 1.2.3: MIT\n\nDo as you please.\n');
});
