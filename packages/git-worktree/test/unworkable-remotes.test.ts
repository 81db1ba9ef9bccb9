import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScene, git, type Scene } from './scene.js';

let scene: Scene;

describe('a remote that cannot be worked', () => {
  beforeEach(async () => {
    scene = await createScene();
  });
  afterEach(() => scene.dispose());

  const fetchFrom = (url: string): Promise<string> =>
    scene.createProvider().fetch({ repository: 'fixture', remote: { url }, branch: 'main' });

  it('is refused with what to do where its ids are SHA-256', async () => {
    const url = join(scene.home, 'sha256');
    await git(scene.home, 'init', '-q', '--object-format=sha256', '--initial-branch=main', url);
    await git(url, 'commit', '-q', '--allow-empty', '-m', 'first');
    await expect(fetchFrom(url)).rejects.toMatchObject({
      code: 'CAPABILITY_UNSUPPORTED',
      fix: expect.stringContaining('SHA-1'),
    });
  });

  it('is refused with what to do where it is shallow, also where it was whole before', async () => {
    await fetchFrom(scene.remote);
    for (const text of ['later\n', 'last\n']) await scene.advance('main', { 'README.md': text });
    const whole = join(scene.home, 'whole.git');
    await rename(scene.remote, whole);
    await git(scene.home, 'clone', '-q', '--bare', '--depth=1', `file://${whole}`, scene.remote);
    await expect(fetchFrom(scene.remote)).rejects.toMatchObject({
      code: 'CAPABILITY_UNSUPPORTED',
      fix: expect.stringContaining('--unshallow'),
    });
  });
});
