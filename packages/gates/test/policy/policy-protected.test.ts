import { describe, expect, it } from 'vitest';
import type { ChangePolicyOptions } from '../../src/index.js';
import { type Entries, judge, judgeName, manifest } from '../judge-change.js';

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
