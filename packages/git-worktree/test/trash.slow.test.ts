import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrash } from '../src/checkout/trash.js';
import { createScene, type Scene } from './scene.js';

/** Deeper than PATH_MAX: no path leads to the bottom of it. */
const deepen =
  'n=$(printf "n%.0s" $(seq 200)); for i in $(seq 40); do mkdir $n && cd $n || exit 1; done; echo deep > x';
const lock = 'mkdir -p closed/inside && echo x > closed/inside/x && chmod 000 closed/inside && chmod 555 closed';

const environment = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' };

describe('a trash', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'baton-trash-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it.each([
    ['deeper than a path can say', deepen],
    ['that may not be entered', lock],
    ['full of odd things', 'mkfifo p; ln -s / out; ln p q; for i in $(seq 3000); do echo x > $i; done'],
  ])('deletes a tree %s', async (_name, script) => {
    execFileSync('mkdir', ['-p', join(home, 'trash'), join(home, 'tree')]);
    execFileSync('bash', ['-c', script], { cwd: join(home, 'tree') });
    const said: unknown[] = [];
    const trash = createTrash(join(home, 'trash'), { log: (...words) => void said.push(words), environment });
    await trash.discard(join(home, 'tree'));
    expect(await readdir(home)).toEqual(['trash']);
    await trash.discard(join(home, 'tree'));
    await trash.settled();
    expect(await readdir(join(home, 'trash'))).toEqual([]);
    expect(said).toEqual([]);
  });

  it('goes on with what another left, and ends with its owner', async () => {
    execFileSync('mkdir', ['-p', join(home, 'trash/left/over')]);
    const trash = createTrash(join(home, 'trash'), { log: () => {}, environment });
    await trash.sweep();
    await trash.settled();
    expect(await readdir(join(home, 'trash'))).toEqual([]);
    await trash.close();
    execFileSync('mkdir', ['-p', join(home, 'tree')]);
    await trash.discard(join(home, 'tree'));
    await trash.settled();
    expect(await readdir(join(home, 'trash'))).toHaveLength(1);
  });
});

describe('what a checkout was left as', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await createScene({ 'README.md': 'hello\n' });
  });
  afterEach(() => scene.dispose());

  it.each([
    ['work', 0],
    ['work', 2],
    ['verify', 0],
    ['verify', 2],
  ] as const)('decides over nobody else: role %s, %i spares', async (role, spares) => {
    const provider = scene.createProvider({ spares });
    const first = await scene.open(provider, { role });
    const { tree } = await first.snapshot();
    execFileSync('bash', ['-c', deepen], { cwd: first.root });
    execFileSync('bash', ['-c', deepen], { cwd: first.scratch });
    if (role === 'verify') await first.renew(tree);
    execFileSync('bash', ['-c', `mkdir again && cd again && ${deepen}`], { cwd: first.root });
    // Work that is too deep to be taken is kept, and in nobody's way.
    await provider.remove(first.key);
    await provider.idle();
    for (const job of ['j2', 'j3', 'j4']) {
      const next = await scene.open(provider, { job, role });
      expect((await next.snapshot()).changes).toEqual([]);
      expect(await readdir(next.root)).toEqual(['.git', 'README.md']);
      await provider.remove(next.key);
      await provider.idle();
    }
    expect(await readdir(join(scene.stateDirectory, 'trash'))).toEqual([]);
    execFileSync('rm', ['-rf', scene.stateDirectory]);
  });
});
