import { execFileSync } from 'node:child_process';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScene, type Scene, write } from '../scene.js';

const run =
  'mkdir -p node_modules/dep app/node_modules && echo real > node_modules/dep/index.js && echo app > app/node_modules/x && ln -s dep node_modules/link && echo made > generated.txt && echo x >> setups.log';
const install = { run, network: ['registry.example.com'], timeoutMs: 20_000, keep: ['generated.txt', 'setups.log'] };

let scene: Scene;

const readIn = (workspace: Workspace, path: string): Promise<string | null> =>
  readFile(join(workspace.root, path), 'utf8').catch(() => null);

/** A tree in which an agent left these files, null for deleted ones. */
async function leave(work: Workspace, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) await work.writeFile(path, text);
  return (await work.snapshot()).tree;
}

describe('a checkout for runs', () => {
  beforeEach(async () => {
    scene = await createScene({
      '.gitignore': 'node_modules/\n*.log\n',
      'README.md': 'hello\n',
      'app/package-lock.json': '{"v":1}\n',
    });
  });
  afterEach(() => scene.dispose());

  it('has what the setup made, as the setup made it, whatever an earlier run did to it', async () => {
    const provider = scene.createProvider({ setup: install });
    const [work, verify] = [await scene.open(provider), await scene.open(provider, { role: 'verify' })];
    const tree = await leave(work, { 'README.md': 'changed\n' });
    for (let round = 0; round < 3; round += 1) {
      await verify.renew(tree);
      expect(await readIn(verify, 'node_modules/dep/index.js')).toBe('real\n');
      expect(await readIn(verify, 'node_modules/link/index.js')).toBe('real\n');
      expect(await readIn(verify, 'app/node_modules/x')).toBe('app\n');
      expect(await readIn(verify, 'generated.txt')).toBe('made\n');
      expect(await readIn(verify, 'README.md')).toBe('changed\n');
      expect(await readIn(verify, 'left.o')).toBeNull();
      expect(await readdir(verify.scratch)).toEqual([]);
      await write(join(verify.root, 'node_modules/dep/index.js'), 'poisoned\n');
      await write(join(verify.root, 'node_modules/extra/index.js'), 'poisoned\n');
      await write(join(verify.root, 'left.o'), 'compiled\n');
      await write(join(verify.scratch, 'cache'), 'left\n');
    }
    // One setup for each of the two checkouts.
    expect(scene.sandbox.policies).toHaveLength(2);
    expect(await readIn(verify, 'setups.log')).toBe('x\n');
  });

  it('asks the setup again where a crash came before its products were kept', async () => {
    const provider = scene.createProvider({ setup: install });
    const verify = await scene.open(provider, { role: 'verify' });
    const { tree } = await (await scene.open(provider)).snapshot();
    execFileSync('rm', ['-rf', join(scene.stateDirectory, 'layers')]);
    await write(join(verify.root, 'node_modules/dep/index.js'), 'poisoned\n');
    await verify.renew(tree);
    expect(await readIn(verify, 'node_modules/dep/index.js')).toBe('real\n');
    expect(scene.sandbox.policies).toHaveLength(3);
  });

  it('of a tree with other lock files gets a setup of its own, without a network, each tree anew', async () => {
    const provider = scene.createProvider({ setup: install });
    const [work, verify] = [await scene.open(provider), await scene.open(provider, { role: 'verify' })];
    const base = (await work.snapshot()).tree;
    const one = await leave(work, { 'app/package-lock.json': '{"v":2}\n' });
    const two = await leave(work, { 'README.md': 'poison\n' });
    const setups = (): readonly (readonly string[])[] => scene.sandbox.policies.slice(2).map(({ network }) => network);
    await verify.renew(one);
    await verify.renew(one);
    expect(setups()).toEqual([[]]);
    await verify.renew(two);
    expect(setups()).toEqual([[], []]);
    await verify.renew(base);
    expect(setups()).toEqual([[], []]);
    expect(await readIn(verify, 'node_modules/dep/index.js')).toBe('real\n');
  });

  it('lets the tree have what it tracks, also where the setup makes the same', async () => {
    const provider = scene.createProvider({ setup: install });
    const [work, verify] = [await scene.open(provider), await scene.open(provider, { role: 'verify' })];
    const tracked = await leave(work, { 'generated.txt': 'by hand\n' });
    await verify.renew(tracked);
    expect(await readIn(verify, 'generated.txt')).toBe('made\n');
    const secret = join(scene.home, 'outside');
    await write(join(secret, 'kept'), 'kept\n');
    await symlink(secret, join(work.root, 'app', 'aside'));
    await verify.renew((await work.snapshot()).tree);
    expect(await readdir(secret)).toEqual(['kept']);
  });

  it('tells a file that a run rewrote, with its times and its size as they were', async () => {
    const provider = scene.createProvider();
    const [work, verify] = [await scene.open(provider), await scene.open(provider, { role: 'verify' })];
    const { tree } = await work.snapshot();
    await verify.renew(tree);
    const script = 'cp -p README.md /tmp/$$ && printf "HELLO\\n" > README.md && touch -r /tmp/$$ README.md; rm /tmp/$$';
    expect((await verify.exec({ argv: ['sh', '-c', script] })).exitCode).toBe(0);
    expect(await verify.altered()).toEqual(['README.md']);
    await verify.renew(tree);
    await verify.exec({ argv: ['sh', '-c', 'touch -d yesterday README.md && chmod +x .gitignore'] });
    expect(await verify.altered()).toEqual(['.gitignore']);
  });
});
