import { readdir, rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GitWorktrees } from '../../src/index.js';
import { createScene, git, type Scene } from '../scene.js';

const whyNeeded = async (): Promise<string | null> => null;

async function sceneOf(): Promise<Scene> {
  const scene = await createScene();
  onTestFinished(() => scene.dispose());
  return scene;
}

async function rescue({ open }: Scene, provider: GitWorktrees, job: string): Promise<void> {
  const workspace = await open(provider, { job });
  await workspace.writeFile('new.txt', 'work\n');
  await provider.remove(workspace.key);
  await provider.idle();
}

async function age(directory: string): Promise<void> {
  for (const name of await readdir(directory, { recursive: true })) await utimes(join(directory, name), 1, 1);
  await utimes(directory, 1, 1);
}

describe('what the vaults keep', () => {
  it('is looked at without making anything', async () => {
    const scene = await sceneOf();
    const provider = scene.createProvider({});
    expect(await provider.rescued?.()).toEqual([]);
    expect(await provider.prune?.({ whyNeeded, dryRun: true })).toEqual([]);
    await expect(readdir(scene.stateDirectory)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is not hidden by a vault that can not be read, which stays', async () => {
    const scene = await sceneOf();
    const provider = scene.createProvider({});
    await rescue(scene, provider, 'j1');
    const broken = join(scene.stateDirectory, 'vaults', 'a-broken.git');
    await git(scene.home, 'init', '-q', '--bare', broken);
    await rename(join(broken, 'objects'), join(broken, 'objects-gone'));
    await age(broken);
    expect(await provider.rescued?.()).toEqual([{ ref: 'refs/baton/rescue/j1/1', job: 'j1', attempt: 1 }]);
    expect(await provider.prune?.({ whyNeeded, dryRun: false })).toMatchObject([
      { name: broken, usedAt: 1_000, keptFor: 'it can not be read' },
      { name: scene.vault, keptFor: 'it holds rescued work' },
    ]);
    expect(scene.logs.filter((line) => line.includes(broken))).toHaveLength(2);
  });

  it('is nothing where a look at a claim was broken off, or a branch was fetched', async () => {
    const scene = await sceneOf();
    const provider = scene.createProvider({});
    const workspace = await scene.open(provider);
    await provider.fetch({ repository: 'fixture', remote: { url: scene.remote }, branch: 'main' });
    await provider.remove(workspace.key);
    await provider.idle();
    const asked: string[] = [];
    const prune = async () => {
      const judged = await provider.prune?.({
        whyNeeded: async (job) => {
          asked.push(job);
          return 'is not in this store';
        },
        dryRun: false,
      });
      return judged?.map(({ keptFor }) => keptFor);
    };
    await git(scene.vault, 'update-ref', 'refs/baton/seen-claims/claim-1', workspace.baseCommit);
    expect(await prune()).toEqual(['it was used within 30 days']);
    await age(scene.vault);
    expect(await prune()).toEqual([null]);
    expect(asked).toEqual([]);
    expect(await readdir(join(scene.stateDirectory, 'vaults'))).toEqual([]);
    expect(await readdir(join(scene.stateDirectory, 'trash'))).toEqual([]);
  });

  it('is judged by the refs of a vault whichever way they are stored', async () => {
    const scene = await sceneOf();
    const provider = scene.createProvider({});
    await rescue(scene, provider, 'j1');
    await git(scene.vault, 'pack-refs', '--all', '--prune');
    await age(scene.vault);
    expect(await provider.rescued?.()).toEqual([{ ref: 'refs/baton/rescue/j1/1', job: 'j1', attempt: 1 }]);
    expect(await provider.prune?.({ whyNeeded, dryRun: false })).toMatchObject([{ keptFor: 'it holds rescued work' }]);
  });
});
