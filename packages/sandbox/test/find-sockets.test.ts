import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findSockets } from '../src/confine/find-sockets.js';
import { planMounts } from '../src/confine/mount-plan.js';
import { createScene, type Scene } from './scene.js';

let scene: Scene;
const servers: Server[] = [];
beforeEach(async () => {
  scene = await createScene();
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await scene.dispose();
});

async function listen(path: string): Promise<void> {
  const server = createServer();
  servers.push(server.listen(path));
  await once(server, 'listening');
}

it('finds those below what is read only, and none that is listed, written to, or behind a link', async () => {
  const [listed, open] = [join(scene.outside, 'listed'), join(scene.outside, 'listed', 'open')];
  await Promise.all([mkdir(open, { recursive: true }), mkdir(join(scene.outside, 'beside'))]);
  await symlink(join(scene.outside, 'beside'), join(listed, 'link'));
  const paths = ['listed/a', 'listed/meant', 'listed/open/own', 'beside/b'].map((name) => join(scene.outside, name));
  await Promise.all(paths.map(listen));
  const policy = scene.policy({ readable: [listed, join(listed, 'meant')], writable: [scene.root, open] });
  expect(await findSockets(planMounts(policy))).toEqual([join(listed, 'a')]);
});

it('takes the word of the kernel for what the system mounts', async () => {
  const path = join(scene.outside, 'system.sock');
  await listen(path);
  const mounts = [{ path: scene.outside, writable: false }];
  expect(await findSockets({ mounts, listed: [], searched: [] })).toEqual([path]);
});

it('refuses what is too much to be searched, rather than to look at a part of it', async () => {
  await Promise.all(['a', 'b', 'c'].map((name) => writeFile(join(scene.outside, name), '')));
  const plan = planMounts(scene.policy({ readable: [scene.outside] }));
  await expect(findSockets(plan, { mostEntries: 2 })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(scene.outside),
  });
});
