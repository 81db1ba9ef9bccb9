import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeLocalScene } from './support/local-scene.js';
import { ensureBuilt } from './support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

describe('forge.ci: ask', () => {
  it('keeps a green result from the remote until the diff that is shown is approved', async () => {
    await using at = await makeLocalScene({
      agent: () => 'echo right > answer.txt',
      project: () => ({ forge: { ci: 'ask' }, sandbox: { mode: 'off' } }),
    });
    expect((await at.baton('doctor')).stdout).toContain('every push waits for a person');
    expect((await at.baton('run', '1')).exitCode).toBe(7);
    expect(Object.keys(await at.branches())).toEqual(['main']);
    expect((await at.job()).reason).toMatch(/Pushing it starts the host's CI.*baton show .* --diff.*baton approve/);

    // What comes to stand in the checkout afterwards is neither shown nor pushed.
    const worktrees = join(at.path, 'state', 'git-worktree', 'worktrees');
    const checkouts = await readdir(worktrees);
    expect(checkouts).not.toEqual([]);
    for (const name of checkouts) await appendFile(join(worktrees, name, 'answer.txt'), 'planted\n');
    const { stdout } = await at.baton('show', '1', '--diff');
    expect(stdout).toContain('+right');
    expect(stdout).not.toContain('planted');
    const told = /approve \S+ --seen (\w{12})(?!\w)/.exec((await at.baton('show', '1')).stdout)?.[1] ?? '';
    expect(await at.baton('approve', '1', '--seen', told.slice(0, 11))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/For a change --seen takes at least 12 digits.+\nfix: read the change: .+ --diff/s),
    });
    expect(await at.baton('approve', '1', '--seen', 'beef'.repeat(10))).toMatchObject({ exitCode: 1 });
    expect((await at.baton('approve', '1', '--seen', told)).exitCode).toBe(0);
    expect((await at.baton('run', '1')).exitCode).toBe(0);
    expect(await at.inRemote('show', `${(await at.job()).branch}:answer.txt`)).toBe('right');
  });
});
