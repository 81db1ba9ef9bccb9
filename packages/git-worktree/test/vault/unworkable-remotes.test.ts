import { access, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Diagnosis } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createScene, git, type Scene } from '../scene.js';

let scene: Scene;

describe('a remote that cannot be worked', () => {
  beforeEach(async () => {
    scene = await createScene();
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await scene.dispose();
  });

  const fetchFrom = (url: string): Promise<string> =>
    scene.createProvider().fetch({ repository: 'fixture', remote: { url }, branch: 'main' });

  const diagnose = async (url: string, settings = {}): Promise<readonly Diagnosis[]> =>
    await Array.fromAsync(scene.createProvider(settings).diagnoseRemote?.({ remote: { url }, branch: 'main' }) ?? []);

  it('is told before a job tries, and one that can be is told apart', async () => {
    const temporary = join(scene.home, 'tmp');
    await mkdir(temporary);
    vi.stubEnv('TMPDIR', temporary);
    expect(await diagnose(scene.remote)).toEqual([
      { check: 'repository', ok: true, detail: `Jobs can start from main of ${scene.remote}.`, fix: null },
    ]);
    const sha256 = join(scene.home, 'sha256');
    await git(scene.home, 'init', '-q', '--object-format=sha256', '--initial-branch=main', sha256);
    await git(sha256, 'commit', '-q', '--allow-empty', '-m', 'first');
    await scene.advance('main', { 'README.md': 'later\n' });
    const cut = join(scene.home, 'cut');
    await git(scene.home, 'clone', '-q', '--depth=1', `file://${scene.remote}`, cut);
    const empty = join(scene.home, 'empty');
    await git(scene.home, 'init', '-q', '--bare', empty);
    const told: readonly (readonly [url: string, fix: string])[] = [
      [sha256, 'SHA-1'],
      [cut, '--unshallow'],
      [`file://${cut}`, '--unshallow'],
      [empty, 'Mend'],
      [join(scene.home, 'none'), 'Mend'],
      ['http://127.0.0.1:1/none.git', 'Mend'],
    ];
    for (const [url, fix] of told) {
      expect(await diagnose(url), url).toMatchObject([{ ok: false, fix: expect.stringContaining(fix) }]);
    }
    await git(scene.clone, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`);
    await git(scene.clone, 'commit', '-q', '-m', 'a submodule');
    await git(scene.clone, 'push', '-q', 'origin', 'main');
    const refused = { ok: false, fix: expect.stringContaining('submodules: leave') };
    expect(await diagnose(scene.remote)).toMatchObject([refused]);
    expect(await diagnose(scene.remote, { submodules: 'leave' })).toMatchObject([{ ok: true }]);
    await expect(access(scene.stateDirectory)).rejects.toThrow();
    expect(await readdir(temporary)).toEqual([]);
  });

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
