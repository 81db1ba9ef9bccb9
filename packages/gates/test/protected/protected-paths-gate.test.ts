import { gateContract } from '@baton/conformance';
import type { Change, GateInput, GateResult } from '@baton/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createProtectedPathsGate } from '../../src/index.js';
import { gateInput } from '../gate-input.js';
import { createPlainWorkspace } from '../plain-workspace.js';

const opened: AsyncDisposable[] = [];
afterAll(async () => {
  for (const each of opened) await each[Symbol.asyncDispose]();
});

const added: Change = {
  ...{ path: 'a', oldPath: null, kind: 'added', oldMode: null, mode: '100644', added: 1, deleted: 0 },
  ...{ binary: false, bytes: 4, oldBytes: 0, filter: null },
};

async function inputOf(...changes: readonly Partial<Change>[]): Promise<GateInput> {
  const workspace = await createPlainWorkspace();
  opened.push(workspace);
  return gateInput(workspace, { changes: changes.map((change) => ({ ...added, ...change })) });
}

const gateOf = (paths: readonly string[], on: 'hold' | 'block' = 'hold') =>
  createProtectedPathsGate({ id: 'asked', by: '.baton.yaml', paths, on });

const judge = async (pattern: string, path: string): Promise<GateResult['verdict']> =>
  (await gateOf([pattern]).check(await inputOf({ path }))).verdict;

describe('as a gate', () => {
  gateContract(it, async () => ({
    gate: gateOf(['docs'], 'block'),
    checks: [],
    situations: {
      pass: () => inputOf({ path: 'src/a.ts' }),
      stop: () => inputOf({ path: 'docs/a.md' }),
    },
    processes: async () => [],
    dispose: async () => {},
  }));
});

describe('paths that somebody protects beside the operator', () => {
  it.each([
    ['docs', 'docs/deep/a.md'],
    ['docs/', 'docs/a.md'],
    ['./docs/**', 'docs/deep/a.md'],
    ['/LICENSE', 'LICENSE'],
    ['license', 'LICENSE'],
    ['*.sql', 'schema.sql'],
    ['**/*.sql', 'schema.sql'],
    ['**/*.sql', 'db/v1/schema.sql'],
    ['db/**/v?/*.sql', 'db/a/b/v1/schema.sql'],
    ['**/a/**/b', 'x/a/a/y/b'],
    ['.env*', '.env.local'],
    ['**', 'anything'],
    ['a[b]{c}', 'a[b]{c}'],
    ['docs', 'DOCS\u200b/a.md'],
    // One name, written in letters that are put together or taken apart, or in capitals that are two.
    ['se\u0301cret.txt', 's\u00e9cret.txt'],
    ['s\u00e9cret.txt', 'se\u0301cret.txt'],
    ['straße.md', 'STRASSE.md'],
    ['?.dat', '😀.dat'],
  ])('%s holds a change of %s', async (pattern, path) => {
    expect(await judge(pattern, path)).toBe('hold');
  });

  it.each([
    ['docs', 'docs.md'],
    ['docs', 'src/docs/a.md'],
    ['*.sql', 'db/schema.sql'],
    ['v?', 'v12'],
    ['a*b', 'a/b'],
    ['**/a/**/b', 'x/a/c'],
    ['', 'a'],
    ['[ab]', 'a'],
  ])('%s lets a change of %s pass', async (pattern, path) => {
    expect(await judge(pattern, path)).toBe('pass');
  });

  it('counts both ends of a move, says whose they are, and stops where that is asked', async () => {
    const input = await inputOf({ path: 'new.md', oldPath: 'docs/old.md', kind: 'renamed' });
    expect(await gateOf(['docs'], 'block').check(input)).toEqual({
      verdict: 'stop',
      outcome: 'refused',
      reason: expect.stringMatching(/\.baton\.yaml protects: .*docs\/old\.md/),
      notes: [expect.stringContaining('docs/old.md')],
      checks: [],
    });
  });

  it('comes to an end with any pattern and any path', async () => {
    const stars = await judge(`${'*a'.repeat(250)}b`, 'a'.repeat(255));
    const directories = await judge(`${'**/a/'.repeat(200)}b`, `${'a/'.repeat(1_500)}c`);
    expect([stars, directories]).toEqual(['pass', 'pass']);
  });
});
