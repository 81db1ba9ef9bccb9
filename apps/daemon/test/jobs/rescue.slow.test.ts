import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { announceWorker } from '../../src/running/announce-worker.js';
import { type LocalScene, makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

const packages = fileURLToPath(new URL('../../../../packages/', import.meta.url));

/** A scene whose only job has ended, and whose work was kept. */
async function makeRejected(workspace: string): Promise<LocalScene> {
  const scene = await makeLocalScene({
    agent: () => 'echo kept > answer.txt',
    project: () => ({ sandbox: { mode: 'off' }, workspace: { use: workspace, spares: 0 } }),
  });
  await mkdir(join(scene.path, 'node_modules', '@baton'), { recursive: true });
  for (const name of ['adapter-kit', 'git-worktree']) {
    await symlink(join(packages, name), join(scene.path, 'node_modules', '@baton', name));
  }
  // As somebody else's provider is that keeps work by its own means.
  await writeFile(
    join(scene.path, 'plain.mjs'),
    `import { defineAdapter } from '@baton/adapter-kit';
import worktrees from '@baton/git-worktree';

export default defineAdapter({
  id: 'plain',
  settings: worktrees.settings,
  workspaces(settings, host) {
    const { rescued, restore, prune, ...provider } = worktrees.workspaces(settings, host);
    return { ...provider, id: 'plain' };
  },
});
`,
  );
  for (const [argv, exitCode] of [
    [['run', '1', '--no-publish'], 7],
    [['reject', '1'], 0],
    [['start', '--once'], 0],
  ] as const) {
    expect([argv, (await scene.baton(...argv)).exitCode]).toEqual([argv, exitCode]);
  }
  return scene;
}

describe('kept work', () => {
  it('is what stands in a checkout of a store that was lost, once gc is told that nobody knows its job', async () => {
    await using at = await makeLocalScene({
      agent: () => 'echo kept > answer.txt',
      project: () => ({ sandbox: { mode: 'off' } }),
    });
    expect((await at.baton('run', '1', '--keep', '--no-publish')).exitCode).toBe(7);
    const { id } = await at.job();
    await rm(join(at.path, 'state', 'sqlite'), { recursive: true });
    expect((await at.baton('gc')).stdout).toContain(`${id}/1/work: its job is not in this store`);
    expect((await at.baton('gc', '--unknown', '--dry-run')).stdout).toMatch(/^would-remove +checkout /);
    expect((await at.baton('rescue', 'list')).stdout).toBe('nothing was rescued\n');

    {
      using _daemon = announceWorker(join(at.path, 'state'));
      const refused = { exitCode: 1, stderr: expect.stringContaining('A daemon runs on ') };
      expect(await at.baton('gc', '--unknown')).toMatchObject(refused);
    }
    const kept = `refs/baton/rescue/${id}/1`;
    expect((await at.baton('gc', '--unknown')).stdout).toContain(`no store knows its job; kept under ${kept}`);
    expect((await at.baton('rescue', 'list')).stdout).toMatch(new RegExp(`${id} .+not in this store +${kept}`));
  });

  it('is told of where its provider can not bring it back, and copies stay', async () => {
    await using at = await makeRejected('./plain.mjs');
    const { id, rescued } = await at.job();
    expect(rescued).toEqual([`refs/baton/rescue/${id}/1`]);
    // The store remembers it.
    expect((await at.baton('rescue', 'list')).stdout).toContain(`refs/baton/rescue/${id}/1`);
    expect(await at.baton('rescue', 'restore', '1', '--into', 'clone')).toMatchObject({
      exitCode: 1,
      stderr: `error: The workspace provider plain can't bring kept work back.\nfix: look in its documentation where refs/baton/rescue/${id}/1 stands: nothing was lost\n`,
    });
    expect(await at.baton('gc')).toMatchObject({ exitCode: 0, stdout: 'nothing on disk to remove\n' });
    expect(await readdir(join(at.path, 'state', 'plain', 'vaults'))).toHaveLength(1);
  });

  it('needs neither the secrets of a project, nor a configuration that is in order', async () => {
    await using at = await makeRejected('git-worktree');
    const { id } = await at.job();
    const file = join(at.path, 'baton.config.yaml');
    const good = await readFile(file, 'utf8');
    const hosted = good.replace('use: local', 'use: github\n      repository: acme/shop\n      tokenEnv: NOWHERE');
    await writeFile(file, hosted.replace(/^ +(path|remote): .*\n/gm, ''));
    expect(await at.baton('plan')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('NOWHERE') });
    expect((await at.baton('rescue', 'restore', '1', '--into', 'clone')).stdout).toContain(`baton/rescue/${id} at `);
    expect((await at.baton('gc')).stdout).toContain('it holds rescued work');

    await at.git('branch', '-D', `baton/rescue/${id}`);
    await writeFile(file, `${good}teapot: 1\n`);
    const restored = await at.baton('rescue', 'restore', id, '--into', 'clone');
    expect(restored).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('teapot') });
    expect(await at.git('show', `baton/rescue/${id}:answer.txt`)).toBe('kept');
  });
});
