import { access, chmod, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confinement } from './confinement.js';
import { createScene, git, type Scene, write } from './scene.js';

const hooks = 'post-checkout pre-commit commit-msg post-index-change reference-transaction pre-push post-rewrite';

let scene: Scene;
let canary: string;
let ran: string;

/** Every key that makes git start a program, and every hook. */
async function hostileConfig(): Promise<string> {
  const hookDirectory = join(scene.home, 'hostile-hooks');
  for (const name of hooks.split(' ')) await cp(canary, join(hookDirectory, name));
  return `
[core]
	repositoryformatversion = 0
	bare = false
	fsmonitor = ${canary}
	hooksPath = ${hookDirectory}
	sshCommand = ${canary}
	askPass = ${canary}
	pager = ${canary}
	editor = ${canary}
[filter "evil"]
	clean = ${canary} clean
	smudge = ${canary} smudge
	process = ${canary} process
	required = true
[diff]
	external = ${canary}
[diff "evil"]
	command = ${canary}
	textconv = ${canary}
[merge "evil"]
	driver = ${canary} %A
[gpg]
	program = ${canary}
[commit]
	gpgSign = true
[push]
	gpgSign = if-asked
[credential]
	helper = !${canary}
[url "ext::${canary} "]
	insteadOf = ${scene.remote}
	pushInsteadOf = ${scene.remote}
[protocol]
	allow = always
[uploadpack]
	packObjectsHook = ${canary}
`;
}

/** A repository with a hostile configuration at a path, with a commit of its own or without. */
async function plantRepository(path: string, withCommit: boolean): Promise<void> {
  await mkdir(path, { recursive: true });
  await git(path, 'init', '-q', '--template=');
  await write(join(path, 'inner.txt'), 'inner\n');
  if (withCommit) {
    await git(path, 'add', 'inner.txt');
    await git(path, 'commit', '-q', '-m', 'inner');
  }
  await writeFile(join(path, '.git', 'config'), await hostileConfig());
}

interface Plant {
  readonly where: string;
  readonly plant: (workspace: Workspace) => Promise<void>;
  /** Below the checkout: where an unprotected git falls for it. */
  readonly trap?: string;
  /** What the changes must show of it. */
  readonly shows?: readonly (readonly [path: string, mode: string])[];
}

const plants: readonly Plant[] = [
  {
    where: 'a repository in the place of the link',
    trap: '.',
    plant: async ({ root }) => {
      await rm(join(root, '.git'), { recursive: true });
      await plantRepository(root, true);
    },
    shows: [['inner.txt', '100644']],
  },
  {
    where: 'a link that leads to a repository in the tree',
    trap: '.',
    plant: async ({ root }) => {
      await plantRepository(join(root, 'ignored', 'evil'), true);
      await writeFile(join(root, '.git'), 'gitdir: ignored/evil/.git\n');
    },
  },
  {
    where: 'a nested repository with a commit',
    trap: 'nested',
    plant: ({ root }) => plantRepository(join(root, 'nested'), true),
    shows: [['nested', '160000']],
  },
  {
    where: 'a nested repository without a commit',
    trap: 'nested',
    plant: ({ root }) => plantRepository(join(root, 'nested'), false),
    shows: [['nested/inner.txt', '100644']],
  },
  {
    where: 'a repository where the base has a submodule',
    trap: 'module',
    plant: async ({ root }) => {
      await plantRepository(join(root, 'module'), true);
      // Nothing seems to have moved: git would look for dirt inside.
      await rm(join(root, 'module', '.git', 'refs'), { recursive: true });
      await mkdir(join(root, 'module', '.git', 'refs'));
      await writeFile(join(root, 'module', '.git', 'HEAD'), `${'1'.repeat(40)}\n`);
    },
  },
  {
    where: 'config.worktree in the vault, as without a sandbox',
    plant: async ({ root }) => {
      const gitDir = await git(root, 'rev-parse', '--git-dir');
      await writeFile(join(gitDir, 'config.worktree'), await hostileConfig());
    },
  },
  {
    where: "the checkout's own git directory, as every command can",
    trap: '.',
    plant: async ({ root }) => {
      const gitDir = await git(root, 'rev-parse', '--absolute-git-dir');
      await writeFile(join(gitDir, 'config'), await hostileConfig());
      await mkdir(join(gitDir, 'hooks'));
      for (const name of hooks.split(' ')) await cp(canary, join(gitDir, 'hooks', name));
      await write(join(gitDir, 'info/attributes'), '* filter=evil diff=evil merge=evil\n');
    },
  },
  {
    where: "the daemon's own home and environment",
    plant: async () => {
      await writeFile(join(scene.home, '.gitconfig'), await hostileConfig());
      Object.assign(process.env, {
        HOME: scene.home,
        GIT_CONFIG_GLOBAL: join(scene.home, '.gitconfig'),
        GIT_SSH_COMMAND: canary,
        GIT_EXTERNAL_DIFF: canary,
        GIT_ASKPASS: canary,
      });
    },
  },
];

const hasRun = (): Promise<boolean> =>
  access(ran).then(
    () => true,
    () => false,
  );

describe('what an agent plants for the git of the host', () => {
  const environment = { ...process.env };
  beforeEach(async () => {
    scene = await createScene();
    ran = join(scene.home, 'canary-ran');
    canary = join(scene.home, 'canary');
    await writeFile(canary, `#!/bin/sh\necho "$0 $*" >> ${ran}\ncat >/dev/null 2>&1 </dev/null\nexit 1\n`);
    await chmod(canary, 0o755);
    // A submodule of the base, as many repositories have one.
    await git(scene.clone, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`);
    await write(join(scene.clone, '.gitmodules'), '[submodule "m"]\n\tpath = module\n\turl = ./m\n\tignore = all\n');
    await git(scene.clone, 'add', '.gitmodules');
    await git(scene.clone, 'commit', '-q', '-m', 'a submodule');
    await git(scene.clone, 'push', '-q', 'origin', 'main');
  });
  afterEach(async () => {
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
    await scene.dispose();
  });

  it.each(plants)('is never run: $where', async ({ plant, trap, shows = [] }) => {
    const provider = scene.createProvider({ spares: 1, submodules: 'leave' });
    const work = await scene.open(provider);
    const before = await readFile(join(scene.vault, 'config'), 'utf8');
    await write(join(work.root, '.gitattributes'), '* filter=evil diff=evil merge=evil\n');
    await plant(work);
    await write(join(work.root, 'src/a.txt'), 'one\nours\nthree\n');
    if (trap !== undefined) {
      const copy = join(scene.home, 'copy');
      await cp(work.root, copy, { recursive: true });
      await git(join(copy, trap), 'status').catch(() => {});
      await git(join(copy, trap), 'add', '-A').catch(() => {});
      expect(await hasRun(), 'the trap is no trap').toBe(true);
      await rm(ran);
    }

    for (let round = 0; round < 2; round += 1) {
      const { tree, changes } = await work.snapshot();
      expect(changes.find((each) => each.path === 'src/a.txt')?.kind).toBe('modified');
      for (const [path, mode] of shows) expect(changes.find((each) => each.path === path)?.mode).toBe(mode);
      expect(await work.diff(tree)).toContain('+ours');
      await work.altered();
      await write(join(work.root, 'README.md'), `round ${round}\n`);
    }
    const { tree } = await work.snapshot();
    const author = { name: 'Baton', email: 'baton@example.com' };
    const commit = await work.commit({ tree, parents: [work.baseCommit], message: 'Ours\n', author, at: 0 });
    await scene.advance('main', { 'src/b.txt': 'moved\n' });
    const remote = { url: scene.remote };
    await provider.fetch({ repository: 'fixture', remote, branch: 'main' });
    await work.push({ remote, branch: 'baton/issue-1', commit, expected: null });
    const verify = await scene.open(provider, { role: 'verify' });
    await verify.load(tree);
    expect((await verify.snapshot()).tree).toBe(tree);
    await work.rescue();
    const reopened = await scene.createProvider({ submodules: 'leave' }).open({
      repository: 'fixture',
      key: work.key,
      baseCommit: work.baseCommit,
      sandbox: confinement,
    });
    expect(reopened.reused).toBe(true);
    await reopened.snapshot();
    await provider.remove(work.key);
    await provider.remove(verify.key);
    await provider.idle();
    // The next run, in what was taken back.
    const next = await scene.open(provider, { job: 'j2' });
    expect((await next.snapshot()).changes).toEqual([]);
    expect(await hasRun()).toBe(false);
    expect(await readFile(join(scene.vault, 'config'), 'utf8')).toBe(before);
  });

  it.each(plants.filter(({ trap }) => trap === '.'))(
    'is not met by a person to whom the checkout was handed over: $where',
    async ({ plant }) => {
      const work = await scene.open(scene.createProvider({ submodules: 'leave' }));
      await write(join(work.root, '.gitattributes'), '* filter=evil diff=evil merge=evil\n');
      await plant(work);
      await write(join(work.root, 'src/a.txt'), 'one\nours\nthree\n');
      await work.handOver?.();
      expect((await git(work.root, 'status', '--porcelain')).split('\n')).toContain(' M src/a.txt');
      await git(work.root, 'add', '--', 'src');
      expect(await git(work.root, 'diff', '--cached')).toContain('+ours');
      expect(await hasRun()).toBe(false);
    },
  );

  it('leads no write of the host elsewhere', async () => {
    const work = await scene.open(scene.createProvider({ submodules: 'leave' }));
    await work.writeFile('new.txt', 'new\n');
    const { tree } = await work.snapshot();
    const gitDir = await git(work.root, 'rev-parse', '--absolute-git-dir');
    const target = join(scene.vault, 'config');
    const before = await readFile(target, 'utf8');
    for (const name of await readdir(gitDir)) {
      await rm(join(gitDir, name), { recursive: true });
      await symlink(name === 'objects' || name === 'refs' ? scene.vault : target, join(gitDir, name));
    }
    await symlink(target, join(gitDir, 'index.new'));
    await work.load(tree);
    expect(await git(work.root, 'status', '--porcelain')).toBe('A  new.txt');
    expect(await readFile(target, 'utf8')).toBe(before);
    expect((await readdir(scene.vault)).includes('pack')).toBe(false);
    // One that is broken is there again for the next turn.
    await rm(gitDir, { recursive: true });
    const again = await scene.open(scene.createProvider({ submodules: 'leave' }));
    expect(again.reused).toBe(true);
    expect(await git(again.root, 'status', '--porcelain')).toBe('?? new.txt');
  });

  it('cannot hide a nested repository that is taken away again', async () => {
    const work = await scene.open(scene.createProvider({ submodules: 'leave' }));
    await plantRepository(join(work.root, 'nested'), true);
    expect((await work.snapshot()).changes.map((each) => each.mode)).toEqual(['160000']);
    await rm(join(work.root, 'nested', '.git'), { recursive: true });
    expect((await work.snapshot()).changes.map((each) => each.path)).toEqual(['nested/inner.txt']);
    expect(await hasRun()).toBe(false);
  });

  it('cannot hide text from the diff by attributes', async () => {
    const work = await scene.open(scene.createProvider({ submodules: 'leave' }));
    await write(join(work.root, '.gitattributes'), '*.txt -diff binary\n');
    await write(join(work.root, 'src/a.txt'), 'one\nhidden\nthree\n');
    const { tree, changes } = await work.snapshot();
    expect(changes.find((each) => each.path === 'src/a.txt')).toMatchObject({ binary: false, added: 1, deleted: 1 });
    expect(await work.diff(tree)).toContain('+hidden');
  });

  it('puts the link to the vault back on reopening', async () => {
    const work = await scene.open(scene.createProvider({ submodules: 'leave' }));
    const link = await git(work.root, 'rev-parse', '--git-dir');
    await rm(join(work.root, '.git'));
    await plantRepository(work.root, true);
    const again = await scene.open(scene.createProvider({ submodules: 'leave' }));
    expect(again.reused).toBe(true);
    expect(await git(again.root, 'rev-parse', '--git-dir')).toBe(link);
    expect((await readdir(again.root)).includes('inner.txt')).toBe(true);
  });
});
