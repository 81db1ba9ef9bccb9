import { describe, expect, it } from 'vitest';
import {
  type ChangePolicyOptions,
  createChangePolicyGate,
  createCheckScriptsGate,
  createProtectedPathsGate,
  createTestLossGate,
} from '../../src/index.js';
import { type Entries, manifest } from '../judge-change.js';
import { changeOf } from '../repository.js';

/** A change of files that links of the base lead to. */
async function changeBehindLinks(
  base: Entries,
  head: Entries,
  links: Readonly<Record<string, readonly string[]>>,
): Promise<Awaited<ReturnType<typeof changeOf>>> {
  const input = await changeOf({ 'README.md': 'hello\n', ...base }, head);
  const changes = input.changes.map((change) => ({ ...change, alsoAt: links[change.path] ?? [] }));
  return { ...input, changes };
}

describe('a file that is read by way of a link', () => {
  const rows: readonly [link: string, file: string, told: RegExp, options: ChangePolicyOptions][] = [
    ['CLAUDE.md', 'docs/guide.md', /agent-instructions .+: `CLAUDE\.md → docs\/guide\.md`/, {}],
    [
      '.github/workflows/ci.yml',
      'ops/workflows/ci.yml',
      /ci .+: `\.github\/workflows\/ci\.yml → ops\/workflows\/ci\.yml`/,
      {},
    ],
    ['.husky/pre-commit', 'lib/hook', /hooks .+: `\.husky\/pre-commit → lib\/hook`/, {}],
    [
      'src/payment/pay.ts',
      'lib/pay.ts',
      /protected files: `src\/payment\/pay\.ts → lib\/pay\.ts`/,
      { protectedPaths: ['src/payment/**'] },
    ],
    [
      'check.sh',
      'tools/real.sh',
      /check-scripts .+: `check\.sh → tools\/real\.sh`/,
      { commands: { checks: ['./check.sh'], setup: [] } },
    ],
  ];

  it.each(rows)('is protected as what it is read as: %s', async (link, file, told, options) => {
    await using input = await changeBehindLinks({ [file]: 'a\n' }, { [file]: 'b\n' }, { [file]: [link] });
    expect(await createChangePolicyGate(options).check(input)).toMatchObject({
      verdict: 'hold',
      reason: expect.stringMatching(told),
    });
  });

  it('is what the base has its own version of, where it steers checks', async () => {
    await using input = await changeBehindLinks(
      { 'cfg/v.ts': 'a\n' },
      { 'cfg/v.ts': 'b\n' },
      { 'cfg/v.ts': ['vitest.config.ts'] },
    );
    expect(await createChangePolicyGate().check(input)).toMatchObject({ steers: ['cfg/v.ts'] });
  });

  it('is a test where a test is read', async () => {
    const path = 'checks/adds.py';
    const base = { [path]: 'def test_a():\n  pass\ndef test_b():\n  pass\n' };
    await using input = await changeBehindLinks(
      base,
      { [path]: 'def test_a():\n  pass\n' },
      { [path]: ['tests/test_adds.py'] },
    );
    expect(await createChangePolicyGate().check(input)).toMatchObject({ verdict: 'pass', tests: [path] });
    expect(await createTestLossGate().check(input)).toMatchObject({ verdict: 'hold' });
  });

  it.each([
    ['test/fixtures/lib/a.js', 'src/a.js'],
    ['test/src/a.js', 'src/a.js'],
    ['test/fixtures/src/a.js', 'src/a.js'],
  ])('is no test where a link among tests leads to what they test: %s', async (alias, path) => {
    await using input = await changeBehindLinks({ [path]: 'a\n' }, { [path]: null }, { [path]: [alias] });
    expect(await createChangePolicyGate().check(input)).toEqual({ verdict: 'pass', checks: [] });
    expect(await createTestLossGate().check(input)).toMatchObject({ verdict: 'pass' });
  });

  it('is compared by what is in it where a manifest is read', async () => {
    const path = 'cfg/npm.json';
    const base = { [path]: manifest({ test: 'vitest' }) };
    const links = { [path]: ['package.json'] };
    await using input = await changeBehindLinks(base, { [path]: manifest({ test: 'true' }) }, links);
    expect(await createChangePolicyGate().check(input)).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('`cfg/npm.json: scripts.test`'),
    });
    await using harmless = await changeBehindLinks(
      base,
      { [path]: manifest({ test: 'vitest' }, { version: '2.0.0' }) },
      links,
    );
    expect(await createChangePolicyGate().check(harmless)).toMatchObject({ verdict: 'pass' });
  });

  it('is refused where Baton is run by it', async () => {
    await using input = await changeBehindLinks(
      { 'ops/b': 'a\n' },
      { 'ops/b': 'b\n' },
      { 'ops/b': ['.baton/people.yaml'] },
    );
    expect(await createChangePolicyGate().check(input)).toMatchObject({ verdict: 'stop', outcome: 'refused' });
  });

  it("is protected by the repository's own policy, and as what its checks run", async () => {
    await using input = await changeBehindLinks({ 'ops/b': 'a\n' }, { 'ops/b': 'b\n' }, { 'ops/b': ['tools/lint'] });
    const paths = createProtectedPathsGate({ id: 'p', by: '.baton.yaml', paths: ['tools'], on: 'hold' });
    expect(await paths.check(input)).toMatchObject({ verdict: 'hold' });
    const scripts = createCheckScriptsGate({ id: 's', by: '.baton.yaml', commands: ['node tools/lint'], on: 'hold' });
    expect(await scripts.check(input)).toMatchObject({ verdict: 'hold', steers: ['ops/b'] });
  });
});
