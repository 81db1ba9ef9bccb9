import { readFile } from 'node:fs/promises';
import { configDefaults, defineConfig } from 'vitest/config';

// `slow`, `agents`, `hostile` and `nightly` are suites of their own: minutes or hours long, or in need of the real agents.
const suite = process.env['BATON_SUITE'] ?? '';
const slow = suite !== '';
const longestTestMs = suite === 'nightly' ? 3_600_000 : 600_000;
// A run of hours says each case as it ends.
const detail = suite === 'nightly' ? 'verbose' : 'default';
// Tests read the packages' sources, so that they need no build.
const conditions = ['@baton/source', 'module', 'node', 'development|production'];
const rooms = ['packages/*', 'apps/*', 'examples/*', 'tools'];

const liquidAsText = {
  name: 'liquid-as-text',
  enforce: 'pre' as const,
  async load(id: string): Promise<string | null> {
    if (!id.endsWith('.liquid')) return null;
    return `export default ${JSON.stringify(await readFile(id, 'utf8'))};`;
  },
};

export default defineConfig({
  plugins: [liquidAsText],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: rooms.map((room) => `${room}/test/**/*.${slow ? `${suite}.test` : 'test'}.ts`),
    exclude: slow ? configDefaults.exclude : [...configDefaults.exclude, '**/*.{slow,agents,hostile,nightly}.test.ts'],
    passWithNoTests: slow,
    environment: 'node',
    // One process per file: tests start children, change signals and open databases.
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: slow ? longestTestMs : 30_000,
    hookTimeout: slow ? 120_000 : 30_000,
    reporters: [slow || process.env['CI'] ? detail : 'dot', './tools/closing-line-reporter.ts'],
  },
});
