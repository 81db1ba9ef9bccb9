import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScene, type Scene } from '../scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await createScene();
});
afterEach(() => scene.dispose());

describe('a checkout that somebody took away', () => {
  it.each<[string, (root: string, outside: string) => Promise<void>]>([
    ['is nowhere', async () => {}],
    ['is a file now', (root) => writeFile(root, 'mine\n')],
    ['is an empty directory now', (root) => mkdir(root).then(() => {})],
    ['is a link that leads elsewhere now', (root, outside) => symlink(outside, root)],
    ['is a link that leads nowhere now', (root) => symlink('/nowhere/at/all', root)],
  ])('and that %s is made anew, where it belongs and nowhere else (G13)', async (_, change) => {
    const outside = join(scene.home, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'theirs.txt'), 'theirs\n');
    const first = await scene.open(scene.createProvider({ spares: 0 }), { job: 'j1' });
    await first.writeFile('src/a.txt', 'changed\n');
    await rm(first.root, { recursive: true });
    await change(first.root, outside);

    const again = await scene.open(scene.createProvider({ spares: 0 }), { job: 'j1' });
    const { stdout, exitCode } = await again.exec({ argv: ['sh', '-c', 'pwd -P; cat src/a.txt'] });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')[0]).toBe(again.root);
    expect(stdout).not.toContain('changed');
    expect((await again.snapshot()).changes).toEqual([]);
    expect(await readdir(outside)).toEqual(['theirs.txt']);
    expect(await readFile(join(outside, 'theirs.txt'), 'utf8')).toBe('theirs\n');
  });
});
