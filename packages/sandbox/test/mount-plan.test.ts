import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { planMounts } from '../src/confine/mount-plan.js';
import { createScene, run, type Scene, sandbox, shell, unconfined } from './scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await createScene();
});
afterEach(() => scene.dispose());

it('mounts a listed path where it really is, and leads there by every name on the way', async () => {
  await mkdir(join(scene.outside, 'versions', '2'), { recursive: true });
  await symlink('versions', join(scene.outside, 'v'));
  await symlink(join(scene.outside, 'v', '2'), join(scene.outside, 'current'));
  const plan = planMounts(scene.policy({ readable: [`${scene.outside}//current/.`] }));
  expect(plan.mounts).toContainEqual({ path: join(scene.outside, 'versions', '2'), writable: false });
  expect(plan.links).toEqual(
    expect.arrayContaining([
      { path: join(scene.outside, 'current'), target: join(scene.outside, 'v', '2') },
      { path: join(scene.outside, 'v'), target: 'versions' },
    ]),
  );
});

it('mounts nothing twice', async () => {
  await mkdir(join(scene.root, 'a', 'b'), { recursive: true });
  const [a, b] = [join(scene.root, 'a'), join(scene.root, 'a', 'b')];
  const own = (...args: Parameters<typeof scene.policy>): string[] =>
    planMounts(scene.policy(...args)).mounts.flatMap(({ path, writable }) =>
      path.startsWith(scene.root) ? [`${path.slice(scene.root.length)} ${writable}`] : [],
    );
  expect(own({ writable: [scene.root, a, b] })).toEqual([' true']);
  expect(own({ readable: [a], writable: [scene.root, b] }).sort()).toEqual([' true', '/a false', '/a/b true']);
});

it('refuses what would hold nothing back', async () => {
  await symlink('/', join(scene.outside, 'everything'));
  for (const path of [
    '/',
    '/proc',
    '/proc/1/root',
    '/proc/self/root',
    join(scene.outside, 'everything'),
    '/dev',
    'relative',
    '/a\0b',
  ]) {
    expect(() => planMounts(scene.policy({ readable: [path] })), path).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  }
});

it('ends at a circle of symlinks', async () => {
  await symlink('two', join(scene.outside, 'one'));
  await symlink('one', join(scene.outside, 'two'));
  const plan = planMounts(scene.policy({ readable: [join(scene.outside, 'one')] }));
  expect(plan.mounts.some(({ path }) => path.startsWith(scene.outside))).toBe(false);
});

it('says which working tree is missing', async () => {
  await writeFile(join(scene.outside, 'file'), '');
  expect(() => planMounts(scene.policy({ root: join(scene.outside, 'gone') }))).toThrow(/gone/);
});

it.skipIf(unconfined !== null)('stands where whole directories of the host are listed', async () => {
  const policy = scene.policy({ readable: ['/etc', '/home', '/run'].filter((path) => existsSync(path)) });
  const result = await run(sandbox, policy, { argv: shell('touch "$HOME/a" "$TMPDIR/b" && ls /proc/self/fd | xargs') });
  expect(result, result.stderr).toMatchObject({ exitCode: 0, stdout: '0 1 2 3\n' });
});
