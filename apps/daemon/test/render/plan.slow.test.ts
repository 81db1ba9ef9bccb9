import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LocalScene, makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

const sceneOf = (files: Readonly<Record<string, string>> = {}): Promise<LocalScene> =>
  makeLocalScene({
    agent: () => 'echo right > answer.txt',
    files: { 'answer.txt': 'wrong\n', ...files },
    project: () => ({ sandbox: { mode: 'off' } }),
  });

const writeIssue = (at: LocalScene, number: number, author: string): Promise<void> =>
  writeFile(
    join(at.path, 'tracker', 'issues', `000${number}-more.md`),
    `---\ntitle: More\nlabels: [baton]\nauthor: ${author}\n---\nMore.\n`,
  );

describe('plan and explain', () => {
  it('tell of the one issue whose look-up fails, and go on with the others (G7)', async () => {
    await using at = await sceneOf();
    await writeIssue(at, 2, 'bob');
    await writeFile(join(at.path, 'tracker', 'people.yaml'), 'alice: write\nbob: rite\n');
    const plan = await at.baton('plan');
    expect(plan).toMatchObject({ exitCode: 0, stderr: '' });
    expect(plan.stdout).toMatch(/local:0001 +will run/);
    expect(plan.stdout).toMatch(/local:0002 +waits: unavailable +people\.yaml says of bob .+mend people\.yaml/);
    const explained = await at.baton('explain', '2');
    expect(explained).toMatchObject({ exitCode: 0, stderr: '' });
    expect(explained.stdout).toMatch(/✗ +look-up +people\.yaml says of bob/);
    expect(explained.stdout).toContain('would run if  mend people.yaml');
  });

  it('tell of a project that can not be asked, and go on with the others', async () => {
    await using at = await sceneOf();
    const file = join(at.path, 'baton.config.yaml');
    const config = await readFile(file, 'utf8');
    const other = config
      .slice(config.indexOf('  - name: web'))
      .replace('web', 'away')
      .replace('./tracker', './nowhere');
    await writeFile(file, config + other);
    const plan = await at.baton('plan');
    expect(plan).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^web +local:0001 +will run/),
      stderr: expect.stringMatching(/^error: away could not be asked for its issues: The folder .+ is not there/),
    });
    expect(JSON.parse((await at.baton('plan', '--json')).stdout)).toMatchObject({
      items: [{ project: 'web', verdict: 'run' }],
      failures: [{ project: 'away', message: expect.stringContaining('is not there') }],
    });
    // Where nothing can be told at all, that is the answer.
    await writeFile(file, config.replace('./tracker', './nowhere'));
    expect(await at.baton('plan')).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: The folder/),
    });
  });

  it('tell that a job would wait for what its repository asks, where that can not be followed', async () => {
    await using at = await sceneOf({ '.baton.yaml': 'checks: 3\n' });
    expect((await at.baton('run', '1')).exitCode).toBe(7);
    await writeIssue(at, 2, 'alice');
    const explained = (await at.baton('explain', '2')).stdout;
    expect(explained).toMatch(/^local:0002 .+\n +waits: needs-person .+\n +What the repository .+ can't be followed/);
    expect(explained).toContain('would run if  it is mended on main');
    expect(explained).not.toContain('will run');
    expect((await at.baton('plan')).stdout).toMatch(/local:0002 +waits: needs-person +What the repository/);
    for (const verb of [['explain', '2'], ['plan']]) {
      const told = JSON.parse((await at.baton(...verb, '--json')).stdout);
      const items: readonly unknown[] = told.items ?? [told];
      expect(items).toContainEqual(
        expect.objectContaining({
          verdict: 'wait',
          wait: 'needs-person',
          issue: expect.objectContaining({ key: 'local:0002' }),
        }),
      );
    }
  });
});
