import { beforeAll, describe, expect, it } from 'vitest';
import { type LocalScene, makeLocalScene } from './support/local-scene.js';
import { ensureBuilt } from './support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

/** A scene whose base holds a policy, worked by a shell script. */
const sceneOf = (policy: string, agent: string): Promise<LocalScene> =>
  makeLocalScene({
    agent: () => agent,
    files: { 'answer.txt': 'wrong\n', '.baton.yaml': policy },
    project: () => ({
      sandbox: { mode: 'off' },
      verify: { commands: [{ name: 'test', run: 'grep -q right answer.txt' }] },
    }),
  });

describe('.baton.yaml of a repository', () => {
  it('adds a check that has to be green, beside those of the operator', async () => {
    const policy = `checks: [{ name: tidy, run: "! grep -q ugly answer.txt" }]\nprotectedPaths: [docs]\n`;
    await using at = await sceneOf(
      policy,
      'if grep -q ugly answer.txt; then echo right; else echo right ugly; fi > a && mv a answer.txt',
    );
    expect((await at.baton('run', '1')).exitCode).toBe(0);
    const [pull] = await at.pulls();
    expect(pull?.body).toMatch(/`test` \|.*exit 1.*exit 0/);
    expect(pull?.body).toMatch(/`tidy` \|.*exit 0.*exit 0/);
    expect((await at.job()).round).toBe(2);
    const shown = (await at.baton('show', '1')).stdout;
    expect(shown).toContain('.baton.yaml: checks tidy; protected docs');
  }, 60_000);

  it('keeps a job waiting, and nothing is run, while it can not be followed', async () => {
    await using at = await sceneOf('checks:\n  - name: test\n    run: "true"\n', 'echo right > answer.txt');
    expect((await at.baton('run', '1')).exitCode).toBe(7);
    const { reason } = await at.job();
    expect(reason).toContain('.baton.yaml:2:11: checks[0].name: the operator runs a check "test" already');
    expect((await at.journal()).map(({ type }) => type)).not.toContain('turn-started');
    expect(await at.comments()).toEqual([expect.stringContaining('needs you')]);

    await at.git('rm', '-q', '.baton.yaml');
    await at.git('commit', '--quiet', '-m', 'Mend');
    await at.git('push', '--quiet', 'origin', 'main');
    expect((await at.baton('approve', '1')).exitCode).toBe(0);
    expect((await at.baton('run', '1')).exitCode).toBe(0);
    expect(await at.pulls()).toHaveLength(1);
  }, 60_000);
});
