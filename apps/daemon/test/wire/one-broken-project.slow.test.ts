import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

/** Each a project that stands before the good one, and what is told of it. */
const broken = [
  ['{ name: api, teapot: 1, source: { use: local }, agents: [{ use: command, run: x }] }', 'teapot'],
  ['{ name: api, source: { use: locla }, agents: [{ use: command, run: x }] }', 'no adapter is called "locla"'],
  [
    '{ name: api, source: { use: local }, agents: [{ use: command, run: x }], workspace: { use: ./none.mjs } }',
    'none.mjs',
  ],
] as const;

const sentence = (what: string, why: string) =>
  expect.stringMatching(
    new RegExp(
      `^warning: the project api is not in order, and ${what}: baton\\.config\\.yaml:\\d.+${why}.*\nfix: .+\n$`,
    ),
  );

describe('beside one project that is not in order', () => {
  it('the others are planned, explained, retried and swept', async () => {
    await using scene = await makeLocalScene({
      agent: () => 'exit 3',
      project: () => ({ sandbox: { mode: 'off' }, limits: { attempts: 1 } }),
    });
    const file = join(scene.path, 'baton.config.yaml');
    const good = await readFile(file, 'utf8');
    await scene.baton('run', '1', '--keep');
    const { id, phase } = await scene.job();
    expect(phase).toBe('failed');

    for (const [bad, why] of broken) {
      await writeFile(file, good.replace('projects:\n', `projects:\n  - ${bad}\n`));
      const answers = [
        await scene.baton('plan'),
        await scene.baton('explain', '1'),
        await scene.baton('gc', '--dry-run'),
      ];
      // What a workspace provider keeps is swept without the rest of its project.
      const isLeft = why !== 'no adapter is called "locla"';
      const left = sentence('what only its own workspace provider keeps stays', why);
      expect([why, ...answers]).toMatchObject([
        why,
        {
          exitCode: 1,
          stdout: expect.stringMatching(/^web +local:0001 +ended/),
          stderr: sentence('could not be asked for its issues', why),
        },
        { exitCode: 0, stdout: expect.stringContaining('local:0001'), stderr: sentence('is left out', why) },
        {
          exitCode: isLeft ? 1 : 0,
          stdout: expect.stringMatching(new RegExp(`would-remove +checkout .+${id}/1/`)),
          stderr: isLeft ? left : '',
        },
      ]);
    }

    expect(JSON.parse((await scene.baton('plan', '--json')).stdout)).toMatchObject({
      items: [{ project: 'web' }],
      failures: [{ project: 'api', message: expect.stringContaining('none.mjs') }],
    });
    const refused = await scene.baton('explain', 'api#1');
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^error: The project api is not in order: baton\.config\.yaml:/);
    expect((await scene.baton('explain', '77')).stderr).toContain('No project that is in order knows an issue 77.');
    expect((await scene.baton('gc')).stdout).toMatch(new RegExp(`removed +checkout .+${id}/1/`));
    expect(await scene.baton('retry', '1')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`follows ${id}`),
      stderr: sentence('is left out', 'none.mjs'),
    });
    // Work begins only where all of the file holds.
    expect(await scene.baton('start', '--once')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('none.mjs'),
    });
  });

  it('a job of that project is refused with what is wrong, and nothing follows it', async () => {
    await using scene = await makeLocalScene({ agent: () => 'exit 3', project: () => ({ limits: { attempts: 1 } }) });
    const file = join(scene.path, 'baton.config.yaml');
    const good = await readFile(file, 'utf8');
    await scene.baton('run', '1');
    const { id, phase } = await scene.job();
    expect(phase).toBe('failed');
    const other = good.slice(good.indexOf('  - name: web')).replace('web', 'shop');
    for (const [spoilt, why] of [
      [good.replace('name: web', 'name: web\n    teapot: 1'), 'teapot'],
      [good.replace('use: local', 'use: locla'), 'locla'],
    ] as const) {
      await writeFile(file, spoilt + other);
      const refused = await scene.baton('retry', id);
      expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
      expect(refused.stderr).toMatch(new RegExp(`^error: The project web is not in order: .+${why}`));
    }
    expect(JSON.parse((await scene.baton('list', '--all', '--json')).stdout).items).toHaveLength(1);
  });
});
