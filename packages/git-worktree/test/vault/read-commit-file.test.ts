import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScene, git, type Scene } from '../scene.js';

let scene: Scene;

beforeEach(async () => {
  scene = await createScene();
});
afterEach(() => scene.dispose());

/** What the file reads as once a person has pushed what `plant` made of its place. */
async function readPlanted(plant: (path: string) => Promise<unknown>): Promise<unknown> {
  const { clone } = scene;
  await plant(join(clone, '.policy.yaml'));
  await git(clone, 'add', '-A', '-f');
  await git(clone, 'commit', '-q', '-m', 'Plant');
  await git(clone, 'push', '-q', 'origin', 'main');
  const provider = scene.createProvider();
  const commit = await provider.fetch({ repository: 'fixture', remote: { url: scene.remote }, branch: 'main' });
  return provider
    .readText({ repository: 'fixture', commit, path: '.policy.yaml', maxBytes: 100 })
    .catch((error: { code?: unknown }) => error.code);
}

describe('what stands in the place of a text file of a commit', () => {
  it.each([
    ['a link to a file', (path: string) => symlink('README.md', path)],
    ['a link to what lies outside', (path: string) => symlink('/etc/hostname', path)],
    ['a link to nothing', (path: string) => symlink('nowhere', path)],
    ['bytes that are no UTF-8', (path: string) => writeFile(path, Buffer.from([0x61, 0xff, 0x0a]))],
    ['an end in the middle of a sign', (path: string) => writeFile(path, Buffer.from([0xf0, 0x9f, 0x98]))],
    [
      'a directory',
      async (path: string) => {
        await mkdir(path);
        await writeFile(join(path, 'checks'), '');
      },
    ],
    [
      'a nested repository',
      async (path: string) => {
        await mkdir(path);
        await git(path, 'init', '-q');
        await git(path, 'commit', '-q', '--allow-empty', '-m', 'nested');
      },
    ],
  ])('is told, never taken for its absence: %s', async (_, plant) => {
    expect(await readPlanted(plant)).toBe('UNREADABLE');
  });

  it('may be empty', async () => {
    expect(await readPlanted((path) => writeFile(path, ''))).toBe('');
  });
});
