import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Workspace } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { maxFileBytes } from '../../src/bounds/snapshot-bounds.js';
import type { GitWorktrees } from '../../src/index.js';
import { hasProgram } from '../has-program.js';
import { createScene, type Scene } from '../scene.js';

const megabyte = 1024 ** 2;

let scene: Scene;
let provider: GitWorktrees;
let work: Workspace;

const measure = (by = provider): Promise<number> => by.measureGrowth?.('j1') ?? Promise.resolve(Number.NaN);
const write = (path: string, bytes = megabyte): Promise<void> => writeFile(path, Buffer.alloc(bytes, 'x'));

/** A file's change time is by a clock of the kernel's that ticks each 10 ms at the slowest, and so lags behind ours. */
async function open(role: 'work' | 'verify' = 'work'): Promise<Workspace> {
  const opened = await scene.open(provider, { role });
  await delay(20);
  return opened;
}

beforeEach(async () => {
  scene = await createScene({ 'README.md': 'x'.repeat(2 * megabyte), '.gitignore': 'ignored\n' });
  provider = scene.createProvider();
  work = await open();
});
afterEach(() => scene.dispose());

describe.runIf(process.platform === 'linux')('what commands made a checkout grow by (needs Linux)', () => {
  it('is what they wrote, wherever they may write, and nothing that was brought there', async () => {
    expect(await measure()).toBeLessThan(megabyte);
    await mkdir(join(work.root, 'ignored'));
    await write(join(work.root, 'ignored', 'a'));
    await write(join(work.scratch, 'b'));
    expect(await measure()).toBeGreaterThanOrEqual(2 * megabyte);
    expect(await measure()).toBeLessThan(3 * megabyte);
  });

  it('counts what was given an early date, and room alone of what is long without taking any', async () => {
    await write(join(work.root, 'old'));
    await utimes(join(work.root, 'old'), 1, 1);
    await writeFile(join(work.root, 'sparse'), '');
    await truncate(join(work.root, 'sparse'), 1024 ** 4);
    expect(await measure()).toBeGreaterThanOrEqual(megabyte);
    expect(await measure()).toBeLessThan(2 * megabyte);
  });

  it('counts what is deeper than any path reaches', async () => {
    const script = 'n=$(printf "n%.0s" $(seq 200)); for i in $(seq 25); do mkdir $n && cd -P $n || exit; done';
    await work.exec({ argv: ['bash', '-c', `${script}; head -c ${megabyte} /dev/zero > deep`] });
    expect(await measure()).toBeGreaterThanOrEqual(megabyte);
    await provider.remove(work.key, { unrescued: 'discard' });
    expect(await readdir(join(scene.stateDirectory, 'trash'))).toEqual([]);
  });

  it('counts a file that has lost its name while a process holds it open', async () => {
    const script = `exec 3> hidden; rm hidden; head -c ${megabyte} /dev/zero >&3; echo written; read -r _`;
    const holder = spawn('bash', ['-c', script], { cwd: work.root, stdio: ['pipe', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    expect(await measure()).toBeGreaterThanOrEqual(megabyte);
    holder.stdin.end();
    await once(holder, 'close');
    expect(await measure()).toBeLessThan(megabyte);
  });

  it.skipIf(!hasProgram('python3', '--version'))(
    'counts one that a process has only mapped (needs python3)',
    async () => {
      const script = [
        'import ctypes, mmap, os, sys',
        "file = os.open('hidden', os.O_RDWR | os.O_CREAT)",
        `os.write(file, b'x' * ${megabyte})`,
        "os.unlink('hidden')",
        'libc = ctypes.CDLL(None)',
        'libc.mmap.restype = ctypes.c_void_p',
        `libc.mmap(None, ctypes.c_size_t(${megabyte}), mmap.PROT_READ, mmap.MAP_SHARED, file, ctypes.c_long(0))`,
        'os.close(file)',
        "print('mapped', flush=True)",
        'sys.stdin.readline()',
      ];
      const holder = spawn('python3', ['-c', script.join('\n')], {
        cwd: work.root,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      await once(holder.stdout, 'data');
      expect(await measure()).toBeGreaterThanOrEqual(megabyte);
      holder.stdin.end('\n');
      await once(holder, 'close');
      expect(await measure()).toBeLessThan(megabyte);
    },
  );

  it('is known to another process too, and gone with a checkout that is made new', async () => {
    const verify = await open('verify');
    await write(join(verify.root, 'left'));
    expect(await measure(scene.createProvider())).toBeGreaterThanOrEqual(megabyte);
    await verify.renew((await work.snapshot()).tree);
    expect(await measure()).toBeLessThan(megabyte);
  });

  it('is free again once a checkout was removed for it, although it held more than can be rescued', async () => {
    await write(join(work.root, 'kept.txt'), 3);
    await writeFile(join(work.root, 'large'), '');
    await truncate(join(work.root, 'large'), 40 * maxFileBytes);
    expect(await provider.remove(work.key)).toBeNull();
    expect(await Array.fromAsync(provider.list())).toHaveLength(1);
    expect(await provider.remove(work.key, { unrescued: 'discard' })).toBeNull();
    expect(await Array.fromAsync(provider.list())).toEqual([]);
    expect(await readdir(join(scene.stateDirectory, 'trash'))).toEqual([]);
    expect(await readdir(join(scene.stateDirectory, 'worktrees'))).toEqual([]);
  });
});
