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
// Tests that start daemons, change the process they run in, or fill a repository get a process per file. The others
// share theirs: to begin one and to load the packages anew takes longer than most of their tests do.
const apart = ['packages/git-worktree', 'packages/sandbox', 'apps/*', 'examples/*', 'tools'];
const tests = `test/**/*.${slow ? `${suite}.test` : 'test'}.ts`;
const below = (rooms: readonly string[]): string[] => rooms.map((room) => `${room}/${tests}`);
const others = slow ? [] : ['**/*.{slow,agents,hostile,nightly}.test.ts'];

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
    projects: [
      {
        extends: true,
        test: { name: 'apart', include: below(apart), exclude: [...configDefaults.exclude, ...others] },
      },
      {
        extends: true,
        test: {
          name: 'together',
          isolate: slow,
          include: below(['packages/*']),
          exclude: [...configDefaults.exclude, ...others, ...below(apart)],
        },
      },
    ],
    passWithNoTests: slow,
    environment: 'node',
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: slow ? longestTestMs : 60_000,
    hookTimeout: slow ? longestTestMs : 30_000,
    reporters: [slow || process.env['CI'] ? detail : 'dot', './tools/closing-line-reporter.ts'],
  },
});
