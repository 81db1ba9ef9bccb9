import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { root as repository, runProcess } from '../run-process.ts';

interface PackageDraft {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  /** File texts by their path in the package; `src/index.ts`, README and changelog come of themselves. */
  readonly files?: Readonly<Record<string, string>>;
  readonly without?: string;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Writes a small repository: packages by folder (`packages/core`), each with what makes it complete. */
export function createTree(packages: Readonly<Record<string, PackageDraft>>): string {
  const root = mkdtempSync(join(tmpdir(), 'baton-structure-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  write(join(root, 'package.json'), JSON.stringify({ name: 'tree', private: true, type: 'module' }));
  write(join(root, 'pnpm-workspace.yaml'), 'packages: [apps/*, packages/*]\n');
  write(
    join(root, 'knip.json'),
    JSON.stringify({
      workspaces: {
        '.': { entry: [] },
        'packages/*': { entry: ['test/**/*.test.ts'], project: ['src/**/*.ts!', 'test/**/*.ts'] },
        'apps/*': { project: ['src/**/*.ts!'] },
      },
    }),
  );
  for (const [folder, { dependencies, devDependencies, files, without }] of Object.entries(packages)) {
    const name = `@baton/${folder.replace(/^\w+\//, '')}`;
    const manifest = {
      name,
      version: '0.1.0',
      type: 'module',
      exports: './src/index.ts',
      dependencies,
      devDependencies,
    };
    const texts: Record<string, string> = {
      'package.json': JSON.stringify(manifest),
      'README.md': `# ${name}\n`,
      'CHANGELOG.md': `# ${name}\n`,
      'src/index.ts': 'export const one = 1;\n',
      ...files,
    };
    for (const [file, text] of Object.entries(texts)) if (file !== without) write(join(root, folder, file), text);
  }
  return root;
}

export async function checkTree(root: string): Promise<{ readonly exitCode: number; readonly output: string }> {
  return runProcess(process.execPath, [join(repository, 'tools/check-structure.ts'), root], { output: 'keep' });
}
