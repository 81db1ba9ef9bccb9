import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScene, git, type Scene, write } from '../scene.js';

let scene: Scene;
const slot = 'old';

/** What a version left in which one repository held everything and checkouts were worktrees of it. */
async function leaveEarlierState(): Promise<{ readonly base: string; readonly rescued: string }> {
  const { vault, stateDirectory: state, remote } = scene;
  await git(scene.home, 'init', '-q', '--bare', '--template=', vault);
  await git(vault, 'fetch', '-q', remote, 'main:refs/baton/remote/main');
  const base = await git(vault, 'rev-parse', 'refs/baton/remote/main');
  const rescued = await git(vault, 'commit-tree', `${base}^{tree}`, '-p', base, '-m', 'Rescued work of j0');
  await git(vault, 'update-ref', 'refs/baton/rescue/j0/1', rescued);
  const root = join(state, 'worktrees', slot);
  await git(vault, 'worktree', 'add', '-q', '--detach', root, base);
  await mkdir(join(state, 'index'), { recursive: true });
  await mkdir(join(state, 'scratch', slot), { recursive: true });
  const common = { version: 1, slot, repository: 'fixture', baseCommit: base, setUpFor: null };
  const record = JSON.stringify({ ...common, ready: true, usedAt: 1, owner: 'none' });
  await write(join(state, 'records/taken/j1.1.work.json'), record);
  await writeFile(join(root, 'work.txt'), 'work\n');
  return { base, rescued };
}

describe('the state of an earlier version', () => {
  beforeEach(async () => {
    scene = await createScene();
  });
  afterEach(() => scene.dispose());

  it('is worked on as it stands, loses nothing, and shows no other job any more', async () => {
    const { base, rescued } = await leaveEarlierState();
    const provider = scene.createProvider();
    const work = await scene.open(provider);
    expect(work.reused).toBe(true);
    expect((await work.snapshot()).changes.map(({ path }) => path)).toEqual(['work.txt']);
    expect(await git(work.root, 'status', '--porcelain')).toBe('?? work.txt');
    expect(await git(work.root, 'log', '--all', '--format=%H')).toBe(base);
    await expect(git(work.root, 'cat-file', '-e', rescued)).rejects.toThrow();
    expect(await provider.remove({ job: 'j0', attempt: 1, role: 'work' })).toBe('refs/baton/rescue/j0/1');
    const kept = await provider.remove(work.key);
    expect(kept).toBe('refs/baton/rescue/j1/1');
    expect(await git(scene.vault, 'show', `${kept}:work.txt`)).toBe('work');
    await provider.idle();
    expect(await git(scene.vault, 'worktree', 'list')).not.toContain(slot);
    expect(await readFile(join(scene.vault, 'objects/info/alternates'), 'utf8')).toBe('../base.git/objects\n');
    // A vault that was moved is whole, and so is what a collection of garbage leaves of it.
    await git(scene.vault, 'gc', '-q', '--prune=now');
    await git(join(scene.vault, 'base.git'), 'gc', '-q');
    await git(scene.vault, 'fsck', '--full', '--connectivity-only');
    expect(await git(scene.vault, 'rev-parse', 'refs/baton/rescue/j0/1')).toBe(rescued);
  });
});
