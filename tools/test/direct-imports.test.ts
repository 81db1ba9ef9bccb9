import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { root as repository, runProcess } from '../run-process.ts';

const files = {
  'packages/kit/package.json': JSON.stringify({
    ...{ name: '@baton/kit', type: 'module', sideEffects: false },
    exports: { '.': { '@baton/source': './src/index.ts' } },
  }),
  'packages/kit/src/index.ts': `export { type Depth, sink } from './heavy.js';
export { rise as lift } from './light.js';
`,
  'packages/kit/src/heavy.ts': "export type Depth = number;\nexport const sink = (): string => 'like lead';\n",
  'packages/kit/src/light.ts': "export const rise = (): string => 'like a feather';\n",
  'apps/command/package.json': JSON.stringify({ name: 'command', type: 'module', exports: {} }),
  'apps/command/src/main.ts': `import { type Depth, lift as up } from '@baton/kit';
const depth: Depth = 0;
console.log(up(), depth);
if (process.argv.includes('sink')) console.log((await import('./other.js')).other());
`,
  'apps/command/src/other.ts': "import { sink } from '@baton/kit';\nexport const other = (): string => sink();\n",
};

/** All that is loaded with a file of a build, without what is imported when it is needed. */
function loadedWith(file: string): string {
  const text = readFileSync(file, 'utf8');
  const others = [...text.matchAll(/^(?:import|\} from) "(\.[^"]+)"/gm)].map(([, path = '']) => path);
  return [text, ...others.map((each) => loadedWith(join(dirname(file), each)))].join('\n');
}

it('a command loads of a package of ours what it imports, and not all that the index of the package names', async () => {
  const root = mkdtempSync(join(tmpdir(), 'baton-direct-imports-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const command = join(root, 'apps/command');
  mkdirSync(join(command, 'node_modules/@baton'), { recursive: true });
  symlinkSync(join(root, 'packages/kit'), join(command, 'node_modules/@baton/kit'));
  const built = await runProcess(
    join(repository, 'node_modules/.bin/tsup'),
    ['--config', join(repository, 'tools/tsup.config.ts')],
    { output: 'keep', cwd: command },
  );
  expect(built.exitCode, built.output).toBe(0);
  const loaded = loadedWith(join(command, 'dist/main.js'));
  expect(loaded).toContain('like a feather');
  expect(loaded).not.toContain('like lead');
  const run = await runProcess(process.execPath, [join(command, 'dist/main.js'), 'sink'], { output: 'keep' });
  expect(run.output).toBe('like a feather 0\nlike lead\n');
});
