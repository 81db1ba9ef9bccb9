import { beforeAll, describe, expect, it } from 'vitest';
import { type LocalScene, makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

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
    const asks = 'checks tidy; protected docs';
    expect((await at.baton('show', '1')).stdout).toContain(`.baton.yaml: ${asks}`);
    const place = `.baton.yaml of main@${at.base.slice(0, 7)}`;
    expect((await at.baton('explain', '1')).stdout).toMatch(new RegExp(`✓ +policy +${place} asks: ${asks}`));
    const printed = JSON.parse((await at.baton('config', 'print', '--sources', '--json')).stdout);
    expect(printed.items).toContainEqual({ path: 'projects[0]', value: 'checks tidy', source: place });
    const checked = (await at.baton('doctor', '--baseline')).stdout;
    expect(checked).toContain(`policy: ${place} asks: ${asks}`);
    expect(checked).toContain('baseline: tidy is green on main');
  });

  it.each([
    ['hold', 7],
    ['allow', 7],
    ['block', 9],
  ])('names what its checks run, which a change of does not pass unseen (%s)', async (onProtected, exitCode) => {
    await using at = await makeLocalScene({
      agent: () => 'echo right ugly > answer.txt; echo "echo ok 1" > style.sh',
      files: {
        'answer.txt': 'wrong\n',
        'style.sh': 'if grep -q ugly answer.txt; then echo not ok 1; exit 1; else echo ok 1; fi\n',
        '.baton.yaml': 'checks: [{ name: style, run: sh style.sh, report: tap }]\n',
      },
      project: () => ({
        sandbox: { mode: 'off' },
        verify: { commands: [{ name: 'test', run: 'grep -q right answer.txt' }] },
        change: { onProtected: { 'check-scripts': onProtected } },
      }),
    });
    expect((await at.baton('run', '1')).exitCode).toBe(exitCode);
    expect(await at.pulls()).toEqual([]);
    const why = onProtected === 'allow' ? "`style` (`(test 1)`) is newly red with the base's settings" : '`style.sh`';
    expect((await at.job()).reason).toContain(why);
  });

  it('keeps a job waiting, and nothing is run, while it can not be followed', async () => {
    await using at = await sceneOf('checks:\n  - name: test\n    run: "true"\n', 'echo right > answer.txt');
    expect((await at.baton('explain', '1')).stdout).toContain('read once the repository is fetched');
    expect((await at.baton('run', '1')).exitCode).toBe(7);
    expect((await at.baton('explain', '1')).stdout).toMatch(
      /✗ +policy +A job would wait for a person: .*checks\[0\]\.name/,
    );
    const doctor = await at.baton('doctor', '--baseline');
    expect(doctor).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('fix: mend it on main') });
    const shown = (await at.baton('show', '1')).stdout;
    expect(shown).toMatch(/you can +mend it on the base branch/);
    expect(shown).not.toContain('baton steer');
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
  });
});
