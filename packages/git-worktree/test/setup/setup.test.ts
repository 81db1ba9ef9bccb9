import { readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mapSettings, settingsSchema } from '../../src/settings/settings.js';
import { confinement } from '../confinement.js';
import { createScene, git, type Scene, sceneSecret, write } from '../scene.js';

const setup = (run: string, timeoutMs = 20_000) => ({ run, network: ['registry.example.com'], timeoutMs });
const install = {
  ...setup('n=$(cat ignored/count 2>/dev/null || echo 0); mkdir -p ignored; echo $((n+1)) > ignored/count'),
  keep: ['ignored'],
};

let scene: Scene;

const count = async (root: string): Promise<number> =>
  Number(await readFile(join(root, 'ignored/count'), 'utf8').catch(() => '0'));

describe('setup', () => {
  beforeEach(async () => {
    scene = await createScene({
      '.gitignore': 'ignored/\n',
      'README.md': 'hello\n',
      'app/package-lock.json': '{"v":1}\n',
    });
  });
  afterEach(() => scene.dispose());

  it('runs before a checkout is handed out, in both roles and in spares, with its own network', async () => {
    const provider = scene.createProvider({ setup: install, spares: 1 });
    const work = await scene.open(provider);
    expect(await count(work.root)).toBe(1);
    expect(scene.sandbox.policies[0]).toMatchObject({
      root: work.root,
      network: ['registry.example.com'],
      writable: [work.root, work.scratch, await git(work.root, 'rev-parse', '--absolute-git-dir')],
    });
    expect(scene.sandbox.policies[0]?.readable).toContain(join(work.root, '.git'));
    await provider.idle();
    const verify = await scene.open(provider, { role: 'verify' });
    await verify.renew((await work.snapshot()).tree);
    expect(await count(verify.root)).toBe(1);
    // The spare was set up before it was asked for.
    await provider.idle();
    const setups = scene.sandbox.policies.length;
    await scene.open(provider, { job: 'j2' });
    expect(scene.sandbox.policies.slice(setups).filter(({ root }) => root === verify.root)).toEqual([]);
    await work.exec({ argv: ['true'] });
    expect(scene.sandbox.policies.at(-1)?.network).toEqual([]);
  });

  it('tells whoever opened a checkout of what is refused in it, and nobody of a spare', async () => {
    const provider = scene.createProvider({ setup: install, spares: 1 });
    const { baseCommit } = await scene.open(provider, { job: 'j0' });
    const onRefused = () => {};
    const work = await provider.open({
      repository: 'fixture',
      key: { job: 'j1', attempt: 1, role: 'work' },
      baseCommit,
      sandbox: { ...confinement, onRefused },
    });
    await work.exec({ argv: ['true'] });
    await provider.idle();
    const heard = scene.sandbox.policies.filter((each) => each.onRefused !== undefined);
    expect(heard.map((each) => [each.root, each.onRefused])).toEqual([
      [work.root, onRefused],
      [work.root, onRefused],
    ]);
    expect(scene.sandbox.policies.length).toBeGreaterThan(heard.length + 1);
  });

  it('runs again where what differs is read by a link that says what is installed', async () => {
    const { clone } = scene;
    await write(join(clone, 'deps/all.list'), 'a\n');
    await symlink('deps/all.list', join(clone, 'requirements.txt'));
    await git(clone, 'add', '-A');
    await git(clone, 'commit', '-q', '-m', 'link');
    await git(clone, 'push', '-q', 'origin', 'HEAD:main');
    const provider = scene.createProvider({ setup: install });
    const [work, other] = [await scene.open(provider), await scene.open(provider, { job: 'j2' })];
    await work.writeFile('deps/all.list', 'b\n');
    await other.load((await work.snapshot()).tree);
    expect(await count(other.root)).toBe(2);
  });

  it('runs again where the lock files of a loaded tree differ, and only there, then without its network', async () => {
    const provider = scene.createProvider({ setup: install });
    const [work, other] = [await scene.open(provider), await scene.open(provider, { job: 'j2' })];
    await work.writeFile('README.md', 'changed\n');
    await other.load((await work.snapshot()).tree);
    expect(await count(other.root)).toBe(1);
    await work.writeFile('app/package-lock.json', '{"v":2}\n');
    const { tree } = await work.snapshot();
    await other.load(tree);
    await other.load(tree);
    expect(await count(other.root)).toBe(2);
    expect((await other.snapshot()).tree).toBe(tree);
    expect(scene.sandbox.policies.map(({ network }) => network)).toEqual([
      ['registry.example.com'],
      ['registry.example.com'],
      [],
    ]);
  });

  it('has its network where nothing but the base stands, whatever was loaded before', async () => {
    const log = join(scene.home, 'seen.log');
    const run = `echo "$(cat READ* ignored/planted 2>/dev/null | tr -d "\\n")" >> '${log}'; mkdir -p ignored; touch ignored/made`;
    const work = await scene.open(scene.createProvider({ setup: { ...setup(run), keep: ['ignored'] } }));
    await work.writeFile('app/package-lock.json', '{"v":2}\n');
    await work.load((await work.snapshot()).tree);
    // It asks for what the base asks for again, and holds what an agent wrote, in plain sight and ignored.
    await work.writeFile('README.md', 'changed\n');
    await work.writeFile('app/package-lock.json', '{"v":1}\n');
    await work.writeFile('ignored/planted', 'evil\n');
    const { tree } = await work.snapshot();
    await work.load(tree);
    const seen = (await readFile(log, 'utf8')).trimEnd().split('\n');
    const online = scene.sandbox.policies.map(({ network }) => (network?.length ?? 0) > 0);
    expect(seen.map((each, index) => [each.trim(), online[index]])).toEqual([
      ['hello', true],
      ['hello', false],
      ['hello', true],
    ]);
    expect((await work.snapshot()).tree).toBe(tree);
    expect(await readdir(join(work.root, 'ignored'))).toEqual(['made']);
  });

  it.each([
    'package-lock.json',
    'app/package-lock.json',
    'package.json',
    'a b/c\td/Cargo.lock',
    '.npmrc',
    'requirements/dev.txt',
    'tools/install.sh',
  ])('runs again where what it installs differs, wherever that is told: %s', async (path) => {
    const provider = scene.createProvider({ setup: { ...install, run: `: ./tools/install.sh; ${install.run}` } });
    const [work, other] = [await scene.open(provider), await scene.open(provider, { job: 'j2' })];
    for (const [text, times] of [
      ['one\n', 2],
      ['two\n', 3],
      ['two\n', 3],
    ] as const) {
      await work.writeFile(path, text);
      await other.load((await work.snapshot()).tree);
      expect(await count(other.root)).toBe(times);
    }
    await work.writeFile('src/package-lock.json.md', 'not that\n');
    await other.load((await work.snapshot()).tree);
    expect(await count(other.root)).toBe(3);
  });

  it('leaves nothing behind that would look like work', async () => {
    const noisy = setup('echo made > "made #1.txt"; echo touched >> README.md; mkdir out && echo x > out/y');
    const provider = scene.createProvider({ setup: noisy, spares: 1 });
    const work = await scene.open(provider);
    expect((await work.snapshot()).changes).toEqual([]);
    expect(await readFile(join(work.root, 'made #1.txt'), 'utf8')).toBe('made\n');
    await work.writeFile('mine.txt', 'mine\n');
    const { tree, changes } = await work.snapshot();
    expect(changes.map((each) => each.path)).toEqual(['mine.txt']);
    await work.load(tree);
    expect(await readFile(join(work.root, 'out/y'), 'utf8')).toBe('x\n');
  });

  it('hides no work beside what it made', async () => {
    const generate = setup('mkdir -p "src/gen #1/deep" && for i in a b c; do echo x > "src/gen #1/deep/$i"; done');
    const provider = scene.createProvider({ setup: { ...generate, keep: ['src/gen #1'] }, spares: 1 });
    const work = await scene.open(provider);
    await work.writeFile('src/gen #1/deep/d', 'mine\n');
    await work.writeFile('src/gen #1/mine', 'mine\n');
    await work.writeFile('src/gen #1/deep/a', 'made by the setup, whatever becomes of it\n');
    const { tree, changes } = await work.snapshot();
    expect(changes.map(({ path }) => path)).toEqual(['src/gen #1/deep/d', 'src/gen #1/mine']);
    const verify = await scene.open(provider, { role: 'verify' });
    await verify.renew(tree);
    expect(await readdir(join(verify.root, 'src/gen #1/deep'))).toEqual(['a', 'b', 'c', 'd']);
    const other = await scene.open(provider, { job: 'j4' });
    await other.load(tree);
    expect((await other.snapshot()).tree).toBe(tree);
    expect(await readdir(join(other.root, 'src/gen #1/deep'))).toEqual(['a', 'b', 'c', 'd']);
    const ref = await provider.remove(work.key);
    const [vault = ''] = await readdir(join(scene.stateDirectory, 'vaults'));
    const kept = await git(join(scene.stateDirectory, 'vaults', vault), 'ls-tree', '-r', '--name-only', ref ?? '');
    expect(kept.split('\n')).toContain('src/gen #1/deep/d');
    // Work of before does not come back once a tree is loaded, nor does what was made go.
    const { tree: base } = await scene.open(provider, { job: 'j3' }).then((each) => each.snapshot());
    await other.writeFile('src/gen #1/stray', 'left\n');
    await other.load(base);
    expect((await other.snapshot()).changes).toEqual([]);
    expect(await readdir(join(other.root, 'src/gen #1/deep'))).toEqual(['a', 'b', 'c']);
    // What was made in the next one's checkout is its own setup's.
    await provider.idle();
    const next = await scene.open(provider, { job: 'j2' });
    expect((await next.snapshot()).changes).toEqual([]);
  });

  it('runs anew in a checkout that is taken back, so that nothing of a job stays in the dependencies', async () => {
    const provider = scene.createProvider({ setup: install, spares: 1 });
    const [first, second] = [await scene.open(provider), await scene.open(provider, { job: 'j2' })];
    await provider.idle();
    await scene.open(provider, { job: 'j3' });
    await write(join(first.root, 'ignored/evil'), 'evil\n');
    await Promise.all([provider.remove(first.key), provider.remove(second.key)]);
    await provider.idle();
    const next = await scene.open(provider, { job: 'j4' });
    expect(await count(next.root)).toBe(1);
    expect(await readdir(join(next.root, 'ignored'))).toEqual(['count']);
    expect(await git(next.root, 'status', '--porcelain')).toBe('');
  });

  it('tells how it failed, and leaves no checkout', async () => {
    const provider = scene.createProvider({ setup: setup('echo so far so good; echo no such package >&2; exit 3') });
    await expect(scene.open(provider)).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringContaining('no such package'),
    });
    expect(await readdir(join(scene.stateDirectory, 'worktrees'))).toEqual([]);
  });

  it('tells no part of a secret that it printed across the cut', async () => {
    const print = `printf '%s%01990d' '${sceneSecret}' 0; exit 3`;
    const told: unknown = await scene.open(scene.createProvider({ setup: setup(print) })).catch((error) => error);
    if (!BatonError.is(told, 'COMMAND_FAILED')) throw told;
    const said = told.message.slice(told.message.indexOf('): '));
    expect(said).toContain('000');
    expect(said).not.toContain(sceneSecret.slice(-8));
  });

  it('is ended where it hangs, with what it began', async () => {
    const mark = join(scene.home, 'late');
    const provider = scene.createProvider({ setup: setup(`(sleep 600; echo x > ${mark}) & sleep 600`, 200) });
    await expect(scene.open(provider)).rejects.toMatchObject({ code: 'TIMEOUT', details: { afterMs: 200 } });
    expect(await readdir(join(scene.stateDirectory, 'worktrees'))).toEqual([]);
  });

  it('does not hold a job up that spares cannot be made', async () => {
    const gate = join(scene.home, 'second-time');
    const provider = scene.createProvider({ setup: setup(`test ! -e ${gate} && touch ${gate}`), spares: 1 });
    const work = await scene.open(provider);
    await provider.idle();
    expect((await work.snapshot()).changes).toEqual([]);
    expect(scene.logs.join('\n')).toContain('making spare checkouts failed');
    await provider.remove(work.key);
    await provider.idle();
    expect(await readdir(join(scene.stateDirectory, 'worktrees'))).toEqual([]);
    await rm(gate);
    await scene.open(provider, { job: 'j2' });
  });
});

describe('settings', () => {
  it.each(['/etc', '../up', 'a/../b', './a', 'a/', 'a//b', ''])('take no %j for what is kept', (path) => {
    const { error } = settingsSchema.safeParse({ setup: { run: 'x', keep: ['data/fixtures', path] } });
    expect(error?.issues.map((issue) => issue.path)).toEqual([['setup', 'keep', 1]]);
  });

  it('are read with their defaults, and durations in words', () => {
    const read = (settings: unknown) => mapSettings(settingsSchema.parse(settings), '/');
    expect(read({})).toEqual({ setup: null, spares: 2 });
    expect(read({ submodules: 'leave' })).toEqual({ setup: null, spares: 2, submodules: 'leave' });
    expect(read({ setup: { run: 'npm ci' } })).toMatchObject({ setup: { network: [], timeoutMs: 600_000 } });
    expect(read({ setup: { run: 'npm ci', timeout: '1.5m' }, spares: 0 })).toEqual({
      setup: { run: 'npm ci', network: [], timeoutMs: 90_000 },
      spares: 0,
    });
    // As limits are written too.
    expect(read({ setup: { run: 'x', timeout: '1d' } })).toMatchObject({ setup: { timeoutMs: 86_400_000 } });
    expect(read({ setup: { run: 'x', timeout: 1500 } })).toMatchObject({ setup: { timeoutMs: 1500 } });
  });

  it.each([
    [{ spare: 1 }, []],
    [{ spares: -1 }, ['spares']],
    [{ setup: { run: '' } }, ['setup', 'run']],
    [{ setup: { run: 'x', timeout: 'soon' } }, ['setup', 'timeout']],
    [{ setup: { run: 'x', timeout: '0s' } }, ['setup', 'timeout']],
    [{ setup: { run: 'x', timeout: -1 } }, ['setup', 'timeout']],
  ])('that are wrong are named: %j', (settings, path) => {
    expect(settingsSchema.safeParse(settings).error?.issues[0]?.path).toEqual(path);
  });
});
