import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, link, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import type { Workspace } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitWorktrees, type GitWorktrees } from '../../src/index.js';
import { confinement } from '../confinement.js';
import { createRestlessRuntime, createScene, git, type Scene, write } from '../scene.js';

let scene: Scene;

const collect = async (provider: GitWorktrees): Promise<readonly string[]> => {
  const jobs: string[] = [];
  for await (const { key } of provider.list()) jobs.push(key.job);
  return jobs;
};

/** Path, mode and content of everything but the link to the vault, empty directories included. */
async function listing(root: string, below = ''): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (path === '.git') continue;
    const found = await stat(join(root, path));
    lines.push(`${path} ${found.mode.toString(8)} ${found.nlink > 1 && entry.isFile() ? 'linked' : ''}`);
    if (entry.isDirectory()) lines.push(...(await listing(root, path)));
    else lines.push(await readFile(join(root, path), 'utf8'));
  }
  return lines.sort();
}

describe('opening', () => {
  beforeEach(async () => {
    scene = await createScene();
  });
  afterEach(() => scene.dispose());

  it('sixteen at once, round after round, without a failure', async () => {
    const provider = scene.createProvider({ spares: 2 });
    const opened: Workspace[] = [];
    for (let round = 0; round < 3; round += 1) {
      const jobs = Array.from({ length: 16 }, (_, job) => `j${round}x${job}`);
      opened.push(...(await Promise.all(jobs.map((job) => scene.open(provider, { job })))));
      await Promise.all(opened.splice(0, 12).map(({ key }) => provider.remove(key)));
    }
    expect(new Set(opened.map((each) => each.root)).size).toBe(opened.length);
    for (const each of opened) expect((await each.snapshot()).changes).toEqual([]);
    expect(scene.logs).toEqual([]);
  });

  it('takes a spare that stands ready, and fills up again', async () => {
    const provider = scene.createProvider({ spares: 2 });
    await scene.open(provider, { job: 'j1' });
    await provider.idle();
    // What kept one from being made is told here alone.
    expect(scene.logs).toEqual([]);
    const ready = await readdir(join(scene.stateDirectory, 'worktrees'));
    expect(ready).toHaveLength(3);
    const second = await scene.open(scene.createProvider({ spares: 2 }), { job: 'j2' });
    expect(ready).toContain(second.root.split('/').at(-1));
    expect(second.root).not.toContain('j2');
    expect(second.reused).toBe(false);
    expect((await second.snapshot()).changes).toEqual([]);
  });

  it('makes no spare while jobs come and go, and keeps what they give back', async () => {
    const provider = scene.createProvider({ spares: 1 }, createRestlessRuntime());
    const worktrees = (): Promise<readonly string[]> => readdir(join(scene.stateDirectory, 'worktrees'));
    const ready = async (): Promise<number> =>
      (await readdir(join(scene.stateDirectory, 'records/spare'))).filter((each) => each.endsWith('.json')).length;
    const opened = [];
    for (const job of ['j1', 'j2', 'j3']) opened.push(await scene.open(provider, { job }));
    expect(await worktrees()).toHaveLength(3);
    await Promise.all(opened.map(({ key }) => provider.remove(key)));
    await expect.poll(ready, { timeout: 90_000 }).toBe(3);
    const roots = opened.map(({ root }) => root);
    for (const job of ['j4', 'j5']) expect(roots).toContain((await scene.open(provider, { job })).root);
    for (const job of ['j4', 'j5']) await provider.remove({ job, attempt: 1, role: 'work' });
    await provider.idle();
    expect(await ready()).toBe(1);
    expect(await worktrees()).toHaveLength(1);
  });

  it('brings a spare of an older base along', async () => {
    const provider = scene.createProvider({ spares: 1 });
    await scene.open(provider, { job: 'j1' });
    await provider.idle();
    const before = await readdir(join(scene.stateDirectory, 'worktrees'));
    const base = await scene.advance('main', { 'README.md': 'moved\n', 'src/a.txt': null });
    const second = await scene.open(provider, { job: 'j2' });
    expect(before).toContain(second.root.split('/').at(-1));
    expect((await second.snapshot()).changes).toEqual([]);
    expect(await git(second.root, 'rev-parse', 'HEAD')).toBe(base);
    expect(await git(second.root, 'status', '--porcelain', '--ignored')).toBe('');
  });

  it('gives a used checkout to the next job as clean as a new one', async () => {
    const provider = scene.createProvider({ spares: 1 });
    const first = await scene.open(provider, { job: 'j1' });
    const untouched = await listing(first.root);
    await provider.idle();
    // Without the spare that stands ready, there is room for what is taken back.
    await scene.open(scene.createProvider({ spares: 0 }), { job: 'spare' });
    // Whatever an agent without a sandbox could think of.
    await write(join(first.root, 'ignored/deps/evil.js'), 'evil\n');
    await write(join(first.root, 'src/debug.log'), 'left\n');
    await mkdir(join(first.root, 'empty/dir'), { recursive: true });
    await write(join(first.root, 'nested/.git/config'), '[core]\n');
    await chmod(join(first.root, 'src/b.txt'), 0o4755);
    await chmod(join(first.root, 'src'), 0o700);
    await rm(join(first.root, 'README.md'));
    await write(join(scene.home, 'twin'), 'hello\n');
    await link(join(scene.home, 'twin'), join(first.root, 'README.md'));
    await symlink('/etc', join(first.root, 'etc'));
    await git(first.root, 'update-index', '--assume-unchanged', 'src/a.txt');
    await writeFile(join(first.root, 'src/a.txt'), 'one\nTWO\nthree\n');
    const gitDir = await git(first.root, 'rev-parse', '--git-dir');
    await writeFile(join(gitDir, 'config.worktree'), '[core]\n\tsparseCheckout = true\n');
    await write(join(gitDir, 'info/sparse-checkout'), '/src\n');
    await write(join(gitDir, 'hooks/pre-commit'), 'exit 1\n');
    await git(first.root, 'config', 'core.fsmonitor', 'evil');
    await git(first.root, 'branch', 'left');
    await write(join(first.scratch, 'home/.bashrc'), 'evil\n');

    await provider.remove(first.key);
    await provider.idle();
    const next = await scene.open(provider, { job: 'j2' });
    expect(next.root).toBe(first.root);
    expect(next.reused).toBe(false);
    expect(await listing(next.root)).toEqual(untouched);
    expect(await readdir(next.scratch)).toEqual([]);
    expect((await readdir(gitDir)).sort()).toEqual(['HEAD', 'config', 'index', 'info', 'objects', 'refs']);
    expect(await git(next.root, 'for-each-ref')).toBe('');
    expect(await git(next.root, 'config', '--local', '--name-only', '--get-regexp', 'core')).not.toContain('fsmonitor');
    expect(await git(next.root, 'status', '--porcelain', '--ignored')).toBe('');
    expect(await git(next.root, 'ls-files', '-v')).not.toMatch(/^[a-zS]/m);
    await write(join(next.root, 'src/a.txt'), 'seen\n');
    expect((await next.snapshot()).changes.map((each) => each.path)).toEqual(['src/a.txt']);
  });

  it('leaves alone what a person made of the vault (G12)', async () => {
    const provider = scene.createProvider({ spares: 1 });
    const work = await scene.open(provider);
    const foreign = join(scene.home, 'foreign');
    await git(scene.vault, 'worktree', 'add', '-q', '--detach', foreign, work.baseCommit);
    await write(join(foreign, 'mine.txt'), 'mine\n');
    await write(join(scene.stateDirectory, 'worktrees/notes/mine.txt'), 'mine\n');
    await provider.remove(work.key);
    await provider.idle();
    await scene.open(scene.createProvider({ spares: 1 }), { job: 'j2' });
    expect(await readFile(join(foreign, 'mine.txt'), 'utf8')).toBe('mine\n');
    expect(await git(foreign, 'status', '--porcelain')).toBe('?? mine.txt');
    expect(await readFile(join(scene.stateDirectory, 'worktrees/notes/mine.txt'), 'utf8')).toBe('mine\n');
  });

  it('works below a path of odd characters', async () => {
    const odd = await createScene({ 'a b/ü "q" $x.txt': 'one\n', "it's/[x]*.txt": 'two\n' });
    try {
      const strange = { ...odd, stateDirectory: join(odd.home, `st ate 'q" $HOME [x]* ü`) };
      const provider = createGitWorktrees(
        { setup: { run: 'echo made > "made by setup !# .txt"', network: [], timeoutMs: 20_000 }, spares: 1 },
        { ...strange, runtime: createSystemRuntime(), log: () => {}, mask: (text) => text },
      );
      const remote = { url: odd.remote };
      const baseCommit = await provider.fetch({ repository: 'A/b c.d', remote, branch: 'main' });
      const key = { job: 'j1', attempt: 1, role: 'work' } as const;
      const work = await provider.open({ repository: 'A/b c.d', key, baseCommit, sandbox: confinement });
      expect((await work.snapshot()).changes).toEqual([]);
      await work.writeFile('a b/new ü.txt', 'new\n');
      expect((await work.snapshot()).changes.map((each) => each.path)).toEqual(['a b/new ü.txt']);
      await provider.remove(key);
      await provider.close?.();
    } finally {
      await odd.dispose();
    }
  });

  it.each([0, 1])('survives kill -9 at any point, with %i spares (G17)', async (spares) => {
    const resolution = new URL('../ts-resolution.mjs', import.meta.url).pathname;
    const script = new URL('../open-and-die.ts', import.meta.url).pathname;
    const flags = ['--conditions=@baton/source', '--disable-warning=ExperimentalWarning', '--import', resolution];
    for (const afterMs of [5, 35, 80, 140]) {
      const argv = [...flags, script, scene.stateDirectory, scene.remote, String(spares)];
      const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
      });
      await expect.poll(() => said, { timeout: 90_000, interval: 5 }).toContain('ready');
      // Not a wait for something: the moment of the blow.
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      const ended = once(child, 'exit');
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await ended;
      const opened = said.split('\n').slice(1, -1).map(Number);

      const provider = scene.createProvider({ spares });
      const listed = await collect(provider);
      for (const job of opened.filter((each) => each % 3 !== 0)) {
        expect(listed).toContain(`j${job}`);
        const again = await scene.open(provider, { job: `j${job}` });
        expect(again.reused).toBe(true);
        expect(await readFile(join(again.root, 'work.txt'), 'utf8')).toBe(`work of ${job}\n`);
        expect((await again.snapshot()).changes.map((each) => each.path)).toEqual(['work.txt']);
      }
      const next = await scene.open(provider, { job: 'next' });
      expect((await next.snapshot()).changes).toEqual([]);
      for (const job of await collect(provider)) await provider.remove({ job, attempt: 1, role: 'work' });
      await provider.idle();
      expect(await collect(provider)).toEqual([]);
      // Nothing half made is left.
      const left = await readdir(join(scene.stateDirectory, 'worktrees'));
      const ready = await readdir(join(scene.stateDirectory, 'records/spare'));
      expect(left.length).toBe(ready.filter((each) => each.endsWith('.json')).length);
      const making = await readdir(join(scene.stateDirectory, 'records/making'));
      expect(making.filter((each) => each.endsWith('.json'))).toEqual([]);
      await provider.close?.();
    }
  });
});
