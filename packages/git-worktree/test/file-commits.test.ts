import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatonError } from '@baton/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listFileCommits } from '../src/index.js';
import { git, write } from './scene.js';

async function checkout(): Promise<{ readonly root: string; readonly environment: Record<string, string> }> {
  const root = await mkdtemp(join(tmpdir(), 'baton-person-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await git(root, 'init', '-q', '--template=', '--initial-branch=main');
  return { root, environment: { PATH: process.env['PATH'] ?? '', HOME: root, GIT_DIR: '/nonexistent' } };
}

async function commit(root: string, path: string, message: string): Promise<string> {
  await write(join(root, path), message);
  await git(root, 'add', '-A', '-f');
  await git(root, 'commit', '-q', '-m', message);
  return await git(root, 'rev-parse', 'HEAD');
}

describe('commits that touched a file of a person', () => {
  it('are those on any branch, newest first, with all that they say', async () => {
    const { root, environment } = await checkout();
    const first = await commit(root, 'a.txt', 'First\n\nBaton-Job: j1');
    await commit(root, 'b.txt', 'Another file');
    await git(root, 'checkout', '-q', '-b', 'other');
    const second = await commit(root, 'a.txt', 'Second');
    await git(root, 'checkout', '-q', 'main');
    const commits = (await listFileCommits(join(root, 'a.txt'), environment)) ?? [];
    expect(new Map(commits.map(({ id, message }) => [id, message.trim()]))).toEqual(
      new Map([
        [second, 'Second'],
        [first, 'First\n\nBaton-Job: j1'],
      ]),
    );
    for (const { emails } of commits)
      expect(emails).toEqual([expect.stringContaining('@'), expect.stringContaining('@')]);
    expect(await listFileCommits(join(root, '*.txt'), environment)).toEqual([]);
  });

  it('are unknown where there is no repository, or no git', async () => {
    const { root, environment } = await checkout();
    const bare = { ...environment, PATH: join(root, 'nowhere') };
    expect(await listFileCommits(join(root, 'a.txt'), bare)).toBe(null);
    await rm(join(root, '.git'), { recursive: true });
    await mkdir(join(root, '.git'));
    expect(await listFileCommits(join(root, 'a.txt'), environment)).toBe(null);
  });

  it('are no guess where git can not tell', async () => {
    const { root, environment } = await checkout();
    await commit(root, 'a.txt', 'First');
    await symlink('/nonexistent', join(root, '.git', 'refs', 'heads', 'broken'));
    await write(join(root, '.git', 'HEAD'), 'ref: refs/heads/main\n');
    await rm(join(root, '.git', 'objects'), { recursive: true });
    await mkdir(join(root, '.git', 'objects'));
    const failed = await listFileCommits(join(root, 'a.txt'), environment).catch((error: unknown) => error);
    expect(BatonError.is(failed, 'COMMAND_FAILED')).toBe(true);
    expect(String(failed)).not.toContain('\n');
  });
});
