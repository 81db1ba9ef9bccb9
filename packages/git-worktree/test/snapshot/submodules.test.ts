import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScene, git, type Scene, write } from '../scene.js';

let scene: Scene;

describe('a base with submodules', () => {
  beforeEach(async () => {
    scene = await createScene();
    await git(scene.clone, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},vendor/lib`);
    await write(join(scene.clone, '.gitmodules'), '[submodule "l"]\n\tpath = vendor/lib\n\turl = ../lib.git\n');
    await git(scene.clone, 'add', '.gitmodules');
    await git(scene.clone, 'commit', '-q', '-m', 'a submodule');
    await git(scene.clone, 'push', '-q', 'origin', 'main');
  });
  afterEach(() => scene.dispose());

  it('is refused with what to do, and leaves nothing behind', async () => {
    const provider = scene.createProvider({ spares: 1 });
    await expect(scene.open(provider)).rejects.toMatchObject({
      code: 'CAPABILITY_UNSUPPORTED',
      message: expect.stringContaining('"vendor/lib"'),
      fix: expect.stringContaining('submodules: leave'),
    });
    await provider.idle();
    expect(await readdir(join(scene.stateDirectory, 'worktrees'))).toEqual([]);
  });

  it('is refused also for a checkout that stands at an earlier base', async () => {
    const before = await git(scene.clone, 'rev-parse', 'HEAD^');
    const provider = scene.createProvider();
    const remote = { url: scene.remote };
    const baseCommit = await provider.fetch({ repository: 'fixture', remote, branch: 'main' });
    const key = { job: 'j1', attempt: 1, role: 'work' } as const;
    const sandbox = { readable: [], network: [], maxMemoryBytes: null, maxProcesses: null };
    const work = await provider.open({ repository: 'fixture', key, baseCommit: before, sandbox });
    await work.writeFile('new.txt', 'kept\n');
    const call = provider.open({ repository: 'fixture', key, baseCommit, sandbox });
    await expect(call).rejects.toMatchObject({ code: 'CAPABILITY_UNSUPPORTED' });
    expect((await work.snapshot()).changes.map(({ path }) => path)).toEqual(['new.txt']);
  });

  it('holds in each run of a check what the setup brought in', async () => {
    // As `git submodule update` leaves it: a link into the git directory of the checkout that it ran in.
    const run = [
      'own="$(git rev-parse --absolute-git-dir)/modules/lib"',
      'mkdir -p "$own/objects" "$own/refs"',
      `echo ${'1'.repeat(40)} > "$own/HEAD"`,
      'echo "gitdir: $own" > vendor/lib/.git',
      'echo ran > vendor/lib/lib.sh',
    ].join(' && ');
    const setup = { run, network: [], timeoutMs: 20_000 };
    const provider = scene.createProvider({ setup, submodules: 'leave' });
    const work = await scene.open(provider);
    await work.writeFile('new.txt', 'new\n');
    const { tree, changes } = await work.snapshot();
    const verify = await scene.open(provider, { role: 'verify' });
    for (const round of [1, 2]) {
      await verify.renew(tree);
      expect([round, (await verify.exec({ argv: ['cat', 'vendor/lib/lib.sh'] })).stdout]).toEqual([round, 'ran\n']);
      expect((await verify.exec({ argv: ['git', 'status', '--porcelain'] })).stdout).toBe('A  new.txt\n');
      await verify.exec({ argv: ['sh', '-c', 'echo other > vendor/lib/lib.sh'] });
    }
    expect(changes.map(({ path }) => path)).toEqual(['new.txt']);
  });

  it.each([
    ['vendor/lib', 'rm -r vendor; ln -s "$PWD/../../../theirs" vendor'],
    ['parts/lib', 'rm -r parts; ln -s "$PWD/../../../theirs" parts'],
    ['parts/lib', 'rmdir parts/lib; ln -s "$PWD/../../../theirs/lib" parts/lib'],
  ])('keeps to the checkout where code of a change made a link on the way to %s: `%s`', async (path, script) => {
    await git(scene.clone, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},parts/lib`);
    await git(scene.clone, 'commit', '-q', '-m', 'another');
    await git(scene.clone, 'push', '-q', 'origin', 'main');
    const setup = { run: 'sh ./wo*k.sh || :', network: [], timeoutMs: 20_000 };
    const provider = scene.createProvider({ setup, submodules: 'leave' });
    const work = await scene.open(provider);
    const note = join(scene.home, 'theirs/lib/.git/HEAD');
    await write(note, 'theirs\n');
    await work.writeFile('work.sh', `${script}\n`);
    await work.writeFile('package.json', '{"description":"other words"}\n');
    const { tree } = await work.snapshot();
    const verify = await scene.open(provider, { role: 'verify' });
    await verify.renew(tree);
    expect(await readFile(note, 'utf8')).toBe('theirs\n');
    expect((await verify.exec({ argv: ['ls', '-A', path] })).stdout).toBe('');
  });

  it('is worked where it is said to be, and nothing of a job stays in their directories for the next', async () => {
    const provider = scene.createProvider({ spares: 1, submodules: 'leave' });
    const first = await scene.open(provider);
    await provider.idle();
    // Without the spare that stands ready, there is room for what is taken back.
    await scene.open(scene.createProvider({ submodules: 'leave' }), { job: 'spare' });
    await write(join(first.root, 'vendor/lib/evil.js'), 'evil\n');
    await provider.remove(first.key);
    await provider.idle();
    const next = await scene.open(provider, { job: 'j2' });
    expect(next.root).toBe(first.root);
    expect(await readdir(join(next.root, 'vendor/lib'))).toEqual([]);
    expect((await next.snapshot()).changes).toEqual([]);
  });
});
