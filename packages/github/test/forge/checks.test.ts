import type { CheckSummary } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readChecks } from '../../src/forge/checks.js';
import { createGithubWorld, type GithubWorld } from '../github-world.js';

let world: GithubWorld;
let number: number;

beforeEach(async () => {
  world = await createGithubWorld();
  await world.repository.push('baton/issue-1');
  number = world.repository.openPull({ head: 'baton/issue-1', title: 'Mend', body: '', by: 'bob' });
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
  expect(world.fake.unexpected).toEqual([]);
});

async function look(): Promise<CheckSummary> {
  const [seen] = await world.forge().observe([{ id: String(number), cursor: null }]);
  return seen?.checks ?? expect.fail('gone');
}

const run = (id: number, name: string, conclusion: string | null, more: { log?: string; workflow?: string } = {}) => ({
  ...{ id, kind: 'run' as const, name, conclusion, summary: '', log: null },
  ...more,
});

describe('runs of one name', () => {
  it('are two checks where two workflows have them', async () => {
    world.repository.setChecks(number, [
      run(1, 'test', 'failure', { log: '##[error]exit 1', workflow: 'Linux' }),
      run(2, 'test', 'success', { log: 'ok', workflow: 'Windows' }),
    ]);
    expect(await look()).toMatchObject({ state: 'failed', failures: [{ name: 'test', excerpt: '##[error]exit 1' }] });
  });

  it('are told apart by age, whatever their order', async () => {
    world.repository.setChecks(number, [
      run(9, 'test', 'success'),
      run(4, 'test', 'failure'),
      run(5, 'test', 'cancelled'),
    ]);
    expect(await look()).toEqual({ state: 'passed', failures: [], notes: [] });
  });
});

describe('what no change of files mends', () => {
  it.each([
    ['cancelled', 'none', 'cancelled'],
    ['action_required', 'pending', 'action required'],
    ['stale', 'none', 'stale'],
    ['neutral', 'none', 'neutral'],
    ['skipped', 'none', 'skipped'],
  ] as const)('%s is noted, and no failure', async (conclusion, state, what) => {
    world.repository.setChecks(number, [run(1, 'DCO', conclusion)]);
    expect(await look()).toEqual({ state, failures: [], notes: [{ name: 'DCO', what }] });
  });
});

describe('the log of a red job', () => {
  it('is told though the job stands on a later page', async () => {
    const checks = Array.from({ length: 60 }, (_, index) =>
      run(index + 1, `test (${index})`, 'success', { log: 'ok' }),
    );
    world.repository.setChecks(number, [
      ...checks,
      run(61, 'last', 'failure', { log: 'Expected 3, got 4\n##[error]exit 1' }),
    ]);
    expect((await look()).failures).toMatchObject([{ name: 'last', excerpt: 'Expected 3, got 4\n##[error]exit 1' }]);
  });
});

describe('a secret that lies across the cut', () => {
  const secret = `tk-${'4f9a8c7e6d5b'.repeat(4)}`;
  const mask = (text: string): string => text.replaceAll(secret, '[SECRET]');
  // The cut falls into the secret, 20 characters before its end.
  const told = `${secret}${'0'.repeat(3_980)}`;

  it.each([
    ['of a job', run(1, 'test', 'failure', { log: told })],
    ['of a check that has no log', { ...run(1, 'test', 'failure'), summary: told }],
  ])('leaves no part in the excerpt %s', async (_name, check) => {
    world.repository.setChecks(number, [check]);
    const forge = world.connect({ mask }).forge({ repository: world.forge().repository });
    const [seen] = await forge.observe([{ id: String(number), cursor: null }]);
    const excerpt = seen?.checks.failures[0]?.excerpt ?? expect.fail('not told');
    expect(excerpt).toContain('000');
    expect(excerpt).not.toContain('6d5b4f9a');
  });
});

describe('checks that a token may not see', () => {
  const rollup = {
    state: 'FAILURE',
    contexts: { nodes: [null, { __typename: 'CheckRun', name: 'lint', conclusion: 'SUCCESS' }] },
  };

  it('count by what GitHub says of the whole', async () => {
    expect(await readChecks(rollup, { readLog: async () => null, mask: (text) => text })).toMatchObject({
      state: 'failed',
      failures: [{ name: 'checks' }],
    });
    expect(
      await readChecks({ ...rollup, state: 'SUCCESS' }, { readLog: async () => null, mask: (text) => text }),
    ).toMatchObject({ state: 'passed' });
    expect(
      await readChecks({ ...rollup, state: 'EXPECTED' }, { readLog: async () => null, mask: (text) => text }),
    ).toMatchObject({ state: 'pending' });
  });
});
