import { describe, expect, it } from 'vitest';
import { checkDirection } from '../structure/check-direction.ts';
import { checkModuleState } from '../structure/check-module-state.ts';
import { checkPackageCycles } from '../structure/check-package-cycles.ts';
import { checkPackageFiles } from '../structure/check-package-files.ts';
import { checkRooms } from '../structure/check-rooms.ts';
import { formatComplaint } from '../structure/complaint.ts';
import { readPackages } from '../structure/read-packages.ts';
import { checkTree, createTree } from './broken-tree.ts';

const workspace = 'workspace:*';

/** Direction, package cycles and documents in this process; `checkTree` runs the whole command. */
function checkPackages(root: string): string {
  const packages = readPackages(root);
  const complaints = [
    ...checkDirection(root, packages),
    ...checkPackageCycles(packages),
    ...checkPackageFiles(root, packages),
    ...checkRooms(root, packages),
    ...checkModuleState(root, packages),
  ];
  return complaints.map(formatComplaint).join('\n');
}

const testsAlone = "tests, benchmarks, examples and the daemon's demo alone";

describe('the structure check', () => {
  it('is silent about a tree that keeps the rules', async () => {
    const root = createTree({
      'packages/core': {},
      'packages/sqlite': {
        dependencies: { '@baton/core': workspace },
        files: { 'src/index.ts': "export { one } from '@baton/core';\n" },
      },
    });
    expect(await checkTree(root)).toEqual({ exitCode: 0, output: '' });
  });

  it.each([
    ['packages/sqlite', '@baton/engine', 'an adapter may import only core, adapter-kit, agent-kit, model-proxy'],
    ['packages/sqlite', '@baton/local', 'an adapter may import only core, adapter-kit, agent-kit, model-proxy'],
    ['packages/engine', '@baton/adapter-kit', 'the engine knows contracts only'],
    ['packages/engine', '@baton/sqlite', 'the engine knows contracts only'],
    ['packages/core', '@baton/adapter-kit', 'core may import no other package'],
    ['packages/conformance', '@baton/adapter-kit', 'conformance may import only core'],
    ['packages/local', '@baton/daemon', 'nothing imports the daemon'],
    ['packages/memory', '@baton/engine', 'memory may import only core, adapter-kit'],
    ['packages/engine', '@baton/conformance', `conformance serves ${testsAlone}`],
    ['packages/engine', '@baton/memory', `memory serves ${testsAlone}`],
    ['packages/local', '@baton/fake-hosts', `fake-hosts serves ${testsAlone}`],
  ])('refuses that %s imports %s', (folder, target, objection) => {
    const targetFolder = target === '@baton/daemon' ? 'apps/daemon' : target.replace('@baton', 'packages');
    const root = createTree({
      [targetFolder]: {},
      [folder]: {
        dependencies: { [target]: workspace },
        files: { 'src/index.ts': `\nexport { one } from '${target}';\n` },
      },
    });
    const output = checkPackages(root);
    expect(output).toContain(`${folder}/src/index.ts:2: imports ${target}, but ${objection}\n  fix: `);
    expect(output).toContain(`${folder}/package.json: depends on ${target}, but ${objection}\n  fix: `);
  });

  it('lets tests use conformance, and sources not', async () => {
    const devDependencies = { '@baton/conformance': workspace, vitest: '*' };
    const use = "import { one } from '@baton/conformance';\nexport const two = one;\n";
    const good = createTree({
      'packages/conformance': {},
      'packages/sqlite': {
        devDependencies: { '@baton/conformance': workspace },
        files: { 'test/store.test.ts': use },
      },
    });
    expect((await checkTree(good)).output).toBe('');
    const bad = createTree({
      'packages/conformance': {},
      'packages/sqlite': { devDependencies, files: { 'src/index.ts': use } },
    });
    const { exitCode, output } = await checkTree(bad);
    expect(exitCode).toBe(1);
    expect(output).toContain(
      "imports @baton/conformance, but conformance serves tests, benchmarks, examples and the daemon's demo alone",
    );
    expect(output).toContain('imports @baton/conformance, which the package does not declare');
  });

  it('refuses a relative import that leaves its package', () => {
    const root = createTree({
      'packages/core': {},
      'packages/sqlite': { files: { 'src/index.ts': "export { one } from '../../core/src/index.js';\n" } },
    });
    expect(checkPackages(root)).toContain('"../../core/src/index.js" leaves the package @baton/sqlite');
  });

  it('names a cycle between packages', () => {
    const root = createTree({
      'packages/core': { devDependencies: { '@baton/conformance': workspace } },
      'packages/conformance': { dependencies: { '@baton/core': workspace } },
    });
    expect(checkPackages(root)).toContain(
      'cycle between packages: @baton/conformance → @baton/core → @baton/conformance',
    );
  });

  it('names a cycle between files', async () => {
    const root = createTree({
      'packages/core': {
        files: {
          'src/index.ts': "export { one } from './one.js';\n",
          'src/one.ts': "import { two } from './two.js';\nexport const one = () => two;\n",
          'src/two.ts': "import { one } from './one.js';\nexport const two = () => one;\n",
        },
      },
    });
    expect((await checkTree(root)).output).toMatch(/cycle between files: \S+ → \S+ → \S+\n {2}fix: /);
  });

  it('names a circle of rooms, through types and files that import no circle', () => {
    const root = createTree({
      'packages/core': {
        files: {
          'src/index.ts': "export { two } from './upper/two.js';\n",
          'src/lower/one.ts': "import type { Three } from '../upper/three.js';\nexport const one: Three = 1;\n",
          'src/upper/two.ts': "import { one } from '../lower/one.js';\nexport const two = one;\n",
          'src/upper/three.ts': 'export type Three = number;\n',
        },
      },
    });
    expect(checkPackages(root)).toContain('circle of rooms: upper → lower → upper\n  fix: ');
  });

  it('takes a file beside the rooms for a room of its own', () => {
    const root = createTree({
      'packages/core': {
        files: {
          'src/index.ts': "export { one } from './upper/one.js';\n",
          'src/version.ts': 'export const version = 1;\n',
          'src/upper/one.ts': "import { version } from '../version.js';\nexport const one = version;\n",
        },
      },
    });
    expect(checkPackages(root)).toBe('');
  });

  it.each([
    'let count = 0;\nexport const next = (): number => ++count;\n',
    'export let count = 0;\n',
    'var count = 0;\nexport const next = () => ++count;\n',
    'const seen = new Map<string, number>();\nexport const isSeen = (name: string) => seen.has(name);\n',
    'export const seen = new WeakSet();\n',
    'const names: string[] = [];\nexport const add = (name: string) => names.push(name);\n',
    'export const cache: Record<string, string> = {};\n',
  ])('names a variable of a module that changes: %j', (text) => {
    const root = createTree({ 'packages/core': { files: { 'src/index.ts': text } } });
    expect(checkPackages(root)).toContain('packages/core/src/index.ts:1: a variable of the module changes\n  fix: ');
  });

  it('takes a table, and what a function keeps, for no state of the module', () => {
    const text = `export const names: ReadonlyMap<string, number> = new Map([['one', 1]]);
export const list = ['one'] as const;
export function createCounter() {
  let count = 0;
  return () => ++count;
}
`;
    expect(checkPackages(createTree({ 'packages/core': { files: { 'src/index.ts': text } } }))).toBe('');
  });

  it.each(['src', 'src/room', 'test', 'test/room'])(
    'names a folder in which too many files stand side by side: %s',
    (room) => {
      const tree = (count: number): string => {
        const names = Array.from({ length: count }, (_, index) => `${room}/f${index}.ts`);
        const files = Object.fromEntries(names.map((name) => [name, 'export const one = 1;\n']));
        return createTree({ 'packages/core': { files, ...(room === 'src' && { without: 'src/index.ts' }) } });
      };
      expect(checkPackages(tree(25))).toBe('');
      expect(checkPackages(tree(26))).toBe(
        `packages/core/${room}: 26 files stand side by side, and 25 may\n  fix: give those that belong together a folder, named for what they are about.`,
      );
    },
  );

  it.each(['README.md', 'CHANGELOG.md'])('asks for a missing %s', (without) => {
    const root = createTree({ 'packages/core': { without } });
    expect(checkPackages(root)).toContain(`packages/core: @baton/core has no ${without}\n  fix: `);
  });

  it('finds files that nothing but a test names', async () => {
    const root = createTree({
      'packages/core': {
        files: {
          'src/orphan.ts': 'export const orphan = 1;\n',
          'src/orphan.liquid': 'text',
          'test/orphan.test.ts': "import { orphan } from '../src/orphan.js';\nexport const used = orphan;\n",
        },
      },
    });
    const { output } = await checkTree(root);
    expect(output).toContain('packages/core/src/orphan.ts: nothing names this file');
    expect(output).toContain('packages/core/src/orphan.liquid: nothing names this file');
  });

  it('finds dependencies that are undeclared or unused', async () => {
    const root = createTree({
      'packages/core': {
        dependencies: { zod: '4.6.7' },
        devDependencies: { picomatch: '4.0.7' },
        files: { 'src/index.ts': "export { parse } from 'yaml';\n" },
      },
    });
    const { output } = await checkTree(root);
    expect(output).toContain('packages/core/src/index.ts:1: imports yaml, which the package does not declare');
    expect(output).toContain('dependency zod is not used by the sources');
    expect(output).toContain('devDependency picomatch is not used');
  });
});
