import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScene, git, type Scene, write } from '../scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await createScene();
});
afterEach(() => scene.dispose());

/** A checkout that a process was still making. */
async function leaveHalfMade(slot: string, owner: string): Promise<string> {
  const baseCommit = await git(scene.remote, 'rev-parse', 'main');
  const common = { version: 1, slot, repository: 'fixture', baseCommit, setUpFor: null };
  const path = join(scene.stateDirectory, 'records/making', `${slot}.json`);
  await write(path, JSON.stringify({ ...common, ready: false, usedAt: 1, owner }));
  await mkdir(join(scene.stateDirectory, 'worktrees', slot), { recursive: true });
  await writeFile(join(scene.stateDirectory, 'worktrees', slot, 'half.txt'), 'half\n');
  return path;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

describe('a checkout that was being made', () => {
  it.runIf(process.platform === 'linux')(
    'is cleared away where its maker is dead, though its number was given out again (needs Linux)',
    async () => {
      // Both numbers are of processes that live, and that began at another time.
      const paths = [
        await leaveHalfMade('wreused', `${process.ppid}:1`),
        await leaveHalfMade('wours', `${process.pid}:1`),
        await leaveHalfMade('wnobody', 'none'),
      ];
      const living = await leaveHalfMade('wliving', `${process.ppid}:`);
      const provider = scene.createProvider();
      await scene.open(provider);
      await provider.close?.();
      expect(await Promise.all(paths.map(isThere))).toEqual([false, false, false]);
      expect(await isThere(join(scene.stateDirectory, 'worktrees', 'wreused'))).toBe(false);
      expect(await isThere(living)).toBe(true);
    },
  );
});
