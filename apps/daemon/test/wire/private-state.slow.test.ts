import { chmod, lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

/** What an agent works in is as its tools expect it; the directory around it lets nobody in. */
const checkouts = /^git-worktree\/(worktrees|scratch|vaults\/[^/]+\/checkouts)\/[^/]+(\/|$)/;

/** What other accounts could enter, or read something of. */
async function openToOthers(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path);
    if (checkouts.test(name) || entry.isSymbolicLink()) continue;
    const { mode, size } = await lstat(path);
    const isOpen = (mode & 0o077) !== 0 && (entry.isDirectory() || size > 0);
    if (isOpen) found.push(`${name} ${(mode & 0o777).toString(8)}`);
  }
  return found;
}

beforeAll(ensureBuilt, 180_000);

describe('the state directory', () => {
  it.each(['doctor', 'gc', 'start'])('is for its owner alone, whoever made it first: %s', async (first) => {
    await using scene = await makeLocalScene({
      agent: () => 'echo unpublished > answer.txt; exit 3',
      project: () => ({ limits: { attempts: 1 } }),
    });
    const state = join(scene.path, 'state');
    if (first !== 'start') await scene.baton(first);
    await scene.baton('start', '--once');
    expect((await readdir(state)).length).toBeGreaterThan(2);
    expect((await lstat(state)).mode & 0o777).toBe(0o700);
    expect(await openToOthers(state)).toEqual([]);
  });

  it('is closed again where an earlier version, or a person, left it open', async () => {
    await using scene = await makeLocalScene({ agent: () => 'echo right > answer.txt' });
    const state = join(scene.path, 'state');
    await scene.baton('start', '--once');
    const names = await readdir(state);
    for (const name of [...names, 'git-worktree/vaults', 'git-worktree/worktrees', 'git-worktree/records']) {
      await chmod(join(state, name), 0o755);
    }
    await scene.baton('start', '--once');
    expect(await openToOthers(state)).toEqual([]);
  });
});
